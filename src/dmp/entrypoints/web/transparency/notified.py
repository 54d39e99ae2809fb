"""The notices of a holder: read, marked as read, and which of them leave by mail or SMS, theme by theme."""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import Response

from dmp.acts.person.profile import ReadProfile, SaveProfile, read_profile, save_profile
from dmp.acts.person.read_notices import ReadNotices, read_notices
from dmp.acts.space.choose import (
    Choice,
    ChooseForSpace,
    ReadSpaceChoices,
    choose_for_space,
    read_space_choices,
)
from dmp.domain.errors import Reason, Refused
from dmp.domain.record.declared.changes import mark_of
from dmp.domain.record.notice import ALWAYS_TOLD, NoticeTheme
from dmp.domain.record.profile import Profile
from dmp.entrypoints.web.forms import Form
from dmp.entrypoints.web.holder.own_record import home_of, record_of
from dmp.entrypoints.web.page import Authentication, form_page
from dmp.entrypoints.web.visit import Visit

SHOWN_NOTICES = 100
THEMES: dict[NoticeTheme, tuple[str, str]] = {
    NoticeTheme.ACCESS: (
        "Accès au dossier",
        "Un professionnel ouvre le dossier pour la première fois, un partage est ouvert.",
    ),
    NoticeTheme.DOCUMENTS: (
        "Documents",
        "Un document arrive, ou devient visible.",
    ),
    NoticeTheme.RELATIVES: (
        "Proches",
        "Un proche répond à une invitation ou met fin à son aide, une majorité approche.",
    ),
    NoticeTheme.REQUESTS: (
        "Demandes et signalements",
        "Une réponse à une correction ou à un signalement.",
    ),
    NoticeTheme.EMERGENCY: (
        "Urgences",
        "La loi veut que vous en soyez prévenu.",
    ),
    NoticeTheme.SECURITY: (
        "Sécurité du compte",
        "Pour que personne n’agisse à votre place sans que vous le sachiez.",
    ),
}
"""What each theme is called, and what is told under it."""
MEANWHILE = (
    "Ces réglages ont été modifiés entre-temps, dans un autre onglet ou par quelqu’un d’autre."
)


async def notifications(visit: Visit) -> Response:
    """The notices and their settings; or one change of these."""
    record_id = record_of(visit)
    if visit.request.method == "POST":
        if visit.form.text("faire") == "lu":
            request = ChooseForSpace(record_id=record_id, choice=Choice.READ_NOTICES)
            await visit.do(choose_for_space, request)
            visit.notice("Tous les avis sont marqués comme lus.")
            return visit.go_to(f"{home_of(record_id)}/notifications")
        return await _settle(visit)
    kept = await visit.do(read_profile, ReadProfile(record_id=record_id))
    return await _page(visit, kept, kept)


async def _settle(visit: Visit) -> Response:
    """Which themes leave by which way. Another change in between is shown, never overwritten unseen."""
    record_id = record_of(visit)
    kept = await visit.do(read_profile, ReadProfile(record_id=record_id))
    given = silenced(visit.form, kept)
    seen = visit.form.text("vu")
    if seen != settings_mark(kept):
        return await _page(visit, given, kept, meanwhile=True)
    try:
        request = SaveProfile(record_id=record_id, profile=given, seen=mark_of(kept))
        await visit.do(save_profile, request)
    except Refused as refused:
        if refused.reason is not Reason.CONCURRENT_CHANGE:
            raise
        now = await visit.do(read_profile, ReadProfile(record_id=record_id))
        return await _page(visit, given, now, meanwhile=True)
    visit.notice("Les réglages des avis sont enregistrés.")
    return visit.go_to(f"{home_of(record_id)}/notifications")


def settings_mark(profile: Profile) -> str:
    """A short word that differs when the settings do."""
    return mark_of((profile.silent_by_mail, profile.silent_by_sms))


def silenced(form: Form, kept: Profile) -> Profile:
    """The profile with the themes that are not ticked silenced; what must be told is never so."""
    chosen = [theme for theme in NoticeTheme if theme not in ALWAYS_TOLD]
    by_mail, by_sms = set(form.texts("courriel")), set(form.texts("sms"))
    return replace(
        kept,
        silent_by_mail=tuple(theme for theme in chosen if theme.value not in by_mail),
        silent_by_sms=tuple(theme for theme in chosen if theme.value not in by_sms),
    )


async def _page(
    visit: Visit, shown: Profile, kept: Profile, *, meanwhile: bool = False
) -> Response:
    record_id = record_of(visit)
    request = ReadNotices(record_id=record_id, limit=SHOWN_NOTICES)
    notices = await visit.do(read_notices, request)
    own = await visit.do(read_space_choices, ReadSpaceChoices(record_id=record_id))
    unread = [one for one in notices if own.read_until is None or one.at > own.read_until]
    return visit.render(
        "holder/notifications.html",
        "Avis",
        status=409 if meanwhile else 200,
        record_id=record_id,
        notices=[one for one in notices if one not in unread],
        unread=unread,
        themes=THEMES,
        always=ALWAYS_TOLD,
        profile=shown,
        by_mail=kept.notices_by_mail and bool(kept.email),
        by_sms=kept.notices_by_sms and bool(kept.phone),
        seen=settings_mark(kept),
        errors={"": MEANWHILE} if meanwhile else {},
    )


PAGES = form_page(
    "/espace/{record}/notifications",
    notifications,
    Authentication.HOLDER,
    read_notices,
    read_space_choices,
    choose_for_space,
    read_profile,
    save_profile,
)
