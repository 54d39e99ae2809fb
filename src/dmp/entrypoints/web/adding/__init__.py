"""What holders, parents and carers add to a record, and take back."""
