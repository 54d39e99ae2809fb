"""A professional searches inside the documents of a patient."""

from __future__ import annotations

from starlette.responses import Response

from dmp.acts.documents.search_documents import SearchAnswer, SearchDocuments, search_documents
from dmp.acts.sharing.check_access import check_access
from dmp.domain.documents.query import DocumentQuery
from dmp.domain.documents.types import CATEGORIES
from dmp.entrypoints.web.page import Authentication, Page
from dmp.entrypoints.web.professional.patient import Patient, about_patient, remember, render
from dmp.entrypoints.web.record.filing import STATES
from dmp.entrypoints.web.searching.looking import PAGE, looked_of, results_of
from dmp.entrypoints.web.visit import Visit
from dmp.locale import translate


async def _searched(visit: Visit, patient: Patient) -> Response:
    async def search(words: str, query: DocumentQuery, first: int) -> SearchAnswer:
        request = SearchDocuments(of=patient.ins, words=words, query=query, first=first, count=PAGE)
        return await visit.do(search_documents, request)

    looked = looked_of(visit)
    results = await results_of(looked, search)
    remember(visit, patient)
    return render(
        visit,
        "searching/professional.html",
        translate(
            "Recherche dans le dossier de {patient}", patient=patient.status.record.traits.display
        ),
        status=400 if looked.errors else 200,
        patient=patient,
        looked=looked,
        results=results,
        errors=looked.errors,
        states=STATES,
        categories=tuple(CATEGORIES),
        path=f"{patient.path}/recherche",
        documents=f"{patient.path}/documents",
    )


PAGES = (
    Page(
        path="/pro/patients/{patient}/recherche",
        view=about_patient(_searched),
        authentication=Authentication.READER,
        acts=(check_access, search_documents),
    ),
)
