"""The insurer's feed in bulk: lines by COPY, and the deliveries that brought them."""
