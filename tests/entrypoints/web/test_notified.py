"""Notices: read until now, and which of them leave by which way; what must be told always is."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from dmp.acts.person.profile import ReadProfile, read_profile
from dmp.domain.record.notice import ALWAYS_TOLD, NoticeKind, NoticeTheme, theme_of
from dmp.domain.record.outgoing import Channel, Outgoing, message_for
from dmp.domain.record.profile import Profile
from tests.entrypoints.web.people import DOCTOR, Someone, lea
from tests.entrypoints.web.site import Browser, Site
from tests.entrypoints.web.test_acting import a_carer
from tests.entrypoints.web.test_health_summary import words


def told(site: Site) -> tuple[Someone, Browser, str]:
    """Somebody who was told of an emergency access, her browser, the address of her notices."""
    someone = Someone(site).opens()
    someone.read_in_emergency(someone.receives("Certificat"), DOCTOR)
    return someone, site.browser(someone.key), someone.home + "/notifications"


def seen(browser: Browser, path: str) -> str:
    """The mark of the settings that the page shows."""
    return str(re.findall(r'name="vu" value="([^"]+)"', browser.get(path).text)[0])


def profile_of(site: Site, someone: Someone) -> Profile:
    return site.do(read_profile, ReadProfile(record_id=someone.record.record_id), someone.caller)  # type: ignore[union-attr]


def test_all_are_marked_read_and_a_new_one_is_not(site: Site) -> None:
    someone, browser, path = told(site)
    assert "Non lus" in browser.get(path).text and "Avis récents" in browser.get(someone.home).text
    read = browser.post(path, {"faire": "lu"})
    assert "marqués comme lus" in read.text and "Non lus" not in read.text
    assert "Avis reçus" in read.text
    assert "Avis récents" not in browser.get(someone.home).text
    with site.later(timedelta(days=2)):
        someone.read_in_emergency(someone.receives("Autre", by=DOCTOR), DOCTOR)
    again = browser.get(path).text
    assert "Non lus" in again and "Avis déjà lus" in again


def test_a_theme_is_silenced_by_one_way_and_not_by_the_other(site: Site) -> None:
    someone, browser, path = told(site)
    wanted = {"courriel": ["acces"], "sms": ["acces", "documents", "proches", "demandes"]}
    saved = browser.post(path, {**wanted, "vu": seen(browser, path)})
    assert "réglages des avis sont enregistrés" in saved.text
    profile = profile_of(site, someone)
    assert set(profile.silent_by_mail) == {
        NoticeTheme.DOCUMENTS, NoticeTheme.RELATIVES, NoticeTheme.REQUESTS,
    }  # fmt: skip
    assert profile.silent_by_sms == ()
    assert saved.text.count(" checked") == 5


def test_what_was_changed_meanwhile_is_not_overwritten_unseen(site: Site) -> None:
    someone, browser, path = told(site)
    old = seen(browser, path)
    browser.post(path, {"courriel": ["acces"], "vu": old})
    late = browser.post(path, {"courriel": ["documents"], "vu": old})
    assert late.status_code == 409 and "modifiés entre-temps" in late.text
    assert NoticeTheme.ACCESS not in profile_of(site, someone).silent_by_mail
    assert 'name="courriel" value="documents" checked' in late.text, "nothing chosen is lost"


@pytest.mark.parametrize("kind", list(NoticeKind))
@pytest.mark.parametrize("channel", list(Channel))
def test_a_silent_theme_does_not_leave_and_what_must_be_told_does(
    kind: NoticeKind, channel: Channel
) -> None:
    everything = tuple(NoticeTheme)
    silent = Profile(
        email="a@exemple.fr", phone="0612345678", notices_by_sms=True,
        silent_by_mail=everything, silent_by_sms=everything,
    )  # fmt: skip
    someone = Outgoing(record_id=None, notice_id=None, channel=channel)  # type: ignore[arg-type]
    leaves = message_for(someone, kind, silent) is not None
    assert leaves is (theme_of(kind) in ALWAYS_TOLD)
    other = Profile(email="a@exemple.fr", phone="0612345678", notices_by_sms=True)
    assert message_for(someone, kind, other) is not None


def test_security_is_what_has_no_other_theme() -> None:
    for kind in (NoticeKind.PASSKEY_ADDED, NoticeKind.CONTACT_CHANGED, NoticeKind.LOGIN_BY_CODE):
        assert theme_of(kind) is NoticeTheme.SECURITY
    assert theme_of(NoticeKind.EMERGENCY_ACCESS) is NoticeTheme.EMERGENCY


def test_each_side_reads_for_itself_and_a_carer_not_at_all(site: Site) -> None:
    parent = Someone(site).opens()
    child = lea(site, parent)
    child.read_in_emergency(child.receives("Certificat"), DOCTOR)
    theirs, hers = site.browser(parent.key), site.browser(child.key)
    theirs.post(child.home + "/notifications", {"faire": "lu"})
    assert "Non lus" not in theirs.get(child.home + "/notifications").text
    assert "Non lus" in words(hers.get(child.home + "/notifications").text)
    helped = Someone(site).opens()
    _, carer = a_carer(site, helped, "gerer")
    assert carer.get(helped.home + "/notifications").status_code == 403
