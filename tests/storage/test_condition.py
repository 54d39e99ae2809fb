"""The scope says the same in SQL as in Python: rule by rule, and all rules together."""

from __future__ import annotations

import json
import random
import re
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

import psycopg

from dmp.domain.access.filter import CONDITION, DELETED, DOCUMENT_RULES, DocumentFacts, Scope
from tests.builders import NOW

TYPES = ("11488-4", "11502-2", "34112-3", "x'; --", '"}')
OWNERS = ("doctor", "practice", "ins:1", "", "\\")
DOCUMENTS = tuple(UUID(int=number) for number in range(1, 9))
REVEALS = tuple(NOW + timedelta(days=days) for days in (-30, 0, 31))
INSTANTS = tuple(reveal + timedelta(microseconds=step) for reveal in REVEALS for step in (-1, 0, 1))
T = TypeVar("T")


class Draw:
    """The same values in every run."""

    def __init__(self) -> None:
        self._random = random.Random(20261122)  # noqa: S311 - reproducible, not secret

    def some(self, values: tuple[T, ...], most: int = 3) -> tuple[T, ...]:
        return tuple(self._random.sample(values, self._random.randint(0, min(most, len(values)))))

    def one(self, values: tuple[T, ...]) -> T:
        return self._random.choice(values)

    def chance(self, share: float = 0.5) -> bool:
        return self._random.random() < share

    def document(self) -> DocumentFacts:
        return DocumentFacts(
            type_code=self.one(TYPES),
            owner_ids=frozenset(self.some(OWNERS)),
            document_id=self.one(DOCUMENTS),
            masked=self.chance(0.3),
            hidden_from_patient=self.chance(),
            reveal_at=self.one(REVEALS),
            hidden_from_representatives=self.chance(0.3),
            deleted=self.chance(0.3),
        )

    def scope(self) -> Scope:
        return Scope(
            own_ids=self.some(OWNERS, 2) if self.chance(0.4) else (),
            own_only=self.chance(0.1),
            types=frozenset(self.some(TYPES, 5)) if self.chance(0.4) else None,
            sees_masked=self.chance(0.6),
            sees_hidden_from_patient=self.chance(0.3),
            sees_hidden_from_representatives=self.chance(0.6),
            kept_documents=frozenset(self.some(DOCUMENTS)) if self.chance(0.4) else frozenset(),
            kept_types=frozenset(self.some(TYPES, 2)) if self.chance(0.3) else frozenset(),
            at=self.one(INSTANTS),
            even_deleted=self.chance(),
            only=frozenset(self.some(DOCUMENTS, 8)) if self.chance(0.3) else None,
        )


def _columns(document: DocumentFacts, rank: int) -> dict[str, object]:
    """The document as the columns of its table."""
    return {
        "document_rank": rank,
        "document_id": str(document.document_id),
        "type_code": document.type_code,
        "owner_ids": sorted(document.owner_ids),
        "status": "deleted" if document.deleted else "approved",
        "masked": document.masked,
        "hidden_from_patient": document.hidden_from_patient,
        "reveal_at": document.reveal_at.isoformat(),
        "hidden_from_representatives": document.hidden_from_representatives,
    }


def _statement(scope: Scope) -> str:
    """Every rule, and the whole condition, of every pair; the parameters of a scope are columns here."""
    kinds = {bool: "boolean", list: "text[]"}
    names = {
        name: kinds.get(type(value), "timestamptz") for name, value in scope.condition()[1].items()
    }
    rules = ", ".join(f"({rule.sql})" for rule in (DELETED, *DOCUMENT_RULES))
    asked = re.sub(r"%\((\w+)\)s", r"scope.\1", f"ARRAY[{rules}], {CONDITION}")
    assert "%" not in asked
    return f"""
    SELECT scope.scope_rank, document.document_rank, {asked}
    FROM jsonb_to_recordset(%s::jsonb) AS scope (
        scope_rank bigint, {", ".join(f"{name} {kind}" for name, kind in names.items())}),
    jsonb_to_recordset(%s::jsonb) AS document (
        document_rank bigint, document_id uuid, type_code text, owner_ids text[], status text,
        masked boolean, hidden_from_patient boolean, reveal_at timestamptz,
        hidden_from_representatives boolean)
    """  # noqa: S608 - the rules of the house


def test_each_rule_and_all_together_say_the_same_in_sql(database: str) -> None:
    draw = Draw()
    scopes = [Scope(), Scope(own_only=True), *(draw.scope() for _ in range(148))]
    documents = [draw.document() for _ in range(160)]
    told = [scope.condition()[1] | {"scope_rank": rank} for rank, scope in enumerate(scopes)]
    kept = [_columns(document, rank) for rank, document in enumerate(documents)]
    with psycopg.connect(database) as connection:
        rows = connection.execute(
            _statement(scopes[0]).encode(), (json.dumps(told, default=str), json.dumps(kept))
        ).fetchall()
    assert len(rows) == len(scopes) * len(documents) >= 20_000
    seen: set[tuple[str, bool]] = set()
    for scope_rank, document_rank, by_rule, visible in rows:
        scope, document = scopes[scope_rank], documents[document_rank]
        for rule, shuts in zip((DELETED, *DOCUMENT_RULES), by_rule, strict=True):
            assert shuts is rule.shuts(scope, document), (rule.name, scope, document)
            seen.add((rule.name, shuts))
        verdict, name = scope.verdict(document)
        assert visible is verdict, (scope, document)
        seen.add((name, verdict))
    assert {(rule.name, shuts) for rule in DOCUMENT_RULES for shuts in (True, False)} <= seen
    assert {("author_keeps_own_deposit", True), ("document_is_visible", True)} <= seen
