"""The page that prepares a copy, and the copy."""

from __future__ import annotations

from datetime import date
from functools import partial

from anyio import to_thread
from starlette.responses import Response, StreamingResponse

from dmp.acts.copying.take_copy import TakeCopy, take_copy
from dmp.acts.sharing.read_choices import ReadChoices, read_choices
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.documents.types import CATEGORIES
from dmp.domain.errors import Reason, Refused
from dmp.domain.record.health_record import State
from dmp.entrypoints.web import headers
from dmp.entrypoints.web.copying.medium import MediumWriter
from dmp.entrypoints.web.holder.own_record import record_of
from dmp.entrypoints.web.page import Authentication, Page, form_page
from dmp.entrypoints.web.record.typed_day import typed_day
from dmp.entrypoints.web.visit import Visit
from dmp.locale import speak, translate, word

_TOO_LARGE = "Cette copie dépasse 2 Go : choisissez une période ou des catégories."


async def copy(visit: Visit) -> Response:
    """Choose what to copy; sent, the zip itself comes back."""
    record_id = record_of(visit)
    errors: dict[str, str] = {}
    if visit.request.method == "POST":
        writer = MediumWriter(reader=visit.caller.id, at=visit.now)
        request = _wanted(visit, writer, errors)
        if request is not None:
            try:
                return await _written(visit, writer, request)
            except Refused as refused:
                if refused.reason is not Reason.REQUEST_TOO_LARGE:
                    raise
                errors["portee"] = _TOO_LARGE
        writer.drop()
    record = await visit.do(read_choices, ReadChoices(of=record_id))
    return visit.render(
        "copying/copy.html",
        "Télécharger une copie",
        status=400 if errors else 200,
        record_id=record_id,
        is_open=record.state is State.OPEN,
        categories=[(code, word("category", code)) for code in CATEGORIES],
        chosen=visit.form.texts("categories"),
        typed=visit.form,
        masked=visit.request.method != "POST" or visit.form.checked("masques"),
        errors=errors,
    )


def _wanted(visit: Visit, writer: MediumWriter, errors: dict[str, str]) -> TakeCopy | None:
    first, last = _day(visit, "du", errors), _day(visit, "au", errors)
    if first and last and first > last:
        errors["au"] = "La date de fin doit suivre la date de début."
    if errors:
        return None
    language = visit.preferences.language

    def put(entry: DocumentEntry, content: bytes) -> None:
        with speak(language):
            writer.take(entry, content)

    async def take(entry: DocumentEntry, content: bytes) -> None:
        await to_thread.run_sync(put, entry, content)

    return TakeCopy(
        record_id=record_of(visit),
        take=take,
        first=first,
        last=last,
        categories=frozenset(visit.form.texts("categories")) & frozenset(CATEGORIES),
        masked=visit.form.checked("masques"),
    )


def _day(visit: Visit, name: str, errors: dict[str, str]) -> date | None:
    text = visit.form.text(name)
    try:
        return typed_day(text) if text else None
    except ValueError:
        errors[name] = "Saisissez une date, par exemple 12/03/2026."
        return None


async def _written(visit: Visit, writer: MediumWriter, request: TakeCopy) -> Response:
    try:
        copied = await visit.do(take_copy, request)
        language = visit.preferences.language

        def finish() -> None:
            with speak(language):
                writer.finish(copied, visit.house.new_uuid())

        await to_thread.run_sync(finish)
    except BaseException:
        await to_thread.run_sync(partial(writer.drop))
        raise
    visit.policy = headers.FILE_POLICY
    response = StreamingResponse(writer.chunks(), media_type="application/zip")
    name = headers.file_name(translate("Copie du dossier"), "zip")
    response.headers["Content-Disposition"] = headers.disposition("attachment", name)
    return response


PAGES: tuple[Page, ...] = form_page(
    "/espace/{record}/telecharger", copy, Authentication.HOLDER, read_choices, take_copy
)
