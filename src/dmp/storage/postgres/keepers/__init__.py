"""The keepers of `dmp.acts.keepers`, one file for each kind of thing."""
