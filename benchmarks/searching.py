"""`search`: a phrase in a record of 400 documents, as the doctor's page shows it, and a word misspelt.

The baseline is a bare query of the same rows: the entries with their sealed texts.
"""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import median, quantiles
from time import perf_counter_ns, process_time
from urllib.parse import quote

import httpx
import psycopg

from benchmarks.doctor_before_pages import logged_in, timed
from benchmarks.figures import Figure
from benchmarks.letters import letter, words
from benchmarks.place import Place, place
from benchmarks.preparation import DOCTOR, MODEL, opened_record, person
from dmp.acts.documents.provide_documents import provide_documents
from dmp.acts.perform import perform
from dmp.acts.sharing.grant_consent import GrantConsent, grant_consent
from dmp.bootstrap.house import Built, built
from dmp.bootstrap.jobs import tune_collector
from dmp.domain.codes import LOINC, Code
from dmp.domain.documents.submission import ClaimedDocument, Submission
from dmp.domain.identifiers import Ins, RecordId
from dmp.formats.pdf import write_pdf
from dmp.settings import Settings

DOCUMENTS = 400
PAGES = 15
"""Pages of each kind in a run."""
PHRASE = '"douleur du thorax"'
MISSPELT = "radiogrphie"
_PDF_LINES = 110
_ROWS = """
SELECT document.entry, document_text.sealed FROM document
LEFT JOIN document_text ON document_text.record_id = document.record_id
    AND document_text.document_id = document.document_id
WHERE document.record_id = %s AND document.status = 'approved'
ORDER BY document.created_at DESC, document.document_id DESC
"""


@dataclass(frozen=True)
class _Reader:
    """A doctor before his browser. `page` searches and returns milliseconds."""

    http: httpx.AsyncClient
    path: str
    cookie: dict[str, str]

    async def page(self, asked: str) -> float:
        return await timed(self.http, f"{self.path}?mots={quote(asked)}", self.cookie, "<mark>")


def measure(rounds: int, told: Callable[[str], None]) -> list[Figure]:
    told(f"search: preparing a record of {DOCUMENTS} documents")
    with place() as here:
        settings = Settings(database_url=here.dsn, data=here.folder / "house", test_mode=True)
        record = asyncio.run(_deposited(settings))
        with psycopg.connect(here.dsn, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
        return asyncio.run(_compared(here, settings, record, rounds, told))


async def _deposited(settings: Settings) -> RecordId:
    """Half of the documents letters of 30 kB, a quarter PDF, a quarter letters that carry a PDF."""
    ins = person(MODEL)
    async with built(settings) as standing:
        record = await opened_record(standing, ins)
        consent = GrantConsent(record_id=record.record_id)
        await perform(standing.house, grant_consent, consent, DOCTOR)
        for number in range(DOCUMENTS):
            submission = Submission(ins=ins, documents=(_claimed(number, ins),), simplified=True)
            await perform(standing.house, provide_documents, submission, DOCTOR)
    return record.record_id


def _claimed(number: int, ins: Ins) -> ClaimedDocument:
    if number % 2 == 0:
        return ClaimedDocument(
            content=letter(number, ins.matricule), content_type="text/xml", ins=ins
        )
    drawn = Random(number)  # noqa: S311  # a text to be measured, no secret
    pdf = write_pdf(f"Examen {number}", [words(drawn) for _ in range(_PDF_LINES)])
    if number % 4 == 1:
        body = (
            b'<component><nonXMLBody><text mediaType="application/pdf" representation="B64">'
            + b64encode(pdf)
            + b"</text></nonXMLBody></component></ClinicalDocument>"
        )
        head = letter(number, ins.matricule, octets=1_000).partition(
            b"<component><structuredBody>"
        )[0]
        return ClaimedDocument(content=head + body, content_type="text/xml", ins=ins)
    return ClaimedDocument(
        content=pdf,
        content_type="application/pdf",
        ins=ins,
        title=f"Examen {number}",
        type_code=Code("18748-4", LOINC, "CR d'imagerie médicale"),
        created_at=datetime.now(UTC) - timedelta(days=number),
    )


async def _compared(
    here: Place, settings: Settings, record: RecordId, rounds: int, told: Callable[[str], None]
) -> list[Figure]:
    phrase: list[float] = []
    misspelt: list[float] = []
    bare: list[float] = []
    every: list[float] = []
    busy: list[float] = []
    async with built(settings) as standing:
        reader = await _before(standing, settings)
        await reader.page(PHRASE)
        await reader.page(MISSPELT)
        tune_collector()
        with psycopg.connect(here.dsn, autocommit=True, prepare_threshold=1) as connection:
            _bare(connection, record)
            for number in range(rounds):
                began = process_time()
                pages = await _pages(lambda: reader.page(PHRASE))
                busy.append((process_time() - began) * 1e3 / PAGES)
                every += pages
                phrase.append(median(pages))
                misspelt.append(median(await _pages(lambda: reader.page(MISSPELT))))
                bare.append(median(_bare(connection, record) for _ in range(PAGES)))
                told(
                    f"search: run {number + 1} of {rounds}: {phrase[-1]:.0f} ms, "
                    f"{misspelt[-1]:.0f} ms misspelt, {bare[-1]:.1f} ms bare rows"
                )
            size = _size(connection, record)
        await reader.http.aclose()
    notes = [
        f"data: {DOCUMENTS} documents, half CDA of 30 kB, a quarter PDF of three pages, a quarter CDA with "
        f"such a PDF; {size}; the page as its reader gets it: session, decisions, traces made durable, "
        "texts opened and looked through, excerpts, HTML",
        f"{PAGES} pages of each kind a run, medians; all pages of the phrase: 95th percentile "
        f"{quantiles(every, n=20)[-1]:.0f} ms; processor time of the server a page: "
        f"{median(busy):.0f} ms ({min(busy):.0f} to {max(busy):.0f}); "
        "baseline: the same rows by one connection",
    ]
    return [
        Figure("search, a phrase", "ms", phrase, bare, "under 150 ms", notes),
        Figure("search, a word misspelt", "ms", misspelt, bare, "none", notes),
    ]


async def _pages(once: Callable[[], Awaitable[float]]) -> list[float]:
    return [await once() for _ in range(PAGES)]


def _bare(connection: psycopg.Connection, record: RecordId) -> float:
    began = perf_counter_ns()
    connection.execute(_ROWS.encode(), (record,), binary=True).fetchall()
    return (perf_counter_ns() - began) / 1e6


def _size(connection: psycopg.Connection, record: RecordId) -> str:
    row = connection.execute(
        "SELECT count(*), sum(octet_length(sealed)) FROM document_text WHERE record_id = %s",
        (record,),
    ).fetchone()
    if row is None or row[0] != DOCUMENTS:
        raise RuntimeError("not every document of the benchmark has its text")
    return f"texts of {row[1] / 1e6:.1f} MB sealed"


async def _before(standing: Built, settings: Settings) -> _Reader:
    """The doctor, logged in, before the search page of his patient."""
    http, patient, cookie = await logged_in(standing, settings, DOCTOR, person(MODEL))
    return _Reader(http, f"{patient}/recherche", cookie)
