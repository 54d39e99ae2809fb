"""Changes to a profile, one at a time, each to one section: so that two who change two things never undo
one another's work.

A change of what is there already carries the mark of what was seen: when it is another now, nothing is done.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID, uuid5

from dmp.domain.record.declared.checks import Fault, Lifetime, Line, faults
from dmp.domain.record.declared.habits import Habits
from dmp.domain.record.declared.lines import Allergy, PersonToWarn, VaccineGiven
from dmp.domain.record.declared.measures import Measure
from dmp.domain.record.declared.said import NO_LINE, Said
from dmp.domain.record.declared.sections import MAY_BE_NONE, Section
from dmp.domain.record.declared.wishes import Directives, Donation, TrustedPerson
from dmp.domain.record.profile import BloodGroup, Denial, Profile

LINES: Final[dict[Section, str]] = {
    Section.ALLERGIES: "allergies",
    Section.CONDITIONS: "conditions",
    Section.TREATMENTS: "treatments",
    Section.VACCINATIONS: "vaccines",
    Section.STAYS: "stays",
    Section.DISABILITIES: "disabilities",
    Section.MEASURES: "measures",
    Section.FAMILY: "family",
    Section.PERSONS: "persons_to_warn",
}
"""The field that holds the lines of a section; the others have no lines."""

MOST_LINES: Final = 200
MOST_MEASURES: Final = 3000
_LINE_NAMES: Final = UUID("b7f0f5a5-3a52-5d0e-9a3e-0d6c4c9c1f52")


@dataclass(frozen=True, slots=True, kw_only=True)
class PutLine:
    """Add a line, or change the one with its identifier. `seen` is the mark of the line that is changed."""

    section: Section
    line: Line
    seen: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PutMeasures:
    """Add many measures at once. One that is there already, or twice among them, is left out."""

    lines: tuple[Measure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveLine:
    """Take a line away, as it was seen."""

    section: Section
    line_id: UUID
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deny:
    """Say "none" of a section, or no longer (`none` False)."""

    section: Section
    none: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Show a section to professionals, or keep it."""

    section: Section
    shared: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SetBlood:
    """The blood group; None: not known."""

    group: BloodGroup | None
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetHabits:
    """Life habits."""

    habits: Habits
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDirectives:
    """Advance directives."""

    directives: Directives
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTrusted:
    """The person of trust; None: there is none."""

    trusted: TrustedPerson | None
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDonation:
    """The note on organ donation."""

    donation: Donation | None
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetOtherWishes:
    """Other wishes, in words."""

    words: str
    seen: str


Change = (
    PutLine | PutMeasures | RemoveLine | Deny | Share | SetBlood | SetHabits
    | SetDirectives | SetTrusted | SetDonation | SetOtherWishes
)  # fmt: skip


class ChangedMeanwhile(Exception):
    """What the change is about is not what was seen any more."""


class Faulty(Exception):
    """The line cannot be kept; `faults` says why, by field."""

    def __init__(self, found: dict[str, Fault]) -> None:
        super().__init__(", ".join(found))
        self.faults = found


def mark_of(value: object) -> str:
    """A short word that differs when a value does."""
    return hashlib.blake2s(repr(value).encode(), digest_size=8).hexdigest()


def lines_of(profile: Profile, section: Section) -> tuple[Line, ...]:
    """The lines of a section, in the order in which they were entered; empty for one without lines."""
    field = LINES.get(section)
    found: tuple[Line, ...] = getattr(profile, field) if field is not None else ()
    return found


def identified(profile: Profile) -> Profile:
    """The profile with an identifier on every line: those kept before there were any get one of their place
    and content.
    """
    changed: dict[str, Any] = {}
    for section, field in LINES.items():
        lines = lines_of(profile, section)
        if any(line.line_id == NO_LINE for line in lines):
            changed[field] = tuple(
                replace(line, line_id=uuid5(_LINE_NAMES, f"{section}/{place}/{line!r}"))
                if line.line_id == NO_LINE
                else line
                for place, line in enumerate(lines)
            )
    return replace(profile, **changed) if changed else profile


def line_with(profile: Profile, section: Section, line_id: UUID) -> Line | None:
    """One line, or None."""
    return next((one for one in lines_of(profile, section) if one.line_id == line_id), None)


def changed(
    profile: Profile, change: Change, said: Said, life: Lifetime, new_id: Callable[[], UUID]
) -> Profile:
    """The profile with one change done, said by somebody on a day.

    Raises:
        ChangedMeanwhile: what it is about is not what was seen.
        Faulty: what is to be kept cannot be so.
    """
    match change:
        case PutLine():
            return _put(profile, change, said, life, new_id)
        case PutMeasures():
            return _put_measures(profile, change, said, life, new_id)
        case RemoveLine():
            line = line_with(profile, change.section, change.line_id)
            if line is None or mark_of(line) != change.seen:
                raise ChangedMeanwhile
            left = tuple(one for one in lines_of(profile, change.section) if one != line)
            return replace(profile, **_field(change.section, left))
        case Deny():
            return _denied(profile, change, said)
        case Share():
            others = tuple(one for one in profile.unshared if one is not change.section)
            return replace(profile, unshared=others if change.shared else (*others, change.section))
        case _:
            return _set(profile, change, said)


