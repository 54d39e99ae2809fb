"""Operations of our own on the rights over a record, where no norm has an interaction."""
