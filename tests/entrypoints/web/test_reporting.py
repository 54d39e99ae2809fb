"""Reporting an access: two clicks, the answer followed, and nothing of another record."""

from __future__ import annotations

import re
from datetime import date
from uuid import uuid4

from dmp.acts.documents.retrieve_document import RetrieveDocument, retrieve_document
from dmp.acts.person.read_notices import ReadInbox, read_inbox
from dmp.acts.reports.answer_report import (
    AnswerReport,
    ListWaiting,
    TakeReport,
    answer_access_report,
    list_reports_waiting,
    take_access_report,
)
from dmp.domain.record.notice import NoticeKind
from tests.builders import a_caller
from tests.entrypoints.web.people import DOCTOR, OPERATOR, Someone
from tests.entrypoints.web.site import Site

_REPORT = re.compile(r'href="(/espace/[^"]+/acces/[^"]+/signaler)"')


def _visited(site: Site) -> Someone:
    """Somebody whose document a doctor read."""
    someone = Someone(site).opens().agrees()
    assert someone.record is not None
    entry = someone.receives("Compte rendu confidentiel du genou")
    request = RetrieveDocument(document=entry.document_id, within=someone.record.record_id)
    site.do(retrieve_document, request, a_caller(DOCTOR))
    return someone


def test_an_access_is_reported_blocked_and_answered(site: Site) -> None:
    someone = _visited(site)
    browser = site.browser(someone.key)
    address = _REPORT.findall(browser.get(f"{someone.home}/acces").text)[0]
    page = browser.get(address)
    assert "Je ne connais pas cette personne" in page.text
    sent = browser.post(
        address,
        {"raison": "unknown-person", "precision": "Jamais vue", "bloquer": "oui"},
    )
    assert sent.url.path == f"{someone.home}/signalements"
    assert "n’a plus accès au dossier" in sent.text
    assert "Jamais vue" in sent.text
    assert "Reçu le" in sent.text
    journal = browser.get(f"{someone.home}/acces").text
    assert "Signalé :" in journal
    assert "Anne VASSEUR" in browser.get(f"{someone.home}/professionnels").text

    waiting = next(
        one
        for one in site.do(list_reports_waiting, ListWaiting(limit=1000), OPERATOR)
        if someone.record is not None and one.record_id == someone.record.record_id
    )
    told = repr(waiting)
    assert "genou" not in told, "nothing of the document reaches the operator"
    assert someone.ins.matricule not in told.replace(waiting.report.reported_by, "")
    record_id, report_id = waiting.record_id, waiting.report.slip_id
    site.do(take_access_report, TakeReport(record_id=record_id, report_id=report_id), OPERATOR)
    assert "En cours depuis le" in browser.get(f"{someone.home}/signalements").text
    answer = AnswerReport(record_id=record_id, report_id=report_id, text="C’était une erreur.")
    site.do(answer_access_report, answer, OPERATOR)
    answered = browser.get(f"{someone.home}/signalements").text
    assert "C’était une erreur." in answered
    assert "Une réponse a été donnée" in browser.get(f"{someone.home}/notifications").text


def test_whoever_reports_has_it_in_writing_and_a_minor_s_own_report_is_told_to_her_alone(
    site: Site,
) -> None:
    parent = Someone(site).opens()
    born = date(site.house.now().year - 16, 1, 2)
    girl = Someone(site, given_names="Léa", birth_date=born).opens().is_child_of(parent)
    girl.receives("Vaccination")
    hers, of_parent = site.browser(girl.key), site.browser(parent.key)
    received = "Votre signalement d’un accès a été reçu."
    for browser, told in ((hers, (True, False)), (of_parent, (True, True))):
        journal = browser.get(f"{girl.home}/acces").text
        address = _REPORT.findall(journal)[0 if browser is hers else -1]
        for _ in range(2):  # sent again, it is the same report
            browser.post(address, {"raison": "unknown-person"}, page=address)
        seen = [
            one.get(f"{girl.home}/notifications").text.count(received) for one in (hers, of_parent)
        ]
        assert tuple(map(bool, seen)) == told
    # The operator is told of both, once each.
    assert girl.record is not None
    inbox = [
        one.kind
        for one in site.do(read_inbox, ReadInbox(limit=500), OPERATOR)
        if one.record_id == girl.record.record_id
    ]
    assert inbox.count(NoticeKind.ACCESS_REPORTED) == len(inbox) == 2


def test_a_report_says_why_and_nothing_typed_is_lost(site: Site) -> None:
    someone = _visited(site)
    browser = site.browser(someone.key)
    address = _REPORT.findall(browser.get(f"{someone.home}/acces").text)[0]
    wrong = browser.post(address, {"raison": "other", "precision": ""})
    assert wrong.status_code == 400
    assert "écrivez pourquoi" in wrong.text
    wrong = browser.post(address, {"raison": "", "precision": "Mes mots"})
    assert wrong.status_code == 400
    assert "Mes mots" in wrong.text
    empty = site.browser(Someone(site).opens().key)
    home = Someone(site).opens()
    assert (
        "Vous n’avez signalé aucun accès"
        in site.browser(home.key).get(f"{home.home}/signalements").text
    )
    assert empty.get(address).status_code == 404


def test_a_trace_of_another_record_is_unknown(site: Site) -> None:
    victim, curious = _visited(site), _visited(site)
    foreign = _REPORT.findall(site.browser(victim.key).get(f"{victim.home}/acces").text)[0]
    trace = foreign.split("/")[-2]
    browser = site.browser(curious.key)
    for unknown in (trace, str(uuid4()), "x", "ffffffff-ffff-ffff-ffff-ffffffffffff"):
        for end in ("", "/signaler"):
            answer = browser.get(f"{curious.home}/acces/{unknown}{end}")
            assert answer.status_code == 404, unknown
            assert "genou" not in answer.text
    own = browser.form(_REPORT.findall(browser.get(f"{curious.home}/acces").text)[0])
    sent = browser.http.post(
        f"{curious.home}/acces/{trace}/signaler",
        data={**own, "raison": "unknown-person"},
        headers={"Origin": site.address, "Sec-Fetch-Site": "same-origin"},
    )
    assert sent.status_code == 404
    assert "Vous n’avez signalé aucun accès" in browser.get(f"{curious.home}/signalements").text


def test_one_s_own_act_is_explained_and_not_reported(site: Site) -> None:
    someone = _visited(site)
    browser = site.browser(someone.key)
    page = browser.get(f"{someone.home}/acces", params={"qui": "moi"}).text
    own = re.findall(r'href="(/espace/[^"]+/acces/[0-9a-f-]{36})"', page)[0]
    assert browser.get(own).status_code == 200
    assert browser.get(own + "/signaler").status_code == 404
