"""FHIR R4 as PDSm and the DMP use it: bytes to values of the domain, and back."""
