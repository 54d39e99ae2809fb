"""Care stories: what a person's conditions bring over the years, in documents."""
