"""What makes the service an application: manifest, icons, service worker, the page without a network.

The worker keeps the style, the scripts, the icon and one public page, asked for without any cookie; never a
page of anybody. Source: W3C Web Application Manifest; W3C Service Workers.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache

import msgspec
from starlette.responses import Response

from dmp.entrypoints.web.device.icons import SIZES, icon_png
from dmp.entrypoints.web.options import SERVICE
from dmp.entrypoints.web.page import Authentication, Page, View
from dmp.entrypoints.web.templating import STATIC, static_address, static_bytes, templates
from dmp.entrypoints.web.visit import Visit

WORKER_POLICY = "default-src 'none'; connect-src 'self'"
OFFLINE = "/hors-ligne"
_GROUND, _THEME = "#f6f7f9", "#0d5c63"


async def manifest(_: Visit) -> Response:
    """The manifest of the application."""
    icons = [
        {"src": f"/icone-{size}.png", "sizes": f"{size}x{size}", "type": "image/png"}
        for size in SIZES
    ]
    maskable = {
        "src": "/icone-pleine.png",
        "sizes": "512x512",
        "type": "image/png",
        "purpose": "maskable",
    }
    drawn = {"src": static_address("icon.svg"), "sizes": "any", "type": "image/svg+xml"}
    body = {
        "id": "/",
        "name": SERVICE,
        "short_name": "DMP",
        "lang": "fr",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": _GROUND,
        "theme_color": _THEME,
        "icons": [drawn, *icons, maskable],
    }
    return Response(msgspec.json.encode(body), media_type="application/manifest+json")


def _icon(size: int, *, maskable: bool = False) -> View:
    async def icon(_: Visit) -> Response:
        return Response(icon_png(size, maskable=maskable), media_type="image/png")

    return icon


@cache
def worker_text() -> str:
    """The worker with the addresses that it keeps; its text changes whenever one of them does."""
    kept = [static_address(name) for name in STATIC]
    page = templates().loader
    source = page.get_source(templates(), "device/offline.html")[0] if page else ""
    digest = hashlib.sha256(json.dumps([kept, source]).encode()).hexdigest()[:16]
    text = static_bytes("worker.js").decode()
    return text.replace('"@name"', json.dumps(f"dmp-{digest}")).replace(
        '["@kept"]', json.dumps(kept)
    )


async def worker(visit: Visit) -> Response:
    """The service worker."""
    visit.policy = WORKER_POLICY
    return Response(worker_text(), media_type="text/javascript")


async def offline(visit: Visit) -> Response:
    """The public page that a device shows without a network; its own script opens the card kept there."""
    return visit.render("device/offline.html", "Hors connexion")


_NONE = Authentication.NONE
PAGES = (
    Page(path="/manifest.webmanifest", view=manifest, authentication=_NONE),
    Page(path="/sw.js", view=worker, authentication=_NONE),
    Page(path=OFFLINE, view=offline, authentication=_NONE),
    *(Page(path=f"/icone-{size}.png", view=_icon(size), authentication=_NONE) for size in SIZES),
    Page(path="/icone-pleine.png", view=_icon(512, maskable=True), authentication=_NONE),
)
