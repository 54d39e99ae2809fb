"""Say that something in a document is wrong, and follow what becomes of it."""

from __future__ import annotations

from starlette.responses import Response

from dmp.acts.corrections.ask_correction import AskCorrection, ask_correction
from dmp.acts.corrections.list_corrections import ListCorrections, list_corrections
from dmp.acts.documents.retrieve_document import RetrieveDocument, read_metadata
from dmp.domain.arranging.correction import MAX_TEXT, owes_an_answer
from dmp.domain.errors import Reason, Refused
from dmp.domain.record.notice import OPERATOR
from dmp.entrypoints.web.holder.own_record import home_of, record_of
from dmp.entrypoints.web.page import Authentication, Page, form_page
from dmp.entrypoints.web.record.files import document_id_of
from dmp.entrypoints.web.refusals import STATUS
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import refusal


async def ask(visit: Visit) -> Response:
    """What is wrong in this document, in words; what was asked before stands below."""
    record_id, document_id = record_of(visit), document_id_of(visit)
    entry = await visit.do(read_metadata, RetrieveDocument(document=document_id, within=record_id))
    earlier = await visit.do(
        list_corrections, ListCorrections(record_id=record_id, document=document_id)
    )
    errors: dict[str, str] = {}
    status = 200
    if visit.request.method == "POST":
        try:
            text = visit.form.text("texte")
            request = AskCorrection(record_id=record_id, document=document_id, text=text)
            await visit.do(ask_correction, request)
            visit.notice("Votre demande est envoyée. La réponse s’affichera ici.")
            return visit.go_to(f"{home_of(record_id)}/corrections")
        except Refused as refused:
            if refused.reason is not Reason.CORRECTION_NOT_POSSIBLE:
                raise
            errors["texte" if refused.field else ""] = refusal(refused)
            status = STATUS[refused.category]
    try:
        addressee, author = owes_an_answer(entry)
    except Refused:
        addressee, author = "", ""
    return visit.render(
        "correcting/ask.html",
        "Ceci est faux",
        status=status,
        record_id=record_id,
        entry=entry,
        author=author,
        is_possible=bool(addressee),
        to_operator=addressee == OPERATOR,
        earlier=earlier,
        typed=visit.form.text("texte"),
        longest=MAX_TEXT,
        path=f"{home_of(record_id)}/documents/{document_id}",
        errors=errors,
    )


async def follow(visit: Visit) -> Response:
    """Every request of the record, newest first, with the answers."""
    record_id = record_of(visit)
    requests = await visit.do(list_corrections, ListCorrections(record_id=record_id))
    return visit.render(
        "correcting/follow.html",
        "Demandes de correction",
        record_id=record_id,
        requests=requests,
        operator=OPERATOR,
        documents=f"{home_of(record_id)}/documents",
    )


_HOLDER = Authentication.HOLDER
PAGES = (
    *form_page(
        "/espace/{record}/documents/{document}/corriger",
        ask,
        _HOLDER,
        read_metadata,
        list_corrections,
        ask_correction,
    ),
    Page(
        path="/espace/{record}/corrections",
        view=follow,
        authentication=_HOLDER,
        acts=(list_corrections,),
    ),
)
