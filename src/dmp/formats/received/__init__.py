"""What people send from their own devices: recognised by its octets, made anew as a PDF that does nothing."""
