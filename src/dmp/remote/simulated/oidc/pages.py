"""The pages of the simulated providers: whole, French, without script, under a strict policy."""

from __future__ import annotations

from importlib.resources import files
from typing import Final
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from dmp.domain.identity.patient import folded
from dmp.remote.simulated.oidc.identities import Identity

SHOWN: Final = 60
"""People on one page; the search finds the others."""
_PACKAGE = "dmp.remote.simulated.oidc"
_CARRIED = ("client_id", "redirect_uri", "response_type", "scope", "state", "nonce",
            "code_challenge", "code_challenge_method", "acr_values", "prompt")  # fmt: skip


class Pages:
    """The pages of one provider. `path` is where it is mounted."""

    def __init__(self, *, title: str, path: str) -> None:
        self._title, self._path = title, path
        self._templates = Environment(
            loader=PackageLoader(_PACKAGE),
            autoescape=select_autoescape(default=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._css = (files(_PACKAGE) / "static" / "style.css").read_text(encoding="utf-8")

    def choice(self, people: tuple[Identity, ...], asked: dict[str, str]) -> Response:
        """Who one can be: the scripted people, then the others; `q` searches in names and dates."""
        query = asked.get("q", "")[:80]
        words = folded(query).split()
        found = [who for who in people if all(word in who.searched for word in words)]
        return self._page(
            "choice.html",
            form_target=_origin(asked["redirect_uri"]),
            people=found[:SHOWN],
            found=len(found),
            query=query,
            carried={name: asked[name] for name in _CARRIED if name in asked},
        )

    def refusal(self, reason: str) -> Response:
        """A request that cannot be answered by leading back."""
        return self._page("refusal.html", status=400, reason=reason)

    def goodbye(self) -> Response:
        """The end of a session that leads nowhere."""
        return self._page("goodbye.html")

    async def style(self, _: Request) -> Response:
        """The style sheet."""
        return Response(self._css, media_type="text/css", headers=_SAFE)

    def _page(
        self, name: str, *, status: int = 200, form_target: str = "", **values: object
    ) -> Response:
        html = self._templates.get_template(name).render(
            title=self._title, path=self._path, **values
        )
        policy = (
            "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
            f"form-action 'self' {form_target}"
        )
        headers = {**_SAFE, "Content-Security-Policy": policy.strip(), "Cache-Control": "no-store"}
        return HTMLResponse(html, status, headers)


_SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


def _origin(address: str) -> str:
    """Where the form leads after the choice; the policy of the page must allow it."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
