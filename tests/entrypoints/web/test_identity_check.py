"""The identity at a counter: card, paper, INS teleservice; what is shown, what stops, and whom it serves."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from dmp.acts.notices.send_notice import NotSent
from dmp.acts.person.read_traces import ReadTraces, read_traces
from dmp.domain.identity.searched import MOST_IN_AN_HOUR
from tests.entrypoints.web.people import Someone
from tests.entrypoints.web.site import Browser, Site
from tests.entrypoints.web.test_counter import IDENTITY, at_the_counter, identity
from tests.entrypoints.web.test_desk_day import OPENING, counted, enters

HEADERS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(autouse=True)
def nothing_left(site: Site) -> Iterator[None]:
    """What one test lays on the counter is gone for the next."""
    yield
    site.counter.__init__()  # type: ignore[misc]  # the same object stands in the options of the site


def known(site: Site, name: str, **traits: object) -> Someone:
    """Somebody whom the teleservice knows."""
    someone = Someone(site, birth_name=name, birth_place="76540", **traits)
    site.counter.knows(someone.ins, someone.traits)
    return someone


def test_from_the_card_to_the_receipt_in_four_pages_with_the_code(site: Site) -> None:
    someone = known(site, "Quatrepages")
    site.counter.lays("a", someone.ins, someone.traits)
    browser = site.browser("pharmacienne")
    before = counted(browser)
    filled = browser.post(IDENTITY, {"action": "lire", "carte": "a"}, page="/guichet")
    assert 'value="Quatrepages"' in filled.text and "le téléservice INS connaît" in filled.text
    assert someone.ins.matricule not in str(filled.url)
    read = re.findall(r'name="lu" value="([^"]+)"', filled.text)[0]
    person = browser.post(
        IDENTITY, {**identity(someone, lieu="76540"), "lu": read}, page=str(filled.url)
    )
    assert "Identité qualifiée" in person.text and "Ouvrir le dossier" in person.text
    path = person.url.path
    wishes = {"urgences": "oui", "urgence": "oui", "remise": "lettre"}
    fields = {**browser.form(path), **OPENING, **wishes}
    receipts = [browser.http.post(path + "/ouvrir", data=fields, headers=HEADERS) for _ in "12"]
    assert receipts[0].url == receipts[1].url
    assert counted(browser) == before + 1
    code = re.findall(r"<strong>(\w{5}-\w{5})</strong>", receipts[0].text)[0]
    assert code not in receipts[1].text and "Validée par la pièce" not in receipts[0].text
    inside = enters(site, code, someone.traits.birth_date.isoformat())
    choices = site.browser(someone.key).get(re.sub(r"/compte.*", "/choix", str(inside.url))).text
    assert re.search(r'name="break_glass"[^>]*checked|value="oui" checked', choices)


def test_what_is_refused_for_emergencies_at_the_counter_stands_in_the_record(site: Site) -> None:
    someone = known(site, "Refusurgence")
    browser = site.browser("agent")
    path = at_the_counter(browser, someone)
    browser.post(path + "/ouvrir", {**OPENING, "urgences": "oui", "samu": "oui"})
    holder = site.browser(someone.key)
    holder.get("/espace")
    doctor = site.browser("medecin")
    address = doctor.post("/pro", {"ins": someone.ins.matricule}).url.path.removesuffix("/acces")
    refused = doctor.post(
        address + "/urgence", {"motif": "pronostic-vital"}, follow_redirects=False
    )
    assert refused.status_code == 404
    regulating = site.browser("regulatrice")
    assert regulating.post(
        "/pro/regulation", {"ins": someone.ins.matricule}, page="/pro"
    ).url.path.endswith("/synthese")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"nom": "Autrenom"}, "birth name"),
        ({"naissance": "1980-01-01"}, "birth date"),
        ({"lieu": "33063"}, "birth place"),
    ],
)
def test_traits_that_differ_from_the_card_are_shown_field_by_field(
    site: Site, changes: dict[str, str], said: str
) -> None:
    someone = known(site, f"Discord{said[6:]}")
    site.counter.lays("b", someone.ins, someone.traits)
    browser = site.browser("agent")
    filled = browser.post(IDENTITY, {"action": "lire", "carte": "b"}, page=IDENTITY)
    read = re.findall(r'name="lu" value="([^"]+)"', filled.text)[0]
    typed = {**identity(someone, lieu="76540"), "lu": read, **changes}
    answer = browser.post(IDENTITY, typed, page=str(filled.url))
    assert answer.status_code == 400 and answer.text.count("✕ Différent") == 1
    assert "Aucune opération n’est possible" in answer.text
    assert f'value="{next(iter(changes.values()))}"' in answer.text


def test_an_ins_of_somebody_else_is_told_by_the_traits(site: Site) -> None:
    someone, other = known(site, "Vraie"), Someone(site)
    site.counter.unknown.add(other.ins.matricule)
    answer = site.browser("agent").post(
        IDENTITY, identity(someone, ins=other.ins.grouped, lieu="76540")
    )
    assert answer.status_code == 400 and answer.text.count("✕ Différent") == 1


def test_without_a_number_the_teleservice_finds_it_by_five_traits(site: Site) -> None:
    someone = known(site, "Sansnumero")
    browser = site.browser("agent")
    assert "code du lieu de naissance" in browser.post(IDENTITY, identity(someone, ins="")).text
    path = at_the_counter(browser, someone, ins="", lieu="76540")
    page = browser.get(path).text
    assert someone.ins.grouped.replace(" ", "\u00a0") in page and "Identité qualifiée" in page


def test_nobody_and_several_are_said_beside_the_field(site: Site) -> None:
    browser = site.browser("agent")
    someone = Someone(site, birth_name="Inconnue")
    site.counter.unknown |= {someone.ins.matricule, "Inconnue"}
    answer = browser.post(IDENTITY, identity(someone, lieu="76540"))
    assert answer.status_code == 400 and "ne connaît pas cette identité" in answer.text
    site.counter.several.add("Inconnue")
    answer = browser.post(IDENTITY, identity(someone, ins="", lieu="76540"))
    assert answer.status_code == 400 and "Plusieurs identités répondent" in answer.text


def test_a_silent_teleservice_leaves_the_paper_and_the_records_here(site: Site) -> None:
    someone = Someone(site, birth_name="Panneville", birth_place="76540").opens()
    browser = site.browser("agent")
    path = at_the_counter(browser, someone)
    assert "Identité validée" in browser.get(path).text
    assert "n’a pas répondu" in browser.get(path).text
    found = browser.post(IDENTITY, identity(someone, ins="", lieu="76540"))
    assert "retrouvée parmi les dossiers d’ici" in found.text
    nobody = Someone(site, birth_name="Absente")
    answer = browser.post(IDENTITY, identity(nobody, ins="", lieu="76540"))
    assert answer.status_code == 400 and "aucun dossier d’ici n’a ces traits" in answer.text


def test_a_paper_of_little_trust_decides_nothing(site: Site) -> None:
    someone = known(site, "Permis")
    browser = site.browser("agent")
    path = at_the_counter(browser, someone, piece="autre")
    page = browser.get(path).text
    assert "Identité récupérée" in page and "rien ne peut être décidé" in page
    assert "/ouvrir" not in page
    for end in ("/ouvrir", "/refuser"):
        assert browser.get(path + end).url.path == path
    assert "Cette personne n’a pas de dossier" in browser.get(path).text


def test_a_probable_double_is_opened_only_after_a_second_look(site: Site) -> None:
    one = known(site, "Jumelle").opens()
    two = Someone(site, birth_name="Jumelle", birth_place="76540")
    site.counter.knows(two.ins, two.traits)
    browser = site.browser("pharmacienne")
    path = at_the_counter(browser, two)
    page = browser.get(path).text
    assert "Doublon probable" in page and one.ins.matricule not in page
    once = {**OPENING, "homonyme": ""}
    refused = browser.post(path + "/ouvrir", once)
    assert refused.status_code == 400 and "sous un autre matricule" in refused.text
    assert "Dossier ouvert" in browser.post(path + "/ouvrir", OPENING).text


def test_cards_that_cannot_be_read_and_cards_of_another_are_nothing(site: Site) -> None:
    someone = known(site, "Carteau")
    site.counter.lays("c", someone.ins, someone.traits)
    browser = site.browser("agent")
    answer = browser.post(IDENTITY, {"action": "lire", "carte": "zzz"})
    assert answer.status_code == 400 and "n’a pas pu être lue" in answer.text
    filled = browser.post(IDENTITY, {"action": "lire", "carte": "c"})
    borrowed = filled.url.raw_path.decode()
    assert site.browser("pharmacienne").get(borrowed).status_code == 404


def test_searches_by_traits_are_counted(site: Site) -> None:
    site.professionals.people["agent-curieux"] = {
        **site.professionals.people["agent"],
        "SubjectNameID": "3750000069/79",
    }
    browser = site.browser("agent-curieux")
    nobody = Someone(site, birth_name="Promeneur")
    fields = {**browser.form(IDENTITY), **identity(nobody, ins="", lieu="76540")}
    for _ in range(MOST_IN_AN_HOUR):
        browser.http.post(IDENTITY, data=fields, headers=HEADERS)
    stopped = browser.http.post(IDENTITY, data=fields, headers=HEADERS)
    assert stopped.status_code == 403 and "Trop de recherches par traits" in stopped.text


def test_only_counters_ask_the_teleservice(site: Site) -> None:
    for who in ("medecin", "opticien", "coordonnatrice"):
        assert site.browser(who).get(IDENTITY).status_code == 403
    assert site.browser().get(IDENTITY).url.path == "/pro/connexion"


def test_a_code_leaves_by_sms_and_is_seen_by_nobody_here(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    someone = known(site, "Telephone").opens()
    browser = site.browser("agent")
    path = at_the_counter(browser, someone)
    sms = {"present": "oui", "remise": "sms", "telephone": "06 12 34 56 78"}
    wrong = browser.post(path + "/code", {**sms, "telephone": "12"})
    assert wrong.status_code == 400 and "numéro de mobile" in wrong.text
    site.counter.refuses = NotSent(for_good=False)
    failed = browser.post(path + "/code", sms)
    assert failed.status_code == 400 and "Imprimez la lettre" in failed.text
    site.counter.refuses = None
    sent = browser.post(path + "/code", sms)
    ((number, code),) = site.counter.texts
    assert number == "0612345678" and "parti par SMS" in sent.text
    assert code not in sent.text and code not in caplog.text and number not in caplog.text
    assert browser.get(path + "/lettre").status_code == 410
    born = someone.traits.birth_date.isoformat()
    for _ in range(2):
        assert enters(site, code, "1990-01-01").status_code == 401
    assert someone.home in str(enters(site, code, born).url)
    assert someone.record is not None
    traces = site.do(read_traces, ReadTraces(record_id=someone.record.record_id), someone.caller)
    issued = [trace for trace in traces.traces if trace.act == "issue-access-code"]
    assert [(one.outcome.value, one.detail) for one in issued] == [
        ("done", "sms"),
        ("refused", "sms"),
    ]


def test_three_wrong_birth_dates_end_a_code_by_sms(site: Site) -> None:
    someone = known(site, "Troisessais").opens()
    browser = site.browser("pharmacienne")
    path = at_the_counter(browser, someone)
    browser.post(path + "/code", {"present": "oui", "remise": "sms", "telephone": "+33712345678"})
    code = site.counter.texts[0][1]
    for year in (1980, 1981, 1982):
        assert enters(site, code, f"{year}-01-01").status_code == 401
    assert enters(site, code, someone.traits.birth_date.isoformat()).status_code == 401


def test_two_tabs_of_two_persons_do_not_mix(site: Site) -> None:
    one, two = known(site, "Ongletun").opens(), known(site, "Ongletdeux").opens()
    browser = site.browser("agent")
    path, there = at_the_counter(browser, one), at_the_counter(browser, two)
    letter = {"present": "oui", "remise": "lettre"}
    forms = [{**browser.form(tab + "/code"), **letter} for tab in (path, there)]
    for tab, fields in zip((path, there), forms, strict=True):
        browser.http.post(tab + "/code", data=fields, headers=HEADERS, follow_redirects=False)
    assert "ONGLETUN" in browser.get(path + "/lettre").text
    assert "ONGLETDEUX" in browser.get(there + "/lettre").text
    mixed = {**browser.form(path + "/cloturer"), "confirmation": "oui", "motif": "holder-request"}
    assert browser.http.post(there + "/cloturer", data=mixed, headers=HEADERS).status_code == 403
    assert "Dossier ouvert" in browser.get(there).text


def listed(browser: Browser) -> str:
    """What is left to do on the first page."""
    return browser.get("/guichet").text.partition('id="a-finir"')[2].partition("</section>")[0]


def test_what_is_left_to_do_is_listed_until_it_is_done(site: Site) -> None:
    someone = known(site, "Zinoviev")
    browser = site.browser("agent")
    assert "Rien à finir" in listed(browser)
    path = at_the_counter(browser, someone)
    assert "C. Z." in listed(browser) and "rien n’est encore décidé" in listed(browser)
    browser.post(path + "/ouvrir", {**OPENING, "remise": "plus-tard"})
    assert "code d’accès à remettre" in listed(browser) and path + "/code" in listed(browser)
    browser.post(path + "/code", {"present": "oui"})
    assert "Rien à finir" in listed(browser)
    at_the_counter(browser, known(site, "Yourcenar"))
    page = re.findall(r'name="page" value="([^"]+)"', listed(browser))[0]
    browser.post("/guichet/a-finir/retirer", {"page": page}, page="/guichet")
    assert "Rien à finir" in listed(browser)
    assert "Rien à finir" in listed(site.browser("agent"))
