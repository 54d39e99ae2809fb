"""The scope of a reader: which documents of a record exist for him. One rule, said twice.

`Scope.verdict` says it of one document, to `decide`. `Scope.condition` says it in SQL, to lists.
A property test puts generated documents through both and demands equality.
"""

from __future__ import annotations

from dataclasses import dataclass

from dmp.domain.documents.entry import DocumentEntry, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFacts:
    """What the rules need to know of one document."""

    type_code: str
    owner_ids: frozenset[str]
    masked: bool = False
    hidden_from_patient: bool = False
    hidden_from_representatives: bool = False
    deleted: bool = False

    @classmethod
    def of(cls, entry: DocumentEntry) -> DocumentFacts:
        """The facts of a registered document."""
        return cls(
            type_code=entry.type_code.code,
            owner_ids=frozenset(entry.owner_ids),
            masked=entry.visibility.masked,
            hidden_from_patient=entry.visibility.hidden_from_patient,
            hidden_from_representatives=entry.visibility.hidden_from_representatives,
            deleted=entry.status is Status.DELETED,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which documents of one record exist for one reader.

    `types` None means every type. `own_ids` are the reader's identifiers as a depositor (person and
    structure). `own_only` leaves nothing else.
    """

    own_ids: tuple[str, ...] = ()
    own_only: bool = False
    types: frozenset[str] | None = None
    sees_masked: bool = False
    sees_hidden_from_patient: bool = False
    sees_hidden_from_representatives: bool = False

    def verdict(self, document: DocumentFacts) -> tuple[bool, str]:
        """Whether the document exists for the reader, and the name of the rule that says so."""
        if document.deleted:
            return False, "document_is_deleted"
        if not document.owner_ids.isdisjoint(self.own_ids):
            return True, "author_keeps_own_deposit"
        if self.own_only:
            return False, "only_own_deposits_may_be_found"
        if self.types is not None and document.type_code not in self.types:
            return False, "matrix_does_not_allow_type"
        if document.masked and not self.sees_masked:
            return False, "document_is_masked"
        if document.hidden_from_patient and not self.sees_hidden_from_patient:
            return False, "document_awaits_announcement"
        if document.hidden_from_representatives and not self.sees_hidden_from_representatives:
            return False, "document_is_hidden_from_representatives"
        return True, "document_is_visible"

    def condition(self) -> tuple[str, dict[str, object]]:
        """The same as an SQL condition on the table `document`, with its parameters.

        The text never varies, so the statement stays prepared; only parameters do.
        """
        return CONDITION, {
            "scope_own_ids": list(self.own_ids),
            "scope_own_only": self.own_only,
            "scope_all_types": self.types is None,
            "scope_types": sorted(self.types or ()),
            "scope_masked": self.sees_masked,
            "scope_hidden_patient": self.sees_hidden_from_patient,
            "scope_hidden_representatives": self.sees_hidden_from_representatives,
        }


CONDITION = """(
    document.status <> 'deleted'
    AND (
        document.owner_ids && %(scope_own_ids)s::text[]
        OR (
            NOT %(scope_own_only)s
            AND (%(scope_all_types)s OR document.type_code = ANY(%(scope_types)s::text[]))
            AND (NOT document.masked OR %(scope_masked)s)
            AND (NOT document.hidden_from_patient OR %(scope_hidden_patient)s)
            AND (NOT document.hidden_from_representatives OR %(scope_hidden_representatives)s)
        )
    )
)"""

NOTHING = Scope(own_only=True)
"""The scope in which no document exists."""
