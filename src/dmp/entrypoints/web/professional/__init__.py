"""The professional's face: find a patient, ask access, read, deposit."""
