"""The demonstration's stand-ins: a fictional territory and the State's OpenID providers.

Nothing here runs in production: `bootstrap` mounts it for `dmp demo` only.
"""
