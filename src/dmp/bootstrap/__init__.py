"""Builds the house from the settings: the only floor that knows every other.

`house` starts what is needed, hands the house over, and stops what it started and nothing else; `doors`
makes the server of it. They stand apart so that an operator's command loads no door.
"""
