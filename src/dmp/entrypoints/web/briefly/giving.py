"""The holder's pages of sharing for a short time: choose, show the code once, follow, stop."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from markupsafe import Markup
from starlette.responses import Response

from dmp.acts.briefly.share_briefly import (
    EndShare,
    ShareBriefly,
    end_share,
    share_briefly,
)
from dmp.acts.briefly.share_code import spaced
from dmp.acts.documents.find_documents import FindDocuments, find_documents
from dmp.acts.keepers import DocumentPage
from dmp.acts.sharing.read_choices import ReadChoices, read_choices
from dmp.domain.documents.query import DocumentQuery
from dmp.domain.documents.types import CATEGORIES
from dmp.domain.errors import Reason, Refused
from dmp.domain.record.relations import Share, Shared
from dmp.entrypoints.web.holder.own_record import home_of, record_of
from dmp.entrypoints.web.page import Authentication, Page, form_page
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import refusal
from dmp.formats.qr import qr_svg
from dmp.locale import translate, word

SHOWN = 60
"""Newest documents to choose from; an older one is shared from its own page."""
_BRIEFLY = "partage-temporaire"
LASTING = {
    "1h": ("Une heure", timedelta(hours=1)),
    "4h": ("Quatre heures", timedelta(hours=4)),
    "1j": ("Un jour", timedelta(days=1)),
    "3j": ("Trois jours", timedelta(days=3)),
    "7j": ("Sept jours", timedelta(days=7)),
}


async def briefly(visit: Visit) -> Response:
    """The codes given, and the form for another one."""
    record_id = record_of(visit)
    errors: dict[str, str] = {}
    if visit.request.method == "POST":
        request = _wanted(visit, errors)
        if request is not None:
            made = await _made(visit, request, errors)
            if made is not None:
                return made
    record = await visit.do(read_choices, ReadChoices(of=record_id))
    shares = sorted(record.relations.shares, key=lambda share: share.start, reverse=True)
    page = await _newest(visit)
    asked = visit.asked("document")
    named = visit.form.texts("documents") or [asked]
    return visit.render(
        "briefly/giving.html",
        "Partage temporaire",
        status=400 if errors else 200,
        record_id=record_id,
        in_force=[share for share in shares if share.in_force(visit.now)],
        past=[share for share in shares if not share.in_force(visit.now)],
        entries=page.entries,
        others=[one for one in named if one and one not in _ids(page)],
        chosen=named,
        scopes=[(one.value, word("shared", one.value), "") for one in Shared],
        scope=visit.form.text("portee") or (Shared.DOCUMENTS if asked else Shared.SUMMARY).value,
        categories=[(code, word("category", code)) for code in CATEGORIES],
        category=visit.form.text("categorie"),
        lasting=[(code, text) for code, (text, _) in LASTING.items()],
        lasts=visit.form.text("duree") or "1j",
        given_to=visit.form.text("pour"),
        errors=errors,
    )


async def _newest(visit: Visit) -> DocumentPage:
    query = DocumentQuery(count=SHOWN)
    try:
        return await visit.do(find_documents, FindDocuments(of=record_of(visit), query=query))
    except Refused as refused:
        if refused.reason not in (Reason.RECORD_CLOSED, Reason.RECORD_SUSPENDED):
            raise
        return DocumentPage(entries=(), total=0)


def _ids(page: DocumentPage) -> set[str]:
    return {str(entry.document_id) for entry in page.entries}


def _wanted(visit: Visit, errors: dict[str, str]) -> ShareBriefly | None:
    form = visit.form
    shared = next((one for one in Shared if one == form.text("portee")), None)
    lasts = LASTING.get(form.text("duree"))
    if shared is None:
        errors["portee"] = "Choisissez ce que vous partagez."
    if lasts is None:
        errors["duree"] = "Choisissez une durée."
    if len(form.text("pour")) < 2:
        errors["pour"] = "Écrivez à qui vous donnez le code."
    documents: tuple[UUID, ...] = ()
    try:
        documents = tuple(UUID(text) for text in form.texts("documents") if text)
    except ValueError:
        errors["documents"] = "Cochez des documents de la liste."
    if shared is Shared.DOCUMENTS and not documents:
        errors["documents"] = "Cochez au moins un document."
    if errors or shared is None or lasts is None:
        return None
    return ShareBriefly(
        record_id=record_of(visit),
        shared=shared,
        given_to=form.text("pour"),
        lasts=lasts[1],
        documents=documents,
        category=form.text("categorie"),
    )


async def _made(visit: Visit, request: ShareBriefly, errors: dict[str, str]) -> Response | None:
    try:
        made = await visit.do(share_briefly, request)
    except Refused as refused:
        if refused.reason is Reason.DOCUMENT_NOT_FOUND:
            errors["documents"] = refusal(refused)
        elif refused.reason is Reason.SHARE_NOT_POSSIBLE:
            errors[refused.field or "portee"] = refusal(refused)
        else:
            raise
        return None
    # Sealed: the session is kept, and a code is never kept in clear.
    visit.live.state.code = visit.seal("share", f"{made.share.share_id}\n{made.code}")
    visit.live.changed = True
    return visit.go_to(f"{home_of(request.record_id)}/{_BRIEFLY}/{made.share.share_id}")


async def one(visit: Visit) -> Response:
    """One sharing: its code the first time, then what became of it."""
    record_id = record_of(visit)
    record = await visit.do(read_choices, ReadChoices(of=record_id))
    share = record.relations.share(_share_id(visit))
    if share is None:
        raise Refused(Reason.SHARE_UNKNOWN)
    code = _code(visit, share)
    address = f"{visit.options.base_url}/partage"
    # Made by us, of an address and characters of our own.
    qr = Markup(qr_svg(f"{address}#{code}", translate("Code QR du partage"))) if code else Markup()  # noqa: S704
    return visit.render(
        "briefly/given.html",
        translate("Partage avec {name}", name=share.given_to),
        record_id=record_id,
        share=share,
        is_in_force=share.in_force(visit.now),
        code=spaced(code) if code else "",
        qr=qr,
        address=address,
    )


def _share_id(visit: Visit) -> UUID:
    try:
        return UUID(visit.part("share"))
    except ValueError:
        raise Refused(Reason.SHARE_UNKNOWN) from None


def _code(visit: Visit, share: Share) -> str:
    """The code made for this sharing, taken once; empty afterwards."""
    state = visit.live.state
    if not state.code:
        return ""
    try:
        share_id, _, code = visit.unseal("share", state.code).partition("\n")
    except Refused:
        return ""
    if share_id != str(share.share_id):
        return ""
    state.code = ""
    visit.live.changed = True
    return code


async def end(visit: Visit) -> Response:
    """Stop a sharing at once."""
    record_id = record_of(visit)
    await visit.do(end_share, EndShare(record_id=record_id, share_id=_share_id(visit)))
    visit.notice("Le partage est arrêté : le code n’ouvre plus rien.")
    return visit.go_to(f"{home_of(record_id)}/{_BRIEFLY}")


_HOLDER = Authentication.HOLDER
_PATH = "/espace/{record}/" + _BRIEFLY
PAGES = (
    *form_page(_PATH, briefly, _HOLDER, read_choices, find_documents, share_briefly),
    Page(path=_PATH + "/{share}", view=one, authentication=_HOLDER, acts=(read_choices,)),
    Page(
        path=_PATH + "/{share}/fin",
        view=end,
        authentication=_HOLDER,
        method="POST",
        acts=(end_share,),
    ),
)
