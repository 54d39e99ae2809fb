"""What is done at a counter: an operation of the day, an opening that is counted once for payment."""
