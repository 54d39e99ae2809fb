"""The FHIR door: PDSm on FHIR R4. See README.md beside this file."""
