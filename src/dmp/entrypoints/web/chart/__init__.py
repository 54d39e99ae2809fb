"""A patient's chart, leaf by leaf: chronology, laboratory, imaging, problems, prevention, wishes."""
