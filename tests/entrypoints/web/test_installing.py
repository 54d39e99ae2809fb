"""The service as an application of a device: what is kept there is public, and asked for without a cookie."""

from __future__ import annotations

import json
import re
from io import BytesIO

import pytest
from PIL import Image

from tests.entrypoints.web.people import Someone
from tests.entrypoints.web.site import Site


def test_the_manifest_and_its_icons_are_there(site: Site) -> None:
    client = site.client()
    answer = client.get("/manifest.webmanifest")
    assert answer.headers["content-type"] == "application/manifest+json"
    manifest = answer.json()
    assert manifest["start_url"] == manifest["scope"] == "/"
    assert {icon.get("purpose", "any") for icon in manifest["icons"]} == {"any", "maskable"}
    for icon in manifest["icons"]:
        drawn = client.get(icon["src"])
        assert drawn.status_code == 200 and drawn.headers["content-type"] == icon["type"]
        if icon["type"] == "image/png":
            image = Image.open(BytesIO(drawn.content))
            assert f"{image.width}x{image.height}" == icon["sizes"]
            assert image.getpixel((image.width // 2, image.height // 3)) == (255, 255, 255, 255)


def test_the_worker_keeps_what_is_public_and_nothing_else(site: Site) -> None:
    answer = site.client().get("/sw.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["content-security-policy"] == "default-src 'none'; connect-src 'self'"
    text = answer.text
    kept = json.loads(re.findall(r"const KEPT = (\[.*?\]);", text)[0])
    assert {address.rpartition("/")[2] for address in kept} == {
        "dmp.css",
        "dmp.js",
        "appareil.js",
        "icon.svg",
    }
    assert all(site.client().get(address).status_code == 200 for address in kept)
    # One place writes into the cache: what is listed and the public page, without cookies.
    assert text.count(".put(") == 1 and "addAll" not in text
    assert 'credentials: "omit"' in text and "@" not in text


def test_the_page_without_a_network_says_nothing_of_anybody(site: Site) -> None:
    someone = Someone(site, birth_name="Horligne").opens()
    page = site.client().get("/hors-ligne")
    assert page.status_code == 200 and "Sans réseau" in page.text
    assert "HORLIGNE" not in page.text
    # Whoever is logged in sees his name at the top: this one is never kept.
    own = site.browser(someone.key).get("/hors-ligne")
    assert own.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/connexion", "/hors-ligne", "/accessibilite"])
def test_the_policy_lets_one_worker_and_one_manifest_through(site: Site, path: str) -> None:
    policy = site.client().get(path).headers["content-security-policy"]
    assert "worker-src 'self'" in policy and "manifest-src 'self'" in policy
    assert "trusted-types dmp" in policy and "unsafe" not in policy


def test_the_card_can_be_kept_on_ones_own_device_only(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    path = f"{someone.home}/carte-urgence"
    assert f'data-content="{path}/contenu"' in browser.get(path).text
    begun = browser.get("/connexion/aller?partage=oui", follow_redirects=False)
    browser.get(site.holders.approve(begun.headers["location"], someone.key))
    shared = browser.get(path).text
    assert "data-keep-card" not in shared and "cet appareil est partagé" in shared
    assert "data-shared" in shared
