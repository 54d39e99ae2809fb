"""The list of a patient's documents: narrowed by facets, with what its reader has not read, and a look inside.

Source: ux rules of the project §7.3.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from starlette.responses import Response

from dmp.acts.documents.find_documents import Browsed, FindDocuments, browse_documents
from dmp.acts.documents.retrieve_document import RetrieveDocument, retrieve_document
from dmp.acts.sharing.check_access import check_access
from dmp.domain.access.rules import Duty
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.documents.query import DocumentQuery
from dmp.domain.errors import Refused
from dmp.domain.identity.caller import Professional
from dmp.domain.identity.capacity import Capacity
from dmp.entrypoints.web.page import Authentication, Page
from dmp.entrypoints.web.professional.patient import Patient, about_patient, remember, render
from dmp.entrypoints.web.professional.writing.kinds import kinds_of
from dmp.entrypoints.web.record import reading
from dmp.entrypoints.web.record.around import Around, versions_of
from dmp.entrypoints.web.record.criteria import SORTS, STATES, Criteria, criteria_of
from dmp.entrypoints.web.record.facets import Browse, all_of, chosen, neighbours, shelf
from dmp.entrypoints.web.record.reading import Reading
from dmp.entrypoints.web.visit import Visit
from dmp.locale import translate

LONGEST_LOOK = 30_000
"""Characters of a document that have room beside a list."""
WARNINGS = (Duty.WARN_NOT_ANNOUNCED, Duty.WARN_HIDDEN_FROM_REPRESENTATIVES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A look inside one document beside the list; `reading` is None where it must be opened to be read.

    `is_long`: there is no room for it beside a list.
    """

    entry: DocumentEntry
    path: str
    reading: Reading | None
    is_long: bool = False


def browsing(visit: Visit, patient: Patient) -> Browse:
    """How this page asks for documents."""

    async def browse(query: DocumentQuery) -> Browsed:
        return await visit.do(browse_documents, FindDocuments(of=patient.ins, query=query))

    return browse


def criteria_here(visit: Visit) -> Criteria:
    """What a professional asks of the list. Raises Refused: PARAMETER_INVALID."""
    return criteria_of(visit, faceted=True)


async def listed(visit: Visit, patient: Patient) -> Response:
    """The list; with a look inside one document when the address asks for it."""
    criteria = criteria_here(visit)
    look = await _look(visit, patient)
    found = await shelf(criteria, browsing(visit, patient))
    remember(visit, patient)
    path = f"{patient.path}/documents"
    return render(
        visit,
        "professional/documents.html",
        translate("Documents de {patient}", patient=patient.status.record.traits.display),
        patient=patient,
        status=400 if criteria.errors else 200,
        listing=found,
        states=STATES,
        sorts=SORTS,
        path=path,
        address=lambda **changed: criteria.address(path, **changed),
        to=lambda entry: criteria.address(f"{path}/{entry.document_id}"),
        look=look,
        search_path=f"{patient.path}/recherche",
        more=_more(visit, patient),
    )


async def _look(visit: Visit, patient: Patient) -> Look | None:
    """The document that the address asks to look into; None for none, or for one that is not there."""
    asked = visit.asked("apercu", 36)
    if not asked:
        return None
    try:
        document = reading.document_named(asked)
        retrieved = await visit.do(
            retrieve_document, RetrieveDocument(document=document, within=patient.ins)
        )
    except Refused:
        return None
    path = f"{patient.path}/documents/{retrieved.entry.document_id}"
    shown = await reading.read_document(
        retrieved,
        patient.status.record.traits,
        whole=f"{path}/lecture",
        attachment=lambda number: f"{path}/pieces/{number}",
    )
    warned = any(duty in WARNINGS for duty in retrieved.duties) or shown.wrong_identity
    is_long = len(shown.html) > LONGEST_LOOK
    return Look(
        entry=retrieved.entry,
        path=path,
        reading=None if warned or is_long else _beginning(shown),
        is_long=is_long and not warned,
    )


def _beginning(shown: Reading) -> Reading:
    """What a look shows: of a PDF the first page, with the beginning of its text."""
    return replace(shown, pages=shown.pages[:1], text=shown.text[:LONGEST_LOOK])


async def beside(visit: Visit, patient: Patient, entry: DocumentEntry) -> Around:
    """What stands around a document: its neighbours in the list that its reader came from, its versions."""
    criteria = criteria_here(visit)
    found = await all_of(replace(criteria, state="tous"), browsing(visit, patient))
    of_state = [one for one in found.entries if one.status in STATES[criteria.state][1]]
    before, after = neighbours(entry, chosen(criteria, replace(found, entries=tuple(of_state))))
    return Around(newer=before, older=after, versions=versions_of(entry, found.entries))


def _more(visit: Visit, patient: Patient) -> list[tuple[str, str]]:
    """What else can be done about this patient: the end of the address, and the words."""
    if patient.in_emergency or not isinstance(visit.caller.who, Professional):
        return []
    found = [(kind.end, kind.offer) for kind in kinds_of(visit.caller.who)]
    if patient.may_be_secret and not patient.is_secret:
        found.append(("secret", "Passer en connexion secrète, à la demande du mineur"))
    if visit.caller.who.capacity is Capacity.CARE:
        found.append(("accord", "Recueillir l’accord du patient pour mon équipe ou un confrère"))
    if patient.may_block:
        found.append(("bloquer", "Bloquer un autre professionnel"))
    return found


PAGES = (
    Page(
        path="/pro/patients/{patient}/documents",
        view=about_patient(listed),
        authentication=Authentication.READER,
        acts=(check_access, browse_documents, retrieve_document),
    ),
)
