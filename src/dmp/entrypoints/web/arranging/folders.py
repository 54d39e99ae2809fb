"""Folders of one's own, and documents on top of the list.

A folder shows what exists in it for its reader and counts nothing else (`dmp.acts.arranging`).
"""

from __future__ import annotations

from uuid import UUID

from starlette.responses import Response

from dmp.acts.arranging.arrange_documents import (
    Arranged,
    ArrangeDocuments,
    Doing,
    FolderShown,
    ReadArrangement,
    arrange_documents,
    read_arrangement,
)
from dmp.acts.documents.retrieve_document import RetrieveDocument, read_metadata
from dmp.domain.arranging.arrangement import MAX_NAME
from dmp.domain.errors import Reason, Refused
from dmp.entrypoints.web.holder.own_record import home_of, record_of
from dmp.entrypoints.web.page import Authentication, Page, form_page
from dmp.entrypoints.web.record.files import document_id_of
from dmp.entrypoints.web.refusals import STATUS
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import refusal

ABOUT_NAME = (Reason.FOLDER_NAME_TAKEN, Reason.FOLDER_NOT_POSSIBLE)
"""Refusals that are said beside the name of a folder."""


async def arranged_of(visit: Visit) -> Arranged:
    """How the documents of the address's record are arranged, for whoever is logged in."""
    return await visit.do(read_arrangement, ReadArrangement(record_id=record_of(visit)))


async def folders(visit: Visit) -> Response:
    """The list of folders, and a new one."""
    record_id = record_of(visit)
    errors: dict[str, str] = {}
    status = 200
    if visit.request.method == "POST":
        name = visit.form.text("nom")
        request = ArrangeDocuments(record_id=record_id, doing=Doing.CREATE, name=name)
        try:
            made = await visit.do(arrange_documents, request)
            visit.notice("Dossier créé.")
            return visit.go_to(f"{home_of(record_id)}/dossiers/{made.folder_id}")
        except Refused as refused:
            status = _beside_the_name(refused, errors)
    return visit.render(
        "arranging/folders.html",
        "Mes dossiers de classement",
        status=status,
        record_id=record_id,
        arranged=await arranged_of(visit),
        typed=visit.form.text("nom"),
        longest=MAX_NAME,
        path=f"{home_of(record_id)}/dossiers",
        errors=errors,
    )


def _beside_the_name(refused: Refused, errors: dict[str, str]) -> int:
    if refused.reason not in ABOUT_NAME:
        raise refused
    errors["nom"] = refusal(refused)
    return STATUS[refused.category]


def folder_choices(arranged: Arranged) -> list[tuple[str, str]]:
    """The folders to choose from in a form."""
    return [(str(one.folder_id), one.name) for one in arranged.folders]


def folder_named(arranged: Arranged, text: str) -> FolderShown:
    """A folder by its identifier as an address or a form carries it. Raises Refused: FOLDER_NOT_FOUND."""
    found = next((one for one in arranged.folders if str(one.folder_id) == text), None)
    if found is None:
        raise Refused(Reason.FOLDER_NOT_FOUND)
    return found


async def folder(visit: Visit) -> Response:
    """One folder: what is in it; its name, and its end."""
    record_id = record_of(visit)
    shown = folder_named(await arranged_of(visit), visit.part("folder"))
    path = f"{home_of(record_id)}/dossiers/{shown.folder_id}"
    errors: dict[str, str] = {}
    status = 200
    if visit.request.method == "POST":
        try:
            return await _change_folder(visit, shown, path)
        except Refused as refused:
            status = _beside_the_name(refused, errors)
    return visit.render(
        "arranging/folder.html",
        shown.name,
        status=status,
        record_id=record_id,
        folder=shown,
        typed=visit.form.text("nom") or shown.name,
        documents=f"{home_of(record_id)}/documents",
        path=path,
        errors=errors,
    )


