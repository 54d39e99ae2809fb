"""Who comes in: the OpenID Connect client, identities from its claims, sessions."""
