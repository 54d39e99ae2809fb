"""Checks of single fields: the value as the registry keeps it, or a refusal.

A check takes the value, the deposit and the list of remarks, and adds a remark where something is
taken although it is not quite right.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from dmp.domain.codes import Code
from dmp.domain.documents.deposit import Deposit
from dmp.domain.documents.entry import Author
from dmp.domain.documents.types import document_types
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import PS_ROOT, STRUCTURE_ROOT, PersonId, StructureId, UniqueId
from dmp.domain.identity.patient import folded
from dmp.domain.value_sets import ValueSet, value_set

CLOCK_TOLERANCE = timedelta(minutes=15)
"""By how much a sender's clock may be ahead of ours."""
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LONGEST_TITLE = 256
LONGEST_COMMENT = 4096

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_PATIENT_TYPES = re.compile(r"DOCPAT[0-9]{2}|EXPPAT_[0-9]|74465-6")


def _invalid(deposit: Deposit, element: str, detail: str) -> Refused:
    return Refused(Reason.METADATA_INVALID, field=deposit.path(element), detail=detail)


def any_identifier(value: UniqueId, _deposit: Deposit, _notes: list[str]) -> UniqueId:
    """A parsed identifier is a good one."""
    return value


def plain_title(value: str, deposit: Deposit, _notes: list[str]) -> str:
    """A title of one line, without control or direction characters."""
    text = _plain(value, deposit, "content.attachment.title", LONGEST_TITLE)
    if not text:
        raise Refused(Reason.METADATA_MISSING, field=deposit.path("content.attachment.title"))
    return text


def plain_comments(value: str, deposit: Deposit, _notes: list[str]) -> str:
    """Comments, on one line."""
    return _plain(value, deposit, "description", LONGEST_COMMENT)


def _plain(value: str, deposit: Deposit, element: str, longest: int) -> str:
    text = " ".join(value.split())
    if len(text) > longest:
        raise _invalid(deposit, element, f"{len(text)} characters, the limit is {longest}")
    if any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co") for c in text):
        raise _invalid(deposit, element, "it holds control or direction characters")
    return text


def language_tag(value: str, deposit: Deposit, _notes: list[str]) -> str:
    """A language as BCP 47 writes it, e.g. `fr-FR`."""
    if len(value) > 35 or _LANGUAGE.fullmatch(value) is None:
        raise _invalid(deposit, "content.attachment.language", "a tag such as fr-FR is expected")
    return value


def sane_creation(value: datetime, deposit: Deposit, notes: list[str]) -> datetime:
    """A document is made before it is sent. A test server only remarks on a date to come."""
    found = sane_instant(value, deposit, notes)
    if found > deposit.now + CLOCK_TOLERANCE:
        if not deposit.test_mode:
            raise _invalid(deposit, "content.attachment.creation", "it lies in the future")
        notes.append("The creation time lies in the future; production refuses that.")
    return found


def sane_instant(value: datetime, deposit: Deposit, _notes: list[str]) -> datetime:
    """An instant with its zone, after 1900; kept in UTC."""
    if value.tzinfo is None:
        raise _invalid(deposit, "date", "a time zone is missing")
    if value < EARLIEST:
        raise _invalid(deposit, "date", "it lies before 1900")
    return value.astimezone(UTC)


def known_type(value: Code, deposit: Deposit, _notes: list[str]) -> Code:
    """A type of the DMP; patients deposit documents of their own types."""
    known = document_types().get(value.code)
    if known is None or value.system not in ("", known.code.system):
        raise Refused(
            Reason.CODE_UNKNOWN,
            field=deposit.path("type"),
            code=value.code[:64],
            value_set="JDV_J66",
        )
    if deposit.by_patient and _PATIENT_TYPES.fullmatch(value.code) is None:
        raise _invalid(deposit, "type", "patients deposit the types DOCPAT*, EXPPAT_* and 74465-6")
    return known.code


def code_of(
    name: str, element: str, official: str, *, tolerant_system: bool = False
) -> Callable[[Code, Deposit, list[str]], Code]:
    """The check of a code against one value set. `official` is how senders know the set.

    `tolerant_system` takes a known code whose system is wrong, corrects it, and remarks on it.
    """

    def check(value: Code, deposit: Deposit, notes: list[str]) -> Code:
        known: ValueSet = value_set(name)
        found = known.find(value.code, value.system)
        if found is None and tolerant_system:
            found = known.find(value.code)
            if found is not None:
                notes.append(f"The code of {element} has another coding system; it was corrected.")
        if found is None:
            raise Refused(
                Reason.CODE_UNKNOWN,
                field=deposit.path(element),
                code=value.code[:128],
                value_set=official,
            )
        if found in known.older:
            notes.append(f"The code of {element} is of an earlier edition; use the current one.")
        return found

    return check


def named_authors(
    value: tuple[Author, ...], deposit: Deposit, notes: list[str]
) -> tuple[Author, ...]:
    """Authors whose national identifiers are well formed; each can be told by a name or identifier."""
    for author in value:
        _checked(author, deposit, notes, "author")
    return value


def named_authenticator(value: Author, deposit: Deposit, notes: list[str]) -> Author:
    """The legal authenticator, checked like an author."""
    _checked(value, deposit, notes, "authenticator")
    return value


def _checked(author: Author, deposit: Deposit, notes: list[str], element: str) -> None:
    if not author.display:
        raise _invalid(deposit, element, "neither a name nor an identifier")
    try:
        if author.id_root == PS_ROOT and author.id:
            rpps = PersonId.parse(author.id, test_mode=deposit.test_mode).rpps
            if rpps is not None and rpps.warning:
                notes.append(f"{element}: {rpps.warning}")
        if author.structure_root == STRUCTURE_ROOT and author.structure_id:
            StructureId.parse(author.structure_id)
    except Refused as refusal:
        if not deposit.test_mode:
            raise Refused(
                refusal.reason, **{**refusal.values, "field": deposit.path(element)}
            ) from refusal
        notes.append(f"{element}: {refusal.sentence} Production refuses it.")


def same_text(one: str, other: str) -> bool:
    """Equal but for accents, case, punctuation and blanks."""
    return folded(one) == folded(other)


def same_language(one: str, other: str) -> bool:
    """The same language; case and region do not count."""
    return one.lower().partition("-")[0] == other.lower().partition("-")[0]


def same_instant(one: datetime, other: datetime) -> bool:
    """The same second."""
    return abs((one - other).total_seconds()) < 1


def same_code(one: Code, other: Code) -> bool:
    """The same code; systems are compared where both are given."""
    return one.code == other.code and (not one.system or one.system == other.system)


def same_format(one: Code, other: Code) -> bool:
    """The same format; its system is written in several ways and does not count."""
    return one.code == other.code


def share_an_identifier(one: tuple[Author, ...], other: tuple[Author, ...]) -> bool:
    """Whether some author stands in both, or nobody is identified on one side."""
    left, right = ({a.id for a in authors if a.id} for authors in (one, other))
    return not left or not right or not left.isdisjoint(right)


def same_person(one: Author, other: Author) -> bool:
    """Whether two people may be the same: equal identifiers, or one of them has none."""
    return not one.id or not other.id or one.id == other.id
