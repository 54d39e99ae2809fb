"""Calls of practice software: straight to the patient, once, for one professional; and every forged one."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from time import time
from typing import Any
from uuid import uuid4

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey

from dmp.entrypoints.web.login.calls import call_reader
from tests.entrypoints.web.people import DOCTOR, Someone
from tests.entrypoints.web.site import Browser, Site

AUDIENCE = "urn:dmp:appel"
KEY = ECKey.generate_key("P-256", {"kid": "logiciel-essai"})
HOW_TO = Path(__file__).parents[3] / "docs" / "how-to" / "call-from-practice-software.md"


@pytest.fixture(autouse=True)
def known_software(site: Site) -> Iterator[None]:
    """The site takes calls of one software."""
    keys = json.dumps(KeySet([KEY]).as_dict(private=False))
    site.door.calls = call_reader(keys, AUDIENCE, test_mode=True)
    yield
    site.door.calls = None


def patient(someone: Someone, **changes: Any) -> dict[str, Any]:
    """What the software knows of a patient."""
    traits = someone.traits
    return {
        "ins": someone.ins.matricule,
        "root": someone.ins.root.value,
        "birth_name": traits.birth_name,
        "given_names": traits.given_names,
        "sex": traits.sex.value,
        "birth_date": traits.birth_date.isoformat(),
        **changes,
    }


def call(
    someone: Someone, key: Any = KEY, header: dict[str, Any] | None = None, **lies: Any
) -> str:
    """The token of a call; a lie that is None leaves the claim out."""
    now = int(time())
    claims = {
        "iss": "Logiciel d’essai",
        "aud": AUDIENCE,
        "sub": DOCTOR.id_nat,
        "jti": uuid4().hex,
        "iat": now,
        "exp": now + 120,
        "patient": patient(someone),
        **lies,
    }
    claims = {name: value for name, value in claims.items() if value is not None}
    head = {"alg": "ES256", "typ": "dmp-appel+jwt", "kid": "logiciel-essai", **(header or {})}
    return jwt.encode(head, claims, key, algorithms=[head["alg"]])


def opened(browser: Browser, token: str) -> httpx.Response:
    """Open the address that the software opens."""
    return browser.get(f"/pro/appel?contexte={token}")


def test_a_live_session_goes_straight_to_the_synthesis(site: Site) -> None:
    someone = Someone(site, birth_name="Appelan").opens().agrees(DOCTOR)
    browser = site.browser("medecin")
    token = call(someone)
    first = browser.http.get(f"/pro/appel?contexte={token}", follow_redirects=False)
    assert first.status_code == 303 and first.headers["location"] == "/pro/appel/suite"
    assert first.headers["cache-control"] == "no-store"
    arrived = browser.get("/pro/appel/suite")
    assert arrived.url.path.endswith("/synthese") and "APPELAN" in arrived.text
    assert token not in arrived.text


def test_nobody_logged_in_goes_through_the_provider_without_a_click_of_ours(site: Site) -> None:
    someone = Someone(site, birth_name="Appelan").opens().agrees(DOCTOR)
    browser = site.browser()
    token = call(someone)
    first = browser.http.get(f"/pro/appel?contexte={token}", follow_redirects=False)
    assert token not in first.headers["location"]
    away = browser.http.get(first.headers["location"], follow_redirects=False)
    back = browser.get(site.professionals.approve(away.headers["location"], "medecin"))
    assert back.url.path.endswith("/synthese") and "APPELAN" in back.text


def test_a_locked_session_is_unlocked_first(site: Site) -> None:
    someone = Someone(site, birth_name="Appelan").opens().agrees(DOCTOR)
    browser = site.browser("medecin")
    browser.post("/pro/verrouiller", {"page": "/pro"}, page="/pro")
    locked = opened(browser, call(someone))
    assert locked.url.path == "/pro/verrouille" and "APPELAN" not in locked.text


def test_a_call_is_used_once(site: Site) -> None:
    someone = Someone(site).opens().agrees(DOCTOR)
    token = call(someone)
    assert opened(site.browser("medecin"), token).url.path.endswith("/synthese")
    again = opened(site.browser("medecin"), token)
    assert again.status_code == 400 and "ne l’est plus" in again.text


def test_a_call_for_another_professional_is_refused(site: Site) -> None:
    someone = Someone(site, birth_name="Appelan").opens().agrees(DOCTOR)
    refused = opened(site.browser("opticien"), call(someone))
    assert refused.status_code == 403 and "APPELAN" not in refused.text
    # And when another one logs in than the software named.
    browser = site.browser()
    first = browser.http.get(f"/pro/appel?contexte={call(someone)}", follow_redirects=False)
    away = browser.http.get(first.headers["location"], follow_redirects=False)
    back = browser.get(site.professionals.approve(away.headers["location"], "opticien"))
    assert back.status_code == 403 and "APPELAN" not in back.text


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"birth_name": "Autrement"}, "Nom de naissance"),
        ({"given_names": "Zénobie"}, "Premier prénom de naissance"),
        ({"birth_date": "1930-01-01"}, "Date de naissance"),
        ({"sex": "M"}, "Sexe"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_another_identity_blocks(site: Site, changes: dict[str, str], told: str) -> None:
    someone = Someone(site, birth_name="Appelan").opens().agrees(DOCTOR)
    blocked = opened(site.browser("medecin"), call(someone, patient=patient(someone, **changes)))
    assert blocked.status_code == 409
    assert f"<li>{told}</li>" in blocked.text and blocked.text.count("<li>") >= 1
    assert "APPELAN" not in blocked.text and "Appelan" not in blocked.text


def test_what_is_out_of_reach_looks_the_same_whatever_the_identity(site: Site) -> None:
    nobody = Someone(site, birth_name="Personne")
    blocked = Someone(site, birth_name="Bloquan").opens()
    blocked.blocks(DOCTOR)
    answers = []
    for someone in (nobody, blocked):
        for changes in ({}, {"birth_name": "Autrement"}):
            token = call(someone, patient=patient(someone, **changes))
            answers.append(opened(site.browser("medecin"), token))
    assert {answer.status_code for answer in answers} == {404}
    assert all("BLOQUAN" not in answer.text for answer in answers)


def test_without_the_patients_agreement_it_is_asked_as_always(site: Site) -> None:
    someone = Someone(site).opens()
    assert opened(site.browser("medecin"), call(someone)).url.path.endswith("/acces")


_NOW = int(time())


@pytest.mark.parametrize(
    "lies",
    [
        {"aud": "urn:dmp:fhir"},
        {"aud": None},
        {"exp": _NOW - 60},
        {"exp": None},
        {"iat": None},
        {"iat": _NOW + 3600, "exp": _NOW + 3660},
        {"exp": _NOW + 3600},
        {"jti": None},
        {"jti": 7},
        {"iss": None},
        {"sub": None},
        {"sub": "x"},
        {"patient": None},
        {"patient": "x"},
        {"patient": {"ins": "1"}},
    ],
    ids="-".join,  # no values: they are of now, and each process has its own
)
def test_a_call_that_says_too_little_or_too_much_is_refused(
    site: Site, lies: dict[str, Any]
) -> None:
    someone = Someone(site).opens().agrees(DOCTOR)
    assert opened(site.browser("medecin"), call(someone, **lies)).status_code == 400


def test_a_forged_call_is_refused(site: Site) -> None:
    someone = Someone(site).opens().agrees(DOCTOR)
    browser = site.browser("medecin")
    other = ECKey.generate_key("P-256", {"kid": "logiciel-essai"})
    assert opened(browser, call(someone, other)).status_code == 400
    public = json.dumps(KEY.as_dict(private=False)).encode()
    mixed = call(someone, OctKey.import_key(public), {"alg": "HS256"})
    assert opened(browser, mixed).status_code == 400
    assert opened(browser, call(someone, header={"typ": "at+jwt"})).status_code == 400
    good = call(someone)
    head, body, signature = good.split(".")
    for token in (f"{head}.{body}.", f"{head}.{body[:-2]}AA.{signature}", "", "x" * 9000, "a.b.c"):
        assert opened(browser, token).status_code == 400


def test_without_known_software_no_call_is_taken(site: Site) -> None:
    someone = Someone(site).opens().agrees(DOCTOR)
    site.door.calls = None
    assert opened(site.browser("medecin"), call(someone)).status_code == 400


def test_neither_token_nor_ins_stands_in_a_log(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    someone = Someone(site).opens().agrees(DOCTOR)
    with caplog.at_level(logging.DEBUG):
        browser = site.browser("medecin")
        tokens = [call(someone), call(someone, aud="x"), call(someone, patient={"ins": "1"})]
        for token in tokens:
            opened(browser, token)
    ours = "\n".join(
        r.getMessage() for r in caplog.records if r.name.startswith(("dmp", "uvicorn"))
    )
    assert someone.ins.matricule not in ours
    assert not any(token in ours for token in tokens)


def test_the_example_of_the_documentation_works(site: Site) -> None:
    someone = Someone(site, birth_name="Appelan").opens().agrees(DOCTOR)
    blocks = re.findall(r"```python\n(.*?)```", HOW_TO.read_text(encoding="utf-8"), re.DOTALL)
    shown: dict[str, Any] = {}
    for block in blocks:
        exec(block, shown)  # noqa: S102  # the page's own example is what is tested
    private, public = shown["new_key"]("cabinet-essai")
    site.door.calls = call_reader(public, AUDIENCE, test_mode=True)
    address = shown["address_of_call"](
        site.address, private, "Logiciel d’essai", DOCTOR.id_nat, patient(someone)
    )
    arrived = site.browser("medecin").get(address)
    assert arrived.url.path.endswith("/synthese") and "APPELAN" in arrived.text
