"""What a synthesis is made of: everything that exists for one reader, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from dmp.domain.access.filter import DocumentFacts
from dmp.domain.claims.reimbursement import Reimbursement
from dmp.domain.clinical.facts import Findings
from dmp.domain.codes import Code
from dmp.domain.documents.entry import Author, DocumentEntry
from dmp.domain.identifiers import DocumentId
from dmp.domain.identity.patient import Traits
from dmp.domain.record.profile import Profile

DECLARED = DocumentFacts(type_code="DOCPAT08", owner_ids=frozenset())
"""What the holder declares, as the rules of documents see it: his own synthesis, shared like it."""


class Outline(NamedTuple):
    """What facts and their readers need of a document's metadata; the names are those of `DocumentEntry`.

    A record of four hundred documents is read for each page: most of an entry would be read for nothing.
    """

    document_id: DocumentId
    title: str
    service_start: datetime
    submitted_at: datetime
    type_code: Code
    class_code: Code
    authors: tuple[Author, ...]

    @classmethod
    def of(cls, entry: DocumentEntry) -> Outline:
        """The outline of an entry: what no later version of it changes."""
        return cls(*[getattr(entry, name) for name in cls._fields])


Described = Outline | DocumentEntry
"""A document as it is described to the synthesis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """The documents in the reader's scope (newest first) with what each says in structured form.

    `lines` are there when a document of reimbursements (`claims_document`) exists for the reader;
    `profile` when he may see what the holder declares. `last_access` is when he came last, before today.
    `names` are those of the professionals and places of the lines, by RPPS and FINESS.
    """

    at: datetime
    traits: Traits
    documents: tuple[tuple[Described, Findings | None], ...] = ()
    lines: tuple[Reimbursement, ...] = ()
    claims_document: Described | None = None
    profile: Profile | None = None
    last_access: datetime | None = None
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
