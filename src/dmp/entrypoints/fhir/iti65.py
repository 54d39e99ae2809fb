"""ITI-65, Provide Document Bundle (TD2, TD2.1): a transaction with one submission set."""

from __future__ import annotations

from collections.abc import Iterator

from starlette.responses import Response

from dmp.acts.documents.provide_documents import Provided, Receipt, provide_documents
from dmp.entrypoints.fhir.bodies import largest_deposit, read_resource
from dmp.entrypoints.fhir.door import Exchange, answer
from dmp.formats.fhir.deposit.bundle import (
    EntryAnswer,
    Kind,
    ProvidedBundle,
    read_bundle,
    write_transaction_response,
)


async def transaction(exchange: Exchange) -> Response:
    """`POST [base]`."""
    limit = exchange.house.rules.max_document_octets
    # The bundle is not kept: its base64 would lie beside the documents until the answer.
    provided = read_bundle(
        await read_resource(exchange.request, largest_deposit(limit)),
        test_mode=exchange.house.rules.test_mode,
        limit=limit,
    )
    receipt = await exchange.perform(provide_documents, provided.submission)
    return answer(write_transaction_response(_answers(provided, receipt)))


def _answers(provided: ProvidedBundle, receipt: Receipt) -> Iterator[EntryAnswer]:
    for slot in provided.slots:
        match slot.kind:
            case Kind.SUBMISSION_SET:
                yield EntryAnswer(
                    status=201, location=f"List/{receipt.submission.submission_id}", version=1
                )
            case Kind.DOCUMENT:
                yield _document(receipt.documents[slot.document])
            case Kind.CONTENT:
                one = receipt.documents[slot.document]
                yield EntryAnswer(
                    status=_status(one), location=f"Binary/{one.entry.document_id}", version=1
                )
            case Kind.SUPERSEDE:
                yield _superseded(receipt.documents[slot.document])
            case Kind.PATIENT:
                yield EntryAnswer(status=200)


def _status(one: Provided) -> int:
    """201 for what was created, 200 for what was there already: the same bytes sent again."""
    return 200 if one.was_known else 201


def _document(one: Provided) -> EntryAnswer:
    return EntryAnswer(
        status=_status(one),
        location=f"DocumentReference/{one.entry.document_id}",
        version=one.entry.version,
        remarks=one.warnings,
    )


def _superseded(one: Provided) -> EntryAnswer:
    if one.replaced is None:  # sent again: the replacement was made the first time
        return EntryAnswer(status=200)
    return EntryAnswer(
        status=200,
        location=f"DocumentReference/{one.replaced.document_id}",
        version=one.replaced.version,
    )
