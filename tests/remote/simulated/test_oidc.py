"""The simulated OpenID providers: the whole protocol, and the attacks on it."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import msgspec
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from starlette.applications import Starlette
from starlette.routing import Mount

from dmp.domain.identity.caller import Coordinator, Professional
from dmp.entrypoints.web.login.identities import caller_of, holder_of, professional_of
from dmp.entrypoints.web.login.sessions import ProfessionalIdentity
from dmp.remote.simulated.oidc import Client, holders_app, professionals_app
from dmp.remote.simulated.oidc.grants import CODE_SECONDS, TOKEN_SECONDS, s256
from dmp.remote.simulated.territory.cast import cast_people
from dmp.remote.simulated.territory.professionals import BY_KEY, DESK

ISSUER = "http://127.0.0.1:8000/simulateur/titulaires"
BACK = "http://127.0.0.1:8000/connexion/retour"
VERIFIER = "v" * 64
CLIENT = Client(
    client_id="dmp",
    client_secret="un secret: de démo",
    redirect_uris=(BACK,),
    post_logout_redirect_uris=("http://127.0.0.1:8000/",),
)


@dataclass
class Browser:
    """A client that stays on the machine and follows no redirection by itself."""

    app: Starlette

    def get(self, path: str, **sent: Any) -> httpx.Response:
        return asyncio.run(self._send("GET", path, **sent))

    def post(self, path: str, **sent: Any) -> httpx.Response:
        return asyncio.run(self._send("POST", path, **sent))

    async def _send(self, method: str, path: str, **sent: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1:8000"
        ) as client:
            return await client.request(method, path, **sent)


@dataclass
class Provider:
    """One provider mounted at its path, its clock in the hand of the test."""

    http: Browser
    path: str
    clock: list[float] = field(default_factory=lambda: [1_800_000_000.0])

    def asked(self, **changes: str) -> dict[str, str]:
        values = {
            "client_id": "dmp", "redirect_uri": BACK, "response_type": "code",
            "scope": "openid profile", "state": "état é", "nonce": "n-1",
            "code_challenge": s256(VERIFIER), "code_challenge_method": "S256",
        }  # fmt: skip
        return {name: value for name, value in {**values, **changes}.items() if value}

    def choose(self, person: str, **changes: str) -> dict[str, str]:
        """Post a choice; the parameters with which the browser is sent back."""
        answer = self.http.post(
            f"{self.path}/authorize", data={**self.asked(**changes), "person": person}
        )
        assert answer.status_code == 303, answer.text
        target = answer.headers["location"]
        assert target.startswith(BACK + "?")
        return {name: value[0] for name, value in parse_qs(urlsplit(target).query).items()}

    def exchange(self, code: str, **changes: str) -> Any:
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": BACK,
            "code_verifier": VERIFIER, "client_id": "dmp", "client_secret": CLIENT.client_secret,
        }  # fmt: skip
        return self.http.post(f"{self.path}/token", data={**form, **changes})

    def userinfo(self, token: str) -> Any:
        return self.http.get(f"{self.path}/userinfo", headers={"Authorization": f"Bearer {token}"})


def _provider(path: str, make: Any) -> Provider:
    clock = [1_800_000_000.0]
    app = make(issuer=f"http://127.0.0.1:8000{path}", client=CLIENT, now=lambda: clock[0])
    root = Starlette(routes=[Mount(path, app)])
    return Provider(Browser(root), path, clock)


@pytest.fixture(name="holders")
def _holders() -> Iterator[Provider]:
    yield _provider("/simulateur/titulaires", holders_app)


@pytest.fixture(name="professionals")
def _professionals() -> Iterator[Provider]:
    yield _provider("/simulateur/professionnels", professionals_app)


def test_it_says_where_everything_is(holders: Provider) -> None:
    found = holders.http.get(f"{holders.path}/.well-known/openid-configuration").json()
    assert found["issuer"] == ISSUER
    for name in ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"):
        assert found[name].startswith(ISSUER + "/")
    assert found["code_challenge_methods_supported"] == ["S256"]
    assert found["id_token_signing_alg_values_supported"] == ["ES256"]


def test_the_published_key_is_public(holders: Provider) -> None:
    (key,) = holders.http.get(f"{holders.path}/jwks").json()["keys"]
    assert key["kty"] == "EC"
    assert "d" not in key


def test_whoever_was_chosen_before_comes_back_at_once(holders: Provider) -> None:
    address = f"{holders.path}/authorize"
    hinted = holders.http.get(address, params=holders.asked(login_hint="jeanne-durand"))
    back = parse_qs(urlsplit(hinted.headers["location"]).query)
    token = holders.exchange(back["code"][0]).json()["access_token"]
    assert holders.userinfo(token).json()["sub"] == "jeanne-durand"
    unknown = holders.http.get(address, params=holders.asked(login_hint="personne"))
    assert unknown.status_code == 200 and "Qui êtes-vous" in unknown.text


def test_a_holder_logs_in_with_his_identity(holders: Provider) -> None:
    back = holders.choose("jeanne-durand")
    assert (back["state"], back["iss"]) == ("état é", ISSUER)
    answer = holders.exchange(back["code"])
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    tokens = answer.json()
    keys = KeySet.import_key_set(holders.http.get(f"{holders.path}/jwks").json())
    claims = jwt.decode(tokens["id_token"], keys, algorithms=["ES256"]).claims
    assert claims["iss"] == ISSUER
    assert claims["aud"] == "dmp"
    assert claims["nonce"] == "n-1"
    assert claims["sub"] == "jeanne-durand"
    assert claims["exp"] > claims["iat"] == 1_800_000_000
    about = holders.userinfo(tokens["access_token"]).json()
    person = cast_people()["jeanne-durand"]
    assert about["sub"] == "jeanne-durand"
    assert about["family_name"] == "LEFORT"
    assert about["preferred_username"] == "DURAND"
    assert about["gender"] == "female"
    assert about["birthdate"] == "1958-03-14"
    assert about["birthplace"] == "45234"
    assert (about["ins_matricule"], about["ins_root"]) == (
        person.ins.matricule, person.ins.root.value,
    )  # fmt: skip


@pytest.mark.parametrize("key", cast_people())
def test_the_web_door_takes_every_holder(holders: Provider, key: str) -> None:
    token = holders.exchange(holders.choose(key)["code"]).json()["access_token"]
    identity = holder_of(holders.userinfo(token).json(), test_mode=True)
    assert identity.matricule == cast_people()[key].ins.matricule


@pytest.mark.parametrize("key", [*BY_KEY, DESK.key])
def test_the_web_door_takes_every_professional(professionals: Provider, key: str) -> None:
    token = professionals.exchange(professionals.choose(key)["code"]).json()["access_token"]
    about = professionals.userinfo(token).json()
    identity = professional_of(about, test_mode=False)
    if key == DESK.key:
        assert identity.id_nat == DESK.id_nat
        return
    worker = BY_KEY[key]
    assert identity.id_nat == worker.id_nat
    places = about["SubjectRefPro"]["exercices"][0]["activities"]
    assert [p["ancienIdentifiantDeLaStructure"] for p in places] == [
        place.id_nat for place in worker.places
    ]
    assert about["Acces_Regulation_Medicale"] == ("VRAI" if key == "dr-morvan" else "FAUX")


@pytest.mark.parametrize("key", BY_KEY)
def test_the_web_door_makes_the_caller_that_a_token_says(professionals: Provider, key: str) -> None:
    """Capacity, role and secretariat go through the claims: the pages and the tokens name one caller."""
    token = professionals.exchange(professionals.choose(key)["code"]).json()["access_token"]
    identity = professional_of(professionals.userinfo(token).json(), test_mode=False)
    assert isinstance(identity, ProfessionalIdentity)
    at_work = caller_of(msgspec.structs.replace(identity, chosen=0)).who
    expected = BY_KEY[key].caller().who
    assert type(at_work) is type(expected)
    assert at_work.structure == expected.structure  # type: ignore[union-attr]  # all have one
    if isinstance(at_work, Professional):
        assert isinstance(expected, Professional)
        assert (at_work.capacity, at_work.profession) == (expected.capacity, expected.profession)
    if isinstance(at_work, Coordinator):
        assert isinstance(expected, Coordinator)
        assert at_work.role == expected.role


def test_a_code_is_good_once_and_its_reuse_takes_the_token_back(holders: Provider) -> None:
    code = holders.choose("lea-moreau")["code"]
    token = holders.exchange(code).json()["access_token"]
    assert holders.userinfo(token).status_code == 200
    again = holders.exchange(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert holders.userinfo(token).status_code == 401


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"code_verifier": "w" * 64}, 400, "invalid_grant"),
        ({"code_verifier": ""}, 400, "invalid_grant"),
        ({"code_verifier": s256(VERIFIER)}, 400, "invalid_grant"),
        ({"redirect_uri": BACK + "/"}, 400, "invalid_grant"),
        ({"redirect_uri": ""}, 400, "invalid_grant"),
        ({"client_secret": "autre"}, 401, "invalid_client"),
        ({"client_secret": ""}, 401, "invalid_client"),
        ({"client_id": "dmp2"}, 401, "invalid_client"),
        ({"code": "inventé"}, 400, "invalid_grant"),
        ({"code": ""}, 400, "invalid_grant"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ],
    ids=lambda value: json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else None,
)
def test_one_wrong_field_gives_no_token(
    holders: Provider, changes: dict[str, str], status: int, error: str
) -> None:
    code = holders.choose("jeanne-durand")["code"]
    answer = holders.exchange(**{"code": code, **changes})
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert "access_token" not in answer.text


def test_a_failed_proof_burns_the_code(holders: Provider) -> None:
    code = holders.choose("jeanne-durand")["code"]
    assert holders.exchange(code, code_verifier="w" * 64).status_code == 400
    assert holders.exchange(code).status_code == 400


def test_a_code_expires(holders: Provider) -> None:
    code = holders.choose("jeanne-durand")["code"]
    holders.clock[0] += CODE_SECONDS + 1
    assert holders.exchange(code).json()["error"] == "invalid_grant"


def test_an_access_token_expires(holders: Provider) -> None:
    token = holders.exchange(holders.choose("jeanne-durand")["code"]).json()["access_token"]
    holders.clock[0] += TOKEN_SECONDS + 1
    assert holders.userinfo(token).status_code == 401


def test_the_client_may_prove_itself_in_the_header(holders: Provider) -> None:
    code = holders.choose("jeanne-durand")["code"]
    pair = base64.b64encode(b"dmp:un+secret%3A+de+d%C3%A9mo").decode()
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK,
            "code_verifier": VERIFIER}  # fmt: skip
    answer = holders.http.post(
        f"{holders.path}/token", data=form, headers={"Authorization": f"Basic {pair}"}
    )
    assert answer.status_code == 200


@pytest.mark.parametrize("header", ["Basic", "Basic !!!", "Basic ZG1w", "Bearer ZG1wOmRtcA=="])
def test_an_unreadable_header_proves_nothing(holders: Provider, header: str) -> None:
    code = holders.choose("jeanne-durand")["code"]
    answer = holders.http.post(
        f"{holders.path}/token",
        data={"grant_type": "authorization_code", "code": code},
        headers={"Authorization": header},
    )
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "http://127.0.0.1:8000/connexion/retour/ailleurs"},
        {"redirect_uri": "https://pirate.invalid/"},
        {"redirect_uri": ""},
        {"client_id": "autre"},
        {"client_id": ""},
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_foreign_address_or_client_is_never_led_back(
    holders: Provider, changes: dict[str, str], method: str
) -> None:
    asked = {**holders.asked(**changes), "person": "jeanne-durand"}
    asked = {name: value for name, value in asked.items() if changes.get(name, value)}
    where = f"{holders.path}/authorize"
    answer = (
        holders.http.get(where, params=asked)
        if method == "GET"
        else holders.http.post(where, data=asked)
    )
    assert answer.status_code == 400
    assert "location" not in answer.headers
    assert "pirate.invalid" not in answer.text


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": ""}, "invalid_request"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_request_without_what_the_protocol_needs_goes_back_as_an_error(
    holders: Provider, changes: dict[str, str], error: str, method: str
) -> None:
    asked = {**holders.asked(**changes), "person": "jeanne-durand"}
    where = f"{holders.path}/authorize"
    answer = (
        holders.http.get(where, params=asked)
        if method == "GET"
        else holders.http.post(where, data=asked)
    )
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    assert query["error"] == [error]
    assert "code" not in query


def test_doubled_parameters_are_refused(holders: Provider) -> None:
    asked = [*holders.asked().items(), ("redirect_uri", "https://pirate.invalid/")]
    assert holders.http.get(f"{holders.path}/authorize", params=asked).status_code == 400


@pytest.mark.parametrize("person", ["", "personne", "dr-martin"])
def test_nobody_of_this_provider_is_a_refusal(holders: Provider, person: str) -> None:
    assert holders.choose(person)["error"] == "access_denied"


def test_a_form_that_is_too_long_is_refused(holders: Provider) -> None:
    answer = holders.http.post(f"{holders.path}/token", content=b"a=" + b"b" * 70_000)
    assert answer.status_code == 413
    many = "&".join(f"a{n}=1" for n in range(100)).encode()
    assert holders.http.post(f"{holders.path}/token", content=many).status_code == 400


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer inconnu", "Basic abc"])
def test_userinfo_needs_a_token(holders: Provider, header: str) -> None:
    answer = holders.http.get(
        f"{holders.path}/userinfo", headers={"Authorization": header} if header else {}
    )
    assert answer.status_code == 401
    assert answer.json() == {"error": "invalid_token"}


def test_the_page_lists_people_and_finds_them_without_script(holders: Provider) -> None:
    page = holders.http.get(f"{holders.path}/authorize", params=holders.asked())
    assert page.status_code == 200
    assert "Simulateur" in page.text
    assert 'value="jeanne-durand"' in page.text
    assert "<script" not in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self' http://127.0.0.1:8000" in policy
    asked = {**holders.asked(), "q": "bénali"}
    found = holders.http.get(f"{holders.path}/authorize", params=asked)
    assert 'value="nadia-benali"' in found.text
    assert 'value="jeanne-durand"' not in found.text
    nobody = holders.http.get(f"{holders.path}/authorize", params={**asked, "q": "zzz"})
    assert "Personne ne correspond" in nobody.text


def test_what_is_sent_is_escaped_on_the_page(holders: Provider) -> None:
    asked = {**holders.asked(state='"><script>x</script>'), "q": "<b>x</b>"}
    page = holders.http.get(f"{holders.path}/authorize", params=asked)
    assert "<script" not in page.text
    assert "<b>" not in page.text


def test_logout_leads_back_only_to_a_known_address(holders: Provider) -> None:
    known = {"post_logout_redirect_uri": "http://127.0.0.1:8000/", "state": "s"}
    answer = holders.http.get(f"{holders.path}/logout", params=known)
    assert answer.headers["location"] == "http://127.0.0.1:8000/?state=s"
    foreign = {"post_logout_redirect_uri": "https://pirate.invalid/"}
    answer = holders.http.get(f"{holders.path}/logout", params=foreign)
    assert answer.status_code == 200
    assert "pirate.invalid" not in answer.text


def test_the_secret_is_in_no_representation() -> None:
    assert CLIENT.client_secret not in repr(CLIENT)
