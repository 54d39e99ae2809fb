"""What a holder declares of his health: sections, their lines, measures, habits and wishes."""
