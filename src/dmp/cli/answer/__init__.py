"""Commands by which the operator answers what people ask of the service."""
