"""The pages of whoever bears a one-time code: enter it, read what was shared, close.

The code is sent in a form, never in an address; a QR code carries it behind the `#`, which no server is told.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from starlette.responses import Response

from dmp.acts.briefly.open_share import OpenShare, ReadShare, ShareShown, open_share, read_share
from dmp.acts.documents.find_documents import MAX_COUNT, FindDocuments, find_documents
from dmp.acts.documents.retrieve_document import (
    Retrieved,
    RetrieveDocument,
    retrieve_document,
)
from dmp.acts.synthesis.read_synthesis import ReadSynthesis, read_shared_summary
from dmp.domain.documents.query import DocumentQuery
from dmp.domain.errors import Category, Reason, Refused
from dmp.domain.identifiers import RecordId
from dmp.domain.identity.caller import CodeBearer
from dmp.domain.record.relations import Shared
from dmp.entrypoints.web.login.attempts import Attempts
from dmp.entrypoints.web.login.bearers import (
    bearer_cookie,
    bearer_of,
    caller_bearing,
    written,
)
from dmp.entrypoints.web.page import Authentication, Page, View
from dmp.entrypoints.web.record import files, reading
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import refusal

READING = "/partage/lecture"
_LONGEST_CODE = 60
_TOO_OFTEN = "Trop de codes ont été essayés. Attendez un quart d’heure, puis recommencez."
_NOBODY = UUID(int=0)
attempts = Attempts(kind="share", most_of_one=10, most_of_all=300, within=timedelta(minutes=15))
"""Codes that opened nothing."""


async def enter(visit: Visit) -> Response:
    """Enter the code. Whatever is wrong with it, one answer; but that it was used already is said."""
    errors: dict[str, str] = {}
    status = 200
    if visit.request.method == "POST":
        client = visit.request.client
        who = client.host if client is not None else ""
        code = visit.form.text("code")[:_LONGEST_CODE]
        if not await attempts.may_try(visit.door.keeper, who, visit.now):
            errors["code"], status = _TOO_OFTEN, 429
        elif not code:
            errors["code"], status = "Écrivez le code que l’on vous a donné.", 400
        else:
            visit.caller = caller_bearing(CodeBearer(share_id=_NOBODY))
            try:
                return await _opened(visit, code)
            except Refused as refused:
                if refused.reason not in (Reason.SHARE_UNKNOWN, Reason.SHARE_USED):
                    raise
                await attempts.failed(visit.door.keeper, who, visit.now)
                errors["code"], status = refusal(refused), 400
    return visit.render(
        "briefly/enter.html",
        "Ouvrir un partage temporaire",
        status=status,
        ended=visit.asked("fin") == "oui",
        errors=errors,
    )


async def _opened(visit: Visit, code: str) -> Response:
    opened = await visit.do(open_share, OpenShare(code=code))
    response = visit.go_to(READING)
    response.set_cookie(
        bearer_cookie(visit.options),
        written(opened),
        max_age=max(1, int((opened.share.end - visit.now).total_seconds())),
        path="/partage",
        secure=visit.options.is_secure,
        httponly=True,
        samesite="lax",
    )
    return response


def _record(visit: Visit) -> RecordId:
    """The record that the cookie leads to; the door made sure that there is one."""
    bearer = bearer_of(visit.request.cookies.get(bearer_cookie(visit.options)))
    if bearer is None:
        raise Refused(Reason.SHARE_UNKNOWN)
    return bearer.record_id


def _while_it_lasts(view: View) -> View:
    """A view of what is shared; when nothing is shared any more, the way back to the code."""

    async def shown(visit: Visit) -> Response:
        try:
            return await view(visit)
        except Refused as refused:
            over = refused.category is Category.FORBIDDEN or refused.reason in (
                Reason.RECORD_NOT_FOUND,
                Reason.SHARE_UNKNOWN,
            )
            if not over:
                raise
            response = visit.go_to("/partage", {"fin": "oui"})
            response.delete_cookie(bearer_cookie(visit.options), path="/partage")
            return response

    return shown


async def _shown(visit: Visit) -> ShareShown:
    return await visit.do(read_share, ReadShare(record_id=_record(visit)))


async def read(visit: Visit) -> Response:
    """What was shared: the summary, the documents, or both."""
    record_id = _record(visit)
    shown = await _shown(visit)
    share = shown.share
    summary = None
    if share.shared in (Shared.SUMMARY, Shared.EVERYTHING):
        summary = await visit.do(read_shared_summary, ReadSynthesis(of=record_id))
    query = DocumentQuery(count=MAX_COUNT)
    page = await visit.do(find_documents, FindDocuments(of=record_id, query=query))
    return visit.render(
        "briefly/reading.html",
        "Ce qui est partagé avec vous",
        shown=shown,
        summary=summary,
        entries=page.entries,
        total=page.total,
        has_documents=share.shared is not Shared.SUMMARY,
    )


async def _retrieved(visit: Visit) -> Retrieved:
    request = RetrieveDocument(document=files.document_id_of(visit), within=_record(visit))
    return await visit.do(retrieve_document, request)


async def document(visit: Visit) -> Response:
    """One document, readable in the page."""
    shown = await _shown(visit)
    retrieved = await _retrieved(visit)
    entry = retrieved.entry
    path = f"{READING}/{entry.document_id}"
    return visit.render(
        "briefly/document.html",
        entry.title,
        shown=shown,
        entry=entry,
        path=path,
        reading=await reading.read_document(
            retrieved,
            shown.traits,
            whole=f"{path}/lecture",
            attachment=lambda number: f"{path}/pieces/{number}",
        ),
    )


async def view_file(visit: Visit) -> Response:
    """A PDF, for the viewer in the page."""
    return await files.view_file(visit, _retrieved)


async def download(visit: Visit) -> Response:
    """The document exactly as deposited."""
    return await files.download(visit, _retrieved)


async def picture(visit: Visit) -> Response:
    """The picture of a page of a PDF."""
    return await files.picture(visit, _retrieved)


async def attachment(visit: Visit) -> Response:
    """Something that a CDA carries."""
    return await files.attachment(visit, _retrieved)


async def close(visit: Visit) -> Response:
    """Forget the sharing in this browser."""
    response = visit.go_to("/partage")
    response.delete_cookie(bearer_cookie(visit.options), path="/partage")
    return response


_BEARER = Authentication.BEARER
_ONE = READING + "/{document}"


def _page(path: str, view: View, *acts: object) -> Page:
    return Page(
        path=path,
        view=_while_it_lasts(view),
        authentication=_BEARER,
        acts=tuple(acts),  # type: ignore[arg-type]  # acts, each with its own types
    )


PAGES = (
    Page(path="/partage", view=enter, authentication=Authentication.NONE, acts=(open_share,)),
    Page(
        path="/partage",
        view=enter,
        authentication=Authentication.NONE,
        method="POST",
        acts=(open_share,),
        needs_token=False,
    ),
    _page(READING, read, read_share, read_shared_summary, find_documents),
    _page(_ONE, document, read_share, retrieve_document),
    _page(_ONE + "/lecture", view_file, retrieve_document),
    _page(_ONE + "/original", download, retrieve_document),
    _page(_ONE + "/pages/{page}", picture, retrieve_document),
    _page(_ONE + "/pieces/{number}", attachment, retrieve_document),
    Page(
        path="/partage/fermer",
        view=close,
        authentication=Authentication.NONE,
        method="POST",
        needs_token=False,
    ),
)
