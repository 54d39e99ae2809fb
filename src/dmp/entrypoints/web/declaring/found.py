"""What documents say and the profile does not: offered beside a section, to be taken over with one button."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from dmp.domain.clinical.coding import atc_of
from dmp.domain.clinical.facts import Provenance, Source, Vaccination
from dmp.domain.clinical.synthesis import Synthesis
from dmp.domain.record.declared.changes import lines_of
from dmp.domain.record.declared.lines import Severity, VaccineGiven
from dmp.domain.record.declared.sections import Section
from dmp.domain.record.declared.vaccines import VACCINES, Against
from dmp.domain.record.profile import Profile

MOST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One thing of the documents: for people, with its sources, and the fields of the form that adds it."""

    label: str
    about: str
    sources: tuple[Source, ...]
    fields: tuple[tuple[str, str], ...]

    @property
    def document(self) -> UUID | None:
        """The document that says it."""
        return next((one.document for one in self.sources if one.document is not None), None)


def found_in(section: Section, synthesis: Synthesis, profile: Profile) -> tuple[Found, ...]:
    """What may be added to a section; nothing that stands there already, nothing that is only declared."""
    known = {_folded(name) for name in _names(profile, section)}
    offered = [
        one
        for one in _found(section, synthesis)
        if _folded(one.label) not in known and not any(map(_is_profile, one.sources))
    ]
    return tuple(offered[:MOST])


def _is_profile(source: Source) -> bool:
    """Whether a source is the profile itself: the same stands there, by whatever name."""
    return source.provenance is Provenance.DECLARED and source.document is None


def _names(profile: Profile, section: Section) -> Iterator[str]:
    for line in lines_of(profile, section):
        if isinstance(line, VaccineGiven):
            yield _vaccination_label(VACCINES[line.against][0], line.on.first_day)
            continue
        for name in ("substance", "label", "reason"):
            if hasattr(line, name):
                yield getattr(line, name)
                break


def _found(section: Section, synthesis: Synthesis) -> Iterator[Found]:
    match section:
        case Section.ALLERGIES:
            yield from _allergies(synthesis)
        case Section.CONDITIONS:
            yield from _conditions(synthesis)
        case Section.TREATMENTS:
            yield from _treatments(synthesis)
        case Section.STAYS:
            yield from _stays(synthesis)
        case Section.VACCINATIONS:
            for one in synthesis.vaccinations:
                yield _vaccination(one)


def _allergies(synthesis: Synthesis) -> Iterator[Found]:
    for one in synthesis.allergies:
        if one.active:
            severe = any(word in one.severity.lower() for word in ("sév", "sev", "grave"))
            yield Found(
                label=one.label,
                about=one.reaction,
                sources=one.sources,
                fields=_filled(
                    substance=one.label,
                    reaction=one.reaction,
                    gravite=Severity.SEVERE.value if severe else "",
                    depuis=_year(one.since),
                ),
            )


def _conditions(synthesis: Synthesis) -> Iterator[Found]:
    for one in (*synthesis.problems, *synthesis.past):
        yield Found(
            label=one.label,
            about=_year(one.since),
            sources=one.sources,
            fields=_filled(
                nom=one.label,
                etat="oui" if one.active else "",
                depuis=_year(one.since),
                fin=_year(one.until),
            ),
        )


def _treatments(synthesis: Synthesis) -> Iterator[Found]:
    for one in synthesis.treatments:
        if one.is_current:
            yield Found(
                label=one.name or one.label,
                about=one.dosage,
                sources=one.sources,
                fields=_filled(nom=one.name or one.label, prise=one.dosage),
            )


def _stays(synthesis: Synthesis) -> Iterator[Found]:
    for one in synthesis.stays:
        reason = one.reason or one.nature
        if reason:
            yield Found(
                label=reason,
                about=one.place,
                sources=one.sources,
                fields=_filled(
                    motif=reason,
                    lieu=one.place,
                    debut=one.start.isoformat(),
                    fin="" if one.end is None else one.end.isoformat(),
                ),
            )


def _vaccination(one: Vaccination) -> Found:
    against = _against(one)
    words = VACCINES[against][0]
    return Found(
        label=_vaccination_label(words if against is not Against.OTHER else one.label, one.on),
        about=one.label,
        sources=one.sources,
        fields=_filled(
            contre=against.value,
            nom=one.label,
            date=str(one.on.year) if one.undated else one.on.isoformat(),
            lot=one.lot,
            par=one.performer.display,
        ),
    )


def _vaccination_label(words: str, on: date) -> str:
    return f"{words}, {on:%d/%m/%Y}"


def _against(one: Vaccination) -> Against:
    """The word of the carnet for a vaccination: by its ATC code."""
    atc = atc_of(one.codes)
    by_length = sorted(VACCINES.items(), key=lambda pair: -len(pair[1][1]))
    return next(
        (key for key, (_, prefix) in by_length if prefix and atc.startswith(prefix)), Against.OTHER
    )


def _year(day: date | None) -> str:
    return "" if day is None else str(day.year)


def _filled(**texts: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, text[:200]) for name, text in texts.items() if text)


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text)
    letters = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join(letters.casefold().split())
