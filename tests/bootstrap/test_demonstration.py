"""What a demonstration adds: whom one can be, and one address for pages."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import httpx
import pytest
from starlette.responses import PlainTextResponse

from dmp.bootstrap.demonstration import AtItsName, personas
from dmp.cli.run.demo import with_a_name
from dmp.remote.simulated.directory import known_keys
from dmp.settings import from_environment


def test_everybody_of_the_cast_can_be_chosen_once() -> None:
    found = personas(seed=1)
    assert sorted(one.key for one in found) == sorted(
        one.key for one in known_keys() if one.kind in ("holder", "professional", "desk")
    )
    assert {one.face for one in found} == {"holder", "professional", "desk"}
    assert all(one.name and one.shows for one in found)


def answer(method: str, address: str) -> httpx.Response:
    """What a demonstration at a name answers to a request."""
    app = AtItsName(PlainTextResponse("here"), "http://localhost:8000", ("/fhir", "/simulated"))

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app)) as client:
            return await client.request(method, address)

    return asyncio.run(ask())


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "[::1]:8000"])
def test_a_page_at_the_bare_address_leads_to_the_name(host: str) -> None:
    led = answer("GET", f"http://{host}/connexion?suite=/espace")
    assert led.status_code == 307
    assert led.headers["location"] == "http://localhost:8000/connexion?suite=/espace"


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("GET", "http://127.0.0.1:8000/fhir/metadata"),
        ("GET", "http://127.0.0.1:8000/simulated/titulaires/jwks"),
        ("GET", "http://localhost:8000/connexion"),
        ("GET", "http://ailleurs.test/connexion"),
        ("POST", "http://127.0.0.1:8000/connexion/code"),
    ],
)
def test_software_and_forms_are_answered_where_they_asked(method: str, address: str) -> None:
    assert answer(method, address).text == "here"


def test_a_demo_has_a_name_unless_it_was_given_another_address() -> None:
    usual = from_environment({})
    assert with_a_name(usual).address == f"http://localhost:{usual.port}"
    told = replace(usual, base_url="https://dmp.example.fr")
    assert with_a_name(told).address == "https://dmp.example.fr"
    outside = replace(usual, host="192.0.2.7")
    assert with_a_name(outside).address == f"http://192.0.2.7:{usual.port}"
