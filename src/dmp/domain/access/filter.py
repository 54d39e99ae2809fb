"""The scope of a reader: which documents of a record exist for him. One table of rules, said twice.

Each row of `DOCUMENT_RULES` says in Python and in SQL when a document does not exist for a reader.
`Scope.verdict` reads the first for one document, `CONDITION` joins the second for lists; a property test
puts generated documents through both, rule by rule and together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from dmp.domain.documents.entry import DocumentEntry, Status
from dmp.domain.record.calendar import reveal_due

_NEVER = datetime(9999, 12, 31, tzinfo=UTC)
_ALWAYS = datetime(1, 1, 2, tzinfo=UTC)
_UNNAMED = UUID(int=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFacts:
    """What the rules need to know of one document.

    `reveal_at` is when it becomes visible to the patient by itself, if it is hidden from him.
    """

    type_code: str
    owner_ids: frozenset[str]
    document_id: UUID = _UNNAMED
    masked: bool = False
    hidden_from_patient: bool = False
    reveal_at: datetime = _NEVER
    hidden_from_representatives: bool = False
    deleted: bool = False

    @classmethod
    def of(cls, entry: DocumentEntry) -> DocumentFacts:
        """The facts of a registered document."""
        seen = entry.visibility
        return cls(
            type_code=entry.type_code.code,
            owner_ids=frozenset(entry.owner_ids),
            document_id=entry.document_id,
            masked=seen.masked,
            hidden_from_patient=seen.hidden_from_patient,
            reveal_at=reveal_due(entry.waits_since) if seen.hidden_from_patient else _NEVER,
            hidden_from_representatives=seen.hidden_from_representatives,
            deleted=entry.status is Status.DELETED,
        )


class Scope(NamedTuple):
    """Which documents of one record exist for one reader at the instant `at`.

    `types` None means every type. `own_ids` are the reader's identifiers as a depositor (person and
    structure). `own_only` leaves nothing else. `kept_documents` and `kept_types` are what the holder
    keeps from this reader in particular. `only` names the documents shared with him, None means whichever.
    `even_deleted` is for the history of what was done.

    A named tuple: one is made at nearly every decision, at half the cost of a frozen dataclass.
    """

    own_ids: tuple[str, ...] = ()
    own_only: bool = False
    types: frozenset[str] | None = None
    sees_masked: bool = False
    sees_hidden_from_patient: bool = False
    sees_hidden_from_representatives: bool = False
    kept_documents: frozenset[UUID] = frozenset()
    kept_types: frozenset[str] = frozenset()
    at: datetime = _ALWAYS
    even_deleted: bool = False
    only: frozenset[UUID] | None = None

    def verdict(self, document: DocumentFacts) -> tuple[bool, str]:
        """Whether the document exists for the reader, and the name of the rule that says so."""
        if DELETED.shuts(self, document):
            return False, DELETED.name
        if not document.owner_ids.isdisjoint(self.own_ids):
            return True, "author_keeps_own_deposit"
        for rule in DOCUMENT_RULES:
            if rule.shuts(self, document):
                return False, rule.name
        return True, "document_is_visible"

    def condition(self) -> tuple[str, dict[str, object]]:
        """The same as an SQL condition on the table `document`, with its parameters.

        The text never varies, so the statement stays prepared; only parameters do.
        """
        return CONDITION, {
            "scope_deleted": self.even_deleted,
            "scope_own_ids": list(self.own_ids),
            "scope_own_only": self.own_only,
            "scope_all_types": self.types is None,
            "scope_types": sorted(self.types or ()),
            "scope_all_documents": self.only is None,
            "scope_only": sorted(map(str, self.only or ())),
            "scope_masked": self.sees_masked,
            "scope_kept_documents": sorted(map(str, self.kept_documents)),
            "scope_kept_types": sorted(self.kept_types),
            "scope_hidden_patient": self.sees_hidden_from_patient,
            "scope_at": self.at,
            "scope_hidden_representatives": self.sees_hidden_from_representatives,
        }


@dataclass(frozen=True, slots=True)
class DocumentRule:
    """When a document does not exist for a reader: in Python, and the same in SQL."""

    name: str
    shuts: Callable[[Scope, DocumentFacts], bool]
    sql: str


DELETED = DocumentRule(
    "document_is_deleted",
    lambda scope, document: document.deleted and not scope.even_deleted,
    "document.status = 'deleted' AND NOT %(scope_deleted)s",
)
"""Holds for everybody, the depositor included."""

DOCUMENT_RULES: tuple[DocumentRule, ...] = (
    DocumentRule(
        "only_own_deposits_may_be_found",
        lambda scope, _: scope.own_only,
        "%(scope_own_only)s",
    ),
    DocumentRule(
        "matrix_does_not_allow_type",
        lambda scope, document: scope.types is not None and document.type_code not in scope.types,
        "NOT %(scope_all_types)s AND document.type_code <> ALL(%(scope_types)s::text[])",
    ),
    DocumentRule(
        "document_is_not_shared",
        lambda scope, document: scope.only is not None and document.document_id not in scope.only,
        "NOT %(scope_all_documents)s AND document.document_id <> ALL(%(scope_only)s::uuid[])",
    ),
    DocumentRule(
        "document_is_masked",
        lambda scope, document: document.masked and not scope.sees_masked,
        "document.masked AND NOT %(scope_masked)s",
    ),
    DocumentRule(
        "document_is_masked_to_this_reader",
        lambda scope, document: document.document_id in scope.kept_documents,
        "document.document_id = ANY(%(scope_kept_documents)s::uuid[])",
    ),
    DocumentRule(
        "category_is_masked_to_this_reader",
        lambda scope, document: document.type_code in scope.kept_types,
        "document.type_code = ANY(%(scope_kept_types)s::text[])",
    ),
    DocumentRule(
        "document_awaits_announcement",
        lambda scope, document: (
            document.hidden_from_patient
            and not scope.sees_hidden_from_patient
            and scope.at < document.reveal_at
        ),
        "document.hidden_from_patient AND NOT %(scope_hidden_patient)s"
        " AND %(scope_at)s::timestamptz < document.reveal_at",
    ),
    DocumentRule(
        "document_is_hidden_from_representatives",
        lambda scope, document: (
            document.hidden_from_representatives and not scope.sees_hidden_from_representatives
        ),
        "document.hidden_from_representatives AND NOT %(scope_hidden_representatives)s",
    ),
)
"""Tried in this order on a document that the reader did not deposit himself."""

OWN = "document.owner_ids && %(scope_own_ids)s::text[]"
CONDITION = (
    f"(\n    NOT ({DELETED.sql})\n    AND ({OWN} OR (\n        "
    + "\n        AND ".join(f"NOT ({rule.sql})" for rule in DOCUMENT_RULES)
    + "\n    ))\n)"
)

NOTHING = Scope(own_only=True)
"""The scope in which no document exists."""
