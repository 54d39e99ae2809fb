"""The small pack shipped with the project: facts written by hand, enough for the demonstration; loaded
editions replace it.
"""
