"""Reference data as the rules read them: medicines, interactions, labels, rules; each with its edition."""
