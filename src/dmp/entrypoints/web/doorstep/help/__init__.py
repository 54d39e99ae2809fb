"""Help: plain questions and their answers, found by their words, printed as guides."""
