"""The holder's whole history as a time line, and her imaging exams with the earlier ones of the same kind."""
