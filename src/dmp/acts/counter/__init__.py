"""What agents and pharmacists do at a counter: their operations, counted openings, codes on letters."""
