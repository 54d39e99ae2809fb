"""A minor's record before a professional: secret session, deposits, warnings."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from dmp.domain.documents.visibility import Restriction
from tests.entrypoints.web.people import DOCTOR, Someone
from tests.entrypoints.web.site import Site
from tests.entrypoints.web.test_professional import deposit, found

BAND = 'class="mode secret"'
HIDDEN = frozenset({Restriction.HIDDEN_FROM_REPRESENTATIVES})


def _today() -> date:
    return datetime.now(UTC).date()


def a_minor(site: Site, **traits: Any) -> Someone:
    """A girl of fifteen, more or less."""
    return Someone(site, birth_date=_today() - timedelta(days=15 * 365 + 30), **traits).opens()


def test_the_secret_session_is_offered_for_minors_only(site: Site) -> None:
    minor, adult = a_minor(site).agrees(), Someone(site).opens().agrees()
    browser = site.browser("medecin")
    assert "/secret" in browser.get(found(browser, minor) + "/documents").text
    path = found(browser, adult)
    assert "/secret" not in browser.get(path + "/documents").text
    assert browser.get(path + "/secret").status_code == 403
    assert browser.post(path + "/secret", page="/pro").status_code == 403
    assert site.browser("coordonnatrice").get(path + "/secret").status_code == 403


def test_a_band_on_every_page_until_it_is_left(site: Site) -> None:
    minor = a_minor(site)
    browser = site.browser("medecin")
    path = found(browser, minor)
    assert f'href="{path}/secret"' in browser.get(path + "/documents").text
    entered = browser.post(path + "/secret")
    assert entered.url.path == path + "/acces" and BAND in entered.text
    opened = browser.post(path + "/acces", {"raison": "present", "duree": "30"})
    assert opened.url.path == path + "/synthese" and BAND in opened.text
    for end in ("/deposer", "/mes-acces", "/accord"):
        assert BAND in browser.get(path + end).text, end
    left = browser.post(path + "/secret/fin", page=path + "/documents")
    assert "La connexion secrète est terminée" in left.text and BAND not in left.text


def test_deposits_of_a_secret_session_are_hidden_from_representatives(site: Site) -> None:
    minor = a_minor(site).agrees()
    browser = site.browser("medecin")
    path = found(browser, minor)
    browser.post(path + "/secret")
    form = browser.get(path + "/deposer").text
    assert "ce document sera caché à ses représentants légaux" in form
    assert 'name="representants"' not in form
    receipt = deposit(browser, path, minor.pdf("Contraception"))
    assert "Non visible par ses représentants légaux" in receipt.text and BAND in receipt.text
    listed = browser.get(path + "/documents").text
    assert "Non visible par les représentants légaux" in listed


def test_for_a_minor_the_question_about_representatives_must_be_answered(site: Site) -> None:
    minor, adult = a_minor(site).agrees(), Someone(site).opens().agrees()
    browser = site.browser("medecin")
    path = found(browser, minor)
    unanswered = deposit(browser, path, minor.pdf("Acte"))
    assert unanswered.status_code == 400
    assert "Indiquez si ses représentants légaux" in unanswered.text
    assert deposit(browser, path, minor.pdf("Acte"), representants="majeur").status_code == 400
    hidden = deposit(browser, path, minor.pdf("Acte"), representants="cache")
    assert "Non visible par ses représentants légaux" in hidden.text
    seen = deposit(browser, path, minor.pdf("Acte"), representants="visible")
    assert "Accusé de dépôt" in seen.text
    assert "Non visible par ses représentants" not in seen.text
    assert 'name="representants"' not in browser.get(found(browser, adult) + "/deposer").text


def test_without_access_the_question_comes_from_the_ins_alone(site: Site) -> None:
    minor, nobody = a_minor(site).blocks(DOCTOR), Someone(site)
    browser = site.browser("medecin")
    forms = [browser.get(found(browser, one) + "/deposer").text for one in (minor, nobody)]
    assert len({'name="representants"' in form for form in forms}) == 1


def test_what_is_hidden_from_representatives_warns_before_it_is_shown(site: Site) -> None:
    minor = a_minor(site).agrees()
    entry = minor.receives("Entretien", restrictions=HIDDEN)
    browser = site.browser("medecin")
    path = f"{found(browser, minor)}/documents/{entry.document_id}"
    warned = browser.get(path).text
    assert "Ses représentants légaux ne connaissent pas ce document" in warned
    assert "/pages/1" not in warned and "/original" not in warned
    shown = browser.get(path + "?averti=oui").text
    assert "/pages/1" in shown
    browser.post(path + "/gerer", {"changement": "show-to-representatives"})
    assert "/pages/1" in browser.get(path).text


def test_majority_ends_the_secret_session(site: Site) -> None:
    birthday = (_today().replace(day=1) + timedelta(days=40)).replace(day=1)
    someone = Someone(site, birth_date=birthday.replace(year=birthday.year - 18)).opens()
    path = found(site.browser("medecin"), someone)
    time = birthday + timedelta(days=1) - _today()
    with site.later(time):
        now = int(site.house.now().timestamp())
        site.professionals.lies |= {"iat": now, "exp": now + 300}
        try:
            browser = site.browser("medecin")
        finally:
            site.professionals.lies.clear()
        assert "/secret" not in browser.get(path).text
        session = site.call(site.door.sessions.load, browser.http.cookies["dmp"], site.house.now())
        assert session is not None
        session.state.secret, session.changed = (path.rpartition("/")[2],), True
        site.call(site.door.sessions.save, session, site.house.now())
        ended = browser.get(path + "/documents").text
        assert "La connexion secrète a pris fin" in ended and BAND not in ended
