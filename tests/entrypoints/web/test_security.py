"""Attacks on the web door: each of them, and what must happen instead."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from starlette.applications import Starlette

from dmp.entrypoints.web.login.sessions import SessionState
from dmp.entrypoints.web.page import Authentication, Page
from dmp.entrypoints.web.pages import PAGES, web_door
from dmp.entrypoints.web.visit import is_ours
from tests.entrypoints.web.people import DOCTOR, OPTICIAN, Someone
from tests.entrypoints.web.site import Site, options_for, without_what_varies

HERE = {"Sec-Fetch-Site": "same-origin"}


def test_a_form_without_its_token_does_nothing(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    answer = browser.http.post(
        someone.home + "/cloture", data={"confirmation": "oui"}, headers=HERE
    )
    assert answer.status_code == 403
    assert "Bonjour" in browser.get(someone.home).text


def test_the_token_of_another_session_is_refused(site: Site) -> None:
    someone, other = Someone(site).opens(), Someone(site).opens()
    browser = site.browser(someone.key)
    stolen = site.browser(other.key).form(other.home + "/cloture")
    data = {**stolen, "confirmation": "oui"}
    answer = browser.http.post(someone.home + "/cloture", data=data, headers=HERE)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://ailleurs.test"},
        {"Origin": "null"},
    ],
)
def test_a_form_sent_by_another_site_is_refused(site: Site, headers: dict[str, str]) -> None:
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    data = {**browser.form(someone.home + "/cloture"), "confirmation": "oui"}
    answer = browser.http.post(someone.home + "/cloture", data=data, headers=headers)
    assert answer.status_code == 403


def test_the_session_token_is_new_at_login_and_a_planted_one_is_worth_nothing(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser()
    browser.http.cookies.set("dmp", "A" * 43)
    begun = browser.get("/connexion/aller", follow_redirects=False)
    before = begun.cookies["dmp"]
    assert before != "A" * 43
    back = site.holders.approve(begun.headers["location"], someone.key)
    done = browser.get(back, follow_redirects=False)
    assert done.cookies["dmp"] not in (before, "A" * 43)
    for token in (before, "A" * 43):
        stranger = site.client(token)
        assert stranger.get(someone.home).status_code == 303
    assert "Bonjour" in browser.get(someone.home).text


def test_logging_out_ends_the_session_on_the_server(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    token = browser.http.cookies["dmp"]
    answer = browser.post("/deconnexion", page=someone.home, follow_redirects=False)
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    stranger = site.client(token)
    assert stranger.get(someone.home).headers["location"].startswith("/connexion?suite=")


def test_an_idle_session_ends_and_leads_back_to_the_same_page(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    address = someone.home + "/documents?categorie=BIOLOGIE"
    with site.later(timedelta(minutes=14)):
        assert browser.get(address).url.path.endswith("/documents")
    with site.later(timedelta(minutes=30)):
        answer = browser.get(address)
        assert answer.url.path == "/connexion"
    begun = browser.get(
        "/connexion/aller",
        params={"suite": str(answer.url.params["suite"])},
        follow_redirects=False,
    )
    back = browser.get(site.holders.approve(begun.headers["location"], someone.key))
    assert str(back.url).endswith(address)


def test_a_professional_is_logged_out_sooner(site: Site) -> None:
    browser = site.browser("medecin")
    with site.later(timedelta(minutes=11)):
        assert browser.get("/pro").url.path == "/pro/connexion"


def test_cookies_over_https_are_bound_to_the_host(site: Site) -> None:
    options = options_for(
        "https://dmp.test", holders=None, professionals=site.door.options.professionals
    )
    door = web_door(site.house, site.store.sessions, options)

    async def ask() -> httpx.Response:
        app = Starlette(routes=door.routes())
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="https://dmp.test") as client:
            return await client.get("/pro/connexion/aller")

    answer = site.call(ask)
    assert answer.headers["strict-transport-security"].startswith("max-age=")
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("__host-dmp=")
    for flag in ("httponly", "secure", "samesite=lax", "path=/"):
        assert flag in cookie
    assert "domain" not in cookie


def test_somebody_elses_record_looks_like_no_record(site: Site) -> None:
    someone, other = Someone(site).opens(), Someone(site).opens()
    entry = other.receives()
    browser = site.browser(someone.key)
    nowhere = "01900000-0000-7000-8000-000000000000"
    assert other.record is not None
    for path in (
        "",
        "/documents",
        "/acces",
        "/profil",
        "/choix",
        "/professionnels",
        "/cloture",
        f"/documents/{entry.document_id}",
        f"/documents/{entry.document_id}/original",
        f"/documents/{entry.document_id}/confidentialite",
    ):
        theirs = browser.get(f"/espace/{other.record.record_id}{path}")
        nobodys = browser.get(f"/espace/{nowhere}{path}")
        assert theirs.status_code == nobodys.status_code == 404
        assert without_what_varies(theirs.text) == without_what_varies(nobodys.text)


def test_a_document_is_not_found_under_another_record(site: Site) -> None:
    someone, other = Someone(site).opens(), Someone(site).opens()
    entry = other.receives()
    browser = site.browser(someone.key)
    assert browser.get(f"{someone.home}/documents/{entry.document_id}").status_code == 404


def test_a_form_of_one_record_cannot_change_another(site: Site) -> None:
    someone, other = Someone(site).opens(), Someone(site).opens()
    browser = site.browser(someone.key)
    answer = browser.post(
        other.home + "/cloture", {"confirmation": "oui"}, page=someone.home + "/cloture"
    )
    assert answer.status_code == 403
    # Even with a token that the server itself would have written, the rules refuse.
    forged = browser.forged(other.home.removeprefix("/espace/"))
    fields = {"confirmation": "oui", "jeton": forged}
    answer = browser.post(other.home + "/cloture", fields, page=someone.home + "/cloture")
    assert answer.status_code == 404
    assert "Bonjour" in site.browser(other.key).get(other.home).text


@pytest.mark.parametrize(
    "then",
    [
        "https://ailleurs.test/",
        "//ailleurs.test/",
        "/\\ailleurs.test",
        "\\\\ailleurs.test",
        "javascript:alert(1)",
        "/%0d%0aSet-Cookie:x=y/../../ ",
        "/espace\r\nX: y",
        "/pro",
        "/espaceur",
    ],
)
def test_login_leads_nowhere_else(site: Site, then: str) -> None:
    someone = Someone(site).opens()
    browser = site.browser()
    last = browser.log_in(someone.key, then)
    assert str(last.url).startswith(site.address + "/espace/")


@pytest.mark.parametrize(
    ("address", "ours"),
    [
        ("/pro", True),
        ("/a?b=c", True),
        ("//x", False),
        ("/\\x", False),
        ("/é", False),
        ("x", False),
    ],
)
def test_only_paths_of_this_service_are_ours(address: str, ours: bool) -> None:
    assert is_ours(address) is ours


def test_markup_in_titles_and_names_stays_text(site: Site) -> None:
    someone = Someone(site, birth_name="<script>alert(1)</script>").opens()
    entry = someone.receives("<img src=x onerror=alert(1)> & bilan")
    browser = site.browser(someone.key)
    for path in ("", "/documents", f"/documents/{entry.document_id}", "/acces"):
        page = browser.get(someone.home + path).text
        assert "<img src=x" not in page
        assert "<script>alert" not in page
    assert "&lt;img src=x onerror=alert(1)&gt; &amp; bilan" in browser.get(someone.home).text


def test_markup_in_a_cda_narrative_stays_text(site: Site) -> None:
    someone = Someone(site).opens()
    note = someone.note().replace(b"RAS", b"RAS &lt;script&gt;alert(1)&lt;/script&gt;")
    entry = someone.receives("Note", note)
    page = site.browser(someone.key).get(f"{someone.home}/documents/{entry.document_id}").text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_a_download_name_carries_no_header_and_no_path(site: Site) -> None:
    someone = Someone(site).opens()
    entry = someone.receives('../a"; filename="x.exe')
    browser = site.browser(someone.key)
    answer = browser.get(f"{someone.home}/documents/{entry.document_id}/original")
    given = answer.headers["content-disposition"]
    assert given.startswith("attachment; ")
    assert given.count("filename=") == 1
    assert given.count('"') == 2
    assert "/" not in given and ".exe" not in given.partition("; filename*")[0].replace(
        "x.exe.pdf", ""
    )
    assert answer.headers["content-security-policy"] == (
        "default-src 'none'; frame-ancestors 'self'; sandbox"
    )


def test_a_cda_leaves_as_a_download_never_as_markup(site: Site) -> None:
    someone = Someone(site).opens()
    entry = someone.receives("Note", someone.note())
    browser = site.browser(someone.key)
    for end in ("original", "lecture"):
        answer = browser.get(f"{someone.home}/documents/{entry.document_id}/{end}")
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_every_page_with_a_login_is_kept_nowhere_and_runs_nothing_foreign(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    for path in ("", "/documents", "/acces", "/professionnels", "/profil", "/choix", "/nulle-part"):
        answer = browser.get(someone.home + path)
        policy = answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy and "require-trusted-types-for 'script'" in policy
        assert " style=" not in answer.text


def test_pages_refuse_the_other_faces(site: Site) -> None:
    someone = Someone(site).opens()
    holder, doctor, agent = (
        site.browser(someone.key),
        site.browser("medecin"),
        site.browser("agent"),
    )
    assert holder.get("/pro").status_code == 403
    assert holder.get("/guichet").status_code == 403
    assert doctor.get(someone.home).status_code == 403
    assert doctor.get("/guichet").status_code == 403
    assert agent.get("/pro").status_code == 403
    assert site.browser("pharmacienne").get("/guichet").status_code == 200
    # The way on leads home, not into the same refusal again.
    assert 'class="button" href="/espace"' in holder.get("/pro").text
    assert 'class="button" href="/pro"' in doctor.get(someone.home).text
    assert 'class="button" href="/guichet"' in agent.get("/pro").text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.method} {page.path}")
def test_no_page_but_the_doorstep_answers_a_stranger(site: Site, page: Page) -> None:
    path = page.path
    for name in (
        "record",
        "document",
        "professional",
        "patient",
        "person",
        "deed",
        "receipt",
        "number",
        "sujet",
        "recent",
    ):
        path = path.replace("{" + name + "}", "x")
    answer = site.client().request(page.method, path)
    if page.authentication is Authentication.NONE:
        assert answer.status_code in (200, 204, 303, 400, 401) or path == "/aide/x"
    elif page.authentication is Authentication.BEARER:
        assert (answer.status_code, answer.headers["location"]) == (303, "/partage")
    else:
        assert answer.status_code == 303
        assert "/connexion" in answer.headers["location"]


def test_a_reference_of_one_professional_is_nothing_to_another(site: Site) -> None:
    someone = Someone(site).opens().agrees(DOCTOR).agrees(OPTICIAN)
    doctor, optician = site.browser("medecin"), site.browser("opticien")
    path = doctor.post("/pro", {"ins": someone.ins.matricule}, follow_redirects=False).headers[
        "location"
    ]
    assert doctor.get(path).status_code == 200
    assert optician.get(path).status_code == 404


def test_a_session_state_of_another_version_logs_out(site: Site) -> None:
    token = "B" * 43
    now = site.house.now()
    site.call(site.store.sessions.put, token, b"\x81\xa3old\x01", now + timedelta(minutes=5))
    stranger = site.client(token)
    assert stranger.get("/espace").status_code == 303
    assert SessionState(born=now, ends=now).done == {}


def test_a_form_about_one_patient_does_nothing_to_another(site: Site) -> None:
    first, second = (Someone(site).opens().agrees(DOCTOR) for _ in range(2))
    doctor = site.browser("medecin")
    paths = [
        doctor.post("/pro", {"ins": one.ins.matricule}, follow_redirects=False).headers["location"]
        for one in (first, second)
    ]
    statement = {"motif": "vital", "raison": "vital"}
    swapped = doctor.post(paths[1] + "/urgence", statement, page=paths[0] + "/urgence")
    assert swapped.status_code == 403 and "Formulaire à recommencer" in swapped.text
    assert doctor.get(paths[1] + "/urgence").status_code == 200
