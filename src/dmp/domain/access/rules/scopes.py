"""The scopes that rules give: one's own deposits, a person's view, a professional's view."""

from __future__ import annotations

from functools import cache, lru_cache
from uuid import UUID

from dmp.domain.access.filter import Scope
from dmp.domain.access.policy import Policy
from dmp.domain.access.rules.question import Question
from dmp.domain.documents.types import document_types
from dmp.domain.record.preferences import Covered


def own_ids(question: Question) -> tuple[str, ...]:
    """The caller's identifiers as a depositor: himself, and the structure he acts for."""
    caller = question.caller
    structure = caller.structure
    return (caller.id, structure.id_nat) if structure else (caller.id,)


def own_scope(question: Question) -> Scope:
    """The caller's own deposits, and nothing else."""
    return _own(own_ids(question))


@lru_cache(maxsize=4096)
def _own(ids: tuple[str, ...]) -> Scope:
    return Scope(own_ids=ids, own_only=True)


def everything(question: Question) -> Scope:
    """All types, masked documents too."""
    return _professionals(own_ids(question), None, True, _NO_DOCUMENT, _NO_TYPE)


def by_the_matrix(question: Question, policy: Policy, *, masked: bool) -> Scope:
    """The types of the caller's line; what is masked to all, or to him, only when `masked`."""
    matrix = policy.matrices.at(question.at)
    line = matrix.line_of(question.caller.who)
    documents, types = (_NO_DOCUMENT, _NO_TYPE) if masked else _kept_from(question, line)
    return _professionals(own_ids(question), matrix.types_for(line), masked, documents, types)


_NO_DOCUMENT: frozenset[UUID] = frozenset()
_NO_TYPE: frozenset[str] = frozenset()


@lru_cache(maxsize=4096)
def _professionals(
    ids: tuple[str, ...],
    types: frozenset[str] | None,
    masked: bool,
    kept_documents: frozenset[UUID],
    kept_types: frozenset[str],
) -> Scope:
    """A professional's view. The hour makes no difference: he sees what awaits its announcement."""
    return Scope(
        own_ids=ids,
        types=types,
        sees_masked=masked,
        sees_hidden_from_patient=True,
        sees_hidden_from_representatives=True,
        kept_documents=kept_documents,
        kept_types=kept_types,
    )


def _kept_from(question: Question, line: str) -> tuple[frozenset[UUID], frozenset[str]]:
    """The documents and the types that the holder keeps from the caller in particular."""
    record = question.record
    if record is None or not record.preferences.masks:
        return _NO_DOCUMENT, _NO_TYPE
    documents: set[UUID] = set()
    types = _NO_TYPE
    for mask in record.preferences.masks_before(line, question.caller.id, question.at):
        document = mask.document
        if document is not None:
            documents.add(document)
        else:
            types |= types_covered(mask.covered, mask.target)
    return frozenset(documents), types


@cache
def types_covered(covered: Covered, category: str) -> frozenset[str]:
    """The document types of a category, or all of them."""
    if covered is Covered.EVERYTHING:
        return frozenset(document_types())
    return frozenset(c for c, kind in document_types().items() if kind.category == category)