def _field(section: Section, lines: tuple[Line, ...]) -> dict[str, Any]:
    return {LINES[section]: lines}


def _put(
    profile: Profile, change: PutLine, said: Said, life: Lifetime, new_id: Callable[[], UUID]
) -> Profile:
    section, line = change.section, replace(change.line, said=said)
    lines = lines_of(profile, section)
    if line.line_id == NO_LINE:
        line = replace(line, line_id=new_id())
        after = (*lines, line)
    else:
        before = line_with(profile, section, line.line_id)
        if before is None or mark_of(before) != change.seen:
            raise ChangedMeanwhile
        after = tuple(line if one.line_id == line.line_id else one for one in lines)
    found = faults(line, life)
    if not found:
        found = _against_others(section, line, lines)
    if found:
        raise Faulty(found)
    denials = tuple(one for one in profile.denials if one.section is not section)
    whole = replace(profile, **_field(section, after), denials=denials)
    return replace(whole, no_known_allergy=False) if section is Section.ALLERGIES else whole


def _put_measures(
    profile: Profile, change: PutMeasures, said: Said, life: Lifetime, new_id: Callable[[], UUID]
) -> Profile:
    known = {_likeness(one)[1] for one in profile.measures}
    after = list(profile.measures)
    for line in change.lines:
        found = faults(line, life)
        if found:
            raise Faulty(found)
        key = _likeness(line)[1]
        if key not in known:
            known.add(key)
            after.append(replace(line, said=said, line_id=new_id()))
    if len(after) > MOST_MEASURES:
        raise Faulty({"value": Fault.TOO_MANY})
    return replace(profile, measures=tuple(after))


def same_measure(one: Measure, other: Measure) -> bool:
    """Whether two measures say the same: the same thing, the same day and hour, the same values."""
    return _likeness(one) == _likeness(other)


def _against_others(section: Section, line: Line, lines: tuple[Line, ...]) -> dict[str, Fault]:
    others = [one for one in lines if one.line_id != line.line_id]
    field, key = _likeness(line)
    if key in (_likeness(one)[1] for one in others):
        return {field: Fault.ALREADY_THERE}
    most = MOST_MEASURES if section is Section.MEASURES else MOST_LINES
    return {field: Fault.TOO_MANY} if len(others) >= most else {}


def _likeness(line: Line) -> tuple[str, object]:
    """The field that names a line, and what two lines that say the same have in common."""
    match line:
        case Measure():
            return "value", (line.what, line.on, line.at, line.value, line.second)
        case VaccineGiven():
            return "label", (line.against, _folded(line.label), line.on)
        case Allergy():
            return "substance", _folded(line.substance)
        case PersonToWarn():
            return "name", (_folded(line.name), line.phone)
        case _ if hasattr(line, "start"):
            name = "label" if hasattr(line, "label") else "reason"
            return name, (_folded(getattr(line, name)), line.start)
        case _:
            return "label", (_folded(getattr(line, "label", "")), getattr(line, "relative", None))


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text)
    letters = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join(letters.casefold().split())


def _denied(profile: Profile, change: Deny, said: Said) -> Profile:
    section = change.section
    if section not in MAY_BE_NONE or (change.none and lines_of(profile, section)):
        raise ChangedMeanwhile
    others = tuple(one for one in profile.denials if one.section is not section)
    denials = (*others, Denial(section=section, said=said)) if change.none else others
    whole = replace(profile, denials=denials)
    return replace(whole, no_known_allergy=change.none) if section is Section.ALLERGIES else whole


def _set(profile: Profile, change: Change, said: Said) -> Profile:
    wishes = profile.wishes
    match change:
        case SetBlood():
            _as_seen(profile.blood_group, change.seen)
            return replace(profile, blood_group=change.group, blood_said=said)
        case SetHabits():
            _as_seen(profile.habits, change.seen)
            return replace(profile, habits=replace(change.habits, said=said))
        case SetDirectives():
            _as_seen(wishes.directives, change.seen)
            directives = replace(change.directives, said=said)
            return replace(profile, wishes=replace(wishes, directives=directives))
        case SetTrusted():
            _as_seen(wishes.trusted, change.seen)
            trusted = None if change.trusted is None else replace(change.trusted, said=said)
            return replace(profile, wishes=replace(wishes, trusted=trusted))
        case SetDonation():
            _as_seen(wishes.donation, change.seen)
            after = replace(wishes, donation=change.donation, donation_said=said)
            return replace(profile, wishes=after)
        case SetOtherWishes():
            _as_seen(wishes.other, change.seen)
            return replace(profile, wishes=replace(wishes, other=change.words, other_said=said))
        case _:
            raise TypeError(type(change).__name__)


def _as_seen(value: object, seen: str) -> None:
    if mark_of(value) != seen:
        raise ChangedMeanwhile
