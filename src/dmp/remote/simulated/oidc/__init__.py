"""Simulated OpenID providers: one for holders, one for professionals and desk agents. Demo only.

The protocol is real (authorization code, PKCE, ES256); the identification is a click on a name.
"""

from dmp.remote.simulated.oidc.grants import Client
from dmp.remote.simulated.oidc.provider import holders_app, professionals_app

__all__ = ["Client", "holders_app", "professionals_app"]
