"""The patient's face: one's own record, by its identifier in the address, checked at every step."""
