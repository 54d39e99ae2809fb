"""A small OpenID provider for tests: honest by default, each lie asked for by one argument."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from time import time
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "dmp-essai", "un-secret-d-essai"


@dataclass
class Issuer:
    """One provider. `people` are claims by key. `lies` change what is said in ID tokens."""

    issuer: str
    people: dict[str, dict[str, Any]]
    lies: dict[str, Any] = field(default_factory=dict)
    signs_with: ECKey | None = None
    other_userinfo: str = ""

    def __post_init__(self) -> None:
        self.key = ECKey.generate_key("P-256", {"kid": "essai", "use": "sig", "alg": "ES256"})
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: dict[str, str] = {}

    def app(self) -> Starlette:
        """The provider as an application."""
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._metadata),
                Route("/autoriser", self._authorize),
                Route("/jeton", self._token, methods=["POST"]),
                Route("/cles", self._keys),
                Route("/moi", self._userinfo),
            ]
        )

    def approve(self, address: str, person: str) -> str:
        """What a person's consent leads to: the address of the callback."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = secrets.token_urlsafe(16)
        self.codes[code] = {**asked, "person": person}
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    async def _metadata(self, _: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/autoriser",
                "token_endpoint": f"{self.issuer}/jeton",
                "jwks_uri": f"{self.issuer}/cles",
                "userinfo_endpoint": f"{self.issuer}/moi",
                "code_challenge_methods_supported": ["S256"],
            }
        )

    async def _authorize(self, request: Request) -> Response:
        person = request.query_params.get("personne")
        if person:
            return RedirectResponse(self.approve(str(request.url), person), status_code=302)
        links = "".join(
            f'<li><a href="?{request.url.query}&amp;personne={key}">{key}</a></li>'
            for key in self.people
        )
        page = (
            f"<!doctype html><html lang=fr><title>Essai</title><main><h1>Essai</h1><ul>{links}</ul>"
        )
        return HTMLResponse(page)

    async def _token(self, request: Request) -> Response:
        form = await request.form()
        asked = self.codes.pop(str(form.get("code")), None)
        challenge = sha256(str(form.get("code_verifier", "")).encode()).digest()
        proof = urlsafe_b64encode(challenge).rstrip(b"=").decode()
        if asked is None or proof != asked["code_challenge"]:
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        if not request.headers.get("authorization", "").startswith("Basic "):
            return JSONResponse({"error": "invalid_client"}, status_code=401)
        access = secrets.token_urlsafe(16)
        self.tokens[access] = asked["person"]
        now = int(time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": asked["person"],
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            **self.lies,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        signed = jwt.encode({"alg": "ES256", "kid": "essai"}, claims, self.signs_with or self.key)
        return JSONResponse(
            {"access_token": access, "token_type": "Bearer", "id_token": signed, "expires_in": 300}
        )

    async def _keys(self, _: Request) -> Response:
        return JSONResponse(KeySet([self.key]).as_dict(private=False))

    async def _userinfo(self, request: Request) -> Response:
        access = request.headers.get("authorization", "").removeprefix("Bearer ")
        person = self.tokens.get(access)
        if person is None:
            return JSONResponse({"error": "invalid_token"}, status_code=401)
        return JSONResponse({"sub": self.other_userinfo or person, **self.people[person]})


def holder_claims(matricule: str, root: str, **changes: Any) -> dict[str, Any]:
    """Claims of an invented holder."""
    return {
        "ins_matricule": matricule,
        "ins_root": root,
        "birth_name": "Delorme",
        "given_name": "Camille Jeanne",
        "gender": "female",
        "birthdate": "1971-02-03",
        "birthplace": "75101",
        **changes,
    }


def professional_claims(
    id_nat: str, family: str, given: str, *places: dict[str, str], **changes: Any
) -> dict[str, Any]:
    """Claims of an invented professional, one practice for each place."""
    practices = [
        {
            "codeProfession": place.get("profession", "10"),
            "codeCategorieProfessionnelle": "C",
            "codeSavoirFaire": place.get("know_how", ""),
            "libelleSavoirFaire": place.get("know_how_label", ""),
            "activities": [
                {
                    "ancienIdentifiantDeLaStructure": place["structure"],
                    "raisonSocialeSite": place["name"],
                    "codeSecteurDactivite": place.get("sector", "SA07^1.2.250.1.71.4.2.4"),
                    "codeRole": place.get("role", ""),
                }
            ],
        }
        for place in places
    ]
    return {
        "SubjectNameID": id_nat,
        "family_name": family,
        "given_name": given,
        "SubjectRefPro": {"exercices": practices},
        **changes,
    }
