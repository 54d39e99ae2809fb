"""Rights on the wire: `Parameters` of the operations of our own, traces and notices as resources."""
