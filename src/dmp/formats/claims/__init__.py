"""The insurer's feed: files of the SNDS (DCIR, PMSI MCO) read, cleaned and joined into lines of care."""
