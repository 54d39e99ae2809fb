"""Emergency accesses, as the operator reviews them."""