async def _change_folder(visit: Visit, shown: FolderShown, path: str) -> Response:
    record_id, form = record_of(visit), visit.form
    choice, taken, name = form.text("choix"), form.text("sortir"), form.text("nom")
    documents: tuple[UUID, ...] = (_uuid(taken),) if taken else ()
    if taken:
        doing, done = Doing.TAKE_OUT, "Document sorti du dossier."
    elif choice == "renommer":
        doing, done = Doing.RENAME, "Dossier renommé."
    elif choice == "supprimer":
        doing = Doing.DELETE
        done = "Dossier supprimé. Les documents restent dans votre dossier médical."
    else:
        raise Refused(Reason.PARAMETER_INVALID, parameter="choix", detail="choix inconnu")
    request = ArrangeDocuments(
        record_id=record_id, doing=doing, folder=shown.folder_id, name=name, documents=documents
    )
    await visit.do(arrange_documents, request)
    visit.notice(done)
    return visit.go_to(path.rpartition("/")[0] if doing is Doing.DELETE else path)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Refused(Reason.DOCUMENT_NOT_FOUND) from None


async def put_away(visit: Visit) -> Response:
    """Put one document in a folder that is there, or in a new one."""
    record_id, document_id = record_of(visit), document_id_of(visit)
    entry = await visit.do(read_metadata, RetrieveDocument(document=document_id, within=record_id))
    path = f"{home_of(record_id)}/documents/{document_id}"
    errors: dict[str, str] = {}
    status = 200
    if visit.request.method == "POST":
        try:
            made = await put(visit, (document_id,), errors)
            if made is not None:
                visit.notice("Document rangé.")
                return visit.go_to(path)
            status = 400
        except Refused as refused:
            status = _beside_the_name(refused, errors)
    return visit.render(
        "arranging/put_away.html",
        "Ranger dans un dossier",
        status=status,
        record_id=record_id,
        entry=entry,
        folder_choices=folder_choices(await arranged_of(visit)),
        chosen=visit.form.text("dossier"),
        typed=visit.form.text("nom"),
        path=path,
        errors=errors,
    )


async def put(visit: Visit, documents: tuple[UUID, ...], errors: dict[str, str]) -> Arranged | None:
    """Put documents where the form says: `dossier` names a folder, else `nom` a new one. Raises Refused."""
    chosen, name = visit.form.text("dossier"), visit.form.text("nom")
    if not chosen and not name:
        errors["dossier"] = "Choisissez un dossier, ou donnez un nom à un nouveau dossier."
        return None
    request = ArrangeDocuments(
        record_id=record_of(visit),
        doing=Doing.PUT,
        folder=_folder_id(chosen) if chosen else None,
        name=name,
        documents=documents,
    )
    return await visit.do(arrange_documents, request)


def _folder_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Refused(Reason.FOLDER_NOT_FOUND) from None


async def pin(visit: Visit) -> Response:
    """Put a document on top of the list, or no longer."""
    record_id, document_id = record_of(visit), document_id_of(visit)
    doing = {"epingler": Doing.PIN, "retirer": Doing.UNPIN}.get(visit.form.text("choix"))
    if doing is None:
        raise Refused(Reason.PARAMETER_INVALID, parameter="choix", detail="choix inconnu")
    request = ArrangeDocuments(record_id=record_id, doing=doing, documents=(document_id,))
    await visit.do(arrange_documents, request)
    visit.notice(
        "Document épinglé en haut de la liste." if doing is Doing.PIN else "Document désépinglé."
    )
    return visit.go_to(f"{home_of(record_id)}/documents/{document_id}")


_HOLDER = Authentication.HOLDER
_RECORD = "/espace/{record}"
_ONE = _RECORD + "/documents/{document}"
_ARRANGING = (read_arrangement, arrange_documents)
PAGES = (
    *form_page(_RECORD + "/dossiers", folders, _HOLDER, *_ARRANGING),
    *form_page(_RECORD + "/dossiers/{folder}", folder, _HOLDER, *_ARRANGING),
    *form_page(_ONE + "/ranger", put_away, _HOLDER, read_metadata, *_ARRANGING),
    Page(
        path=_ONE + "/epingle",
        view=pin,
        authentication=_HOLDER,
        method="POST",
        acts=(arrange_documents,),
    ),
)
