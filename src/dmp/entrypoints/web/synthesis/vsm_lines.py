"""The lines of a VSM: proposed from the synthesis, kept or not by the doctor, with the words he gives them.

A line whose words were changed keeps no code: it says what the doctor wrote and nothing else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from dmp.domain.clinical.facts import (
    Allergy,
    Device,
    Performed,
    Prescribed,
    Problem,
    Vaccination,
)
from dmp.domain.clinical.results.vital_signs import VITAL_SIGNS
from dmp.domain.clinical.synthesis import Series, Synthesis, Treatment
from dmp.domain.codes import Code
from dmp.domain.documents.visibility import Restriction
from dmp.entrypoints.web.forms import Form
from dmp.entrypoints.web.synthesis import words
from dmp.entrypoints.web.synthesis.plain_text import allergy_in_words
from dmp.entrypoints.web.wording import day
from dmp.formats.cda.vsm import Vsm
from dmp.locale import translate

ATC = "2.16.840.1.113883.6.73"
LONG_TERM = timedelta(days=80)
"""A treatment that lasts longer is of long duration."""

CCAM_LETTERS = 4
FREE_TEXTS: dict[str, tuple[str, str]] = {
    "attention": ("Points de vigilance", "Ce qu’un confrère doit savoir d’abord."),
    "lifestyle": ("Mode de vie", "Tabac, alcool, activité, autonomie."),
    "risks": ("Facteurs de risque professionnels et autres", ""),
    "family_history": ("Antécédents familiaux", ""),
    "plan": ("Plan de soins", "Ce qui est prévu, et par qui."),
}
"""Fields of the VSM that no structured fact fills: one line each."""

NONES: dict[str, tuple[str, str]] = {
    "no_known_problem": ("problems", "Aucun problème de santé connu"),
    "no_known_allergy": ("allergies", "Aucune allergie connue"),
    "no_treatment": ("treatments", "Aucun traitement au long cours"),
}
"""What may be said out loud when a section is empty: the section, and the words."""

MAX_TEXT = 200
MAX_LINES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One proposed line. `key` names it in the form and says nothing; `fact` is what it stands for."""

    key: str
    text: str
    about: str
    fact: Any
    is_proposed: bool = True
    is_editable: bool = True
    dosage: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One section of the form."""

    name: str
    title: str
    lines: tuple[Line, ...]


def parts_of(synthesis: Synthesis) -> tuple[Part, ...]:
    """Every section with its proposed lines, in the order of the VSM."""
    signs = [one for one in synthesis.series if one.code in VITAL_SIGNS]
    results = [one for one in synthesis.series if one.code not in VITAL_SIGNS]
    procedures = [one for one in synthesis.performed if _is_procedure(one)]
    current = [one for one in synthesis.treatments if one.is_current]
    return (
        _part("problems", "Problèmes actifs", synthesis.problems[:15], _problem),
        _part("history", "Antécédents", synthesis.past[:12], _problem),
        _part("procedures", "Actes marquants", procedures[:8], _procedure),
        _part("allergies", "Allergies et intolérances", synthesis.allergies[:12], _allergy),
        _part("treatments", "Traitements au long cours", current[:16], _treatment),
        _part("results", "Résultats marquants", results[:10], _result),
        _part("vital_signs", "Constantes", signs[:6], _result),
        _part("vaccinations", "Vaccinations", synthesis.vaccinations[:14], _vaccination),
        _part("devices", "Dispositifs", synthesis.devices[:8], _device),
    )


KEPT_BACK: dict[Restriction, str] = {
    Restriction.MASKED: "source masquée aux professionnels",
    Restriction.HIDDEN_FROM_PATIENT: "source que le patient ne connaît pas encore",
    Restriction.HIDDEN_FROM_REPRESENTATIVES: "source cachée aux représentants légaux",
}


def with_kept_back(parts: Iterable[Part], kept: Mapping[UUID, Restriction]) -> tuple[Part, ...]:
    """The parts with what rests on documents that are kept from somebody not proposed, and said so: others
    read a VSM than those who may read its sources. `kept` is the restriction of each such document.
    """
    return tuple(
        replace(part, lines=tuple(_kept_back(line, kept) for line in part.lines)) for part in parts
    )


def _kept_back(line: Line, kept: Mapping[UUID, Restriction]) -> Line:
    found = [kept.get(source.document) for source in line.fact.sources if source.document]
    if len(found) < len(line.fact.sources) or not found:  # the holder says it himself
        return line
    restrictions = [one for one in found if one is not None]
    if len(restrictions) < len(found):
        return line
    why = translate(KEPT_BACK[restrictions[0]])
    about = f"{line.about} ({why})" if line.about else why
    return replace(line, is_proposed=False, about=about)


def _part(name: str, title: str, facts: Sequence[Any], line: Callable[[str, Any], Line]) -> Part:
    return Part(name=name, title=title, lines=tuple(line(_key(name, one), one) for one in facts))


def _key(name: str, fact: Any) -> str:
    """Made of the fact itself, so that a fact that changed in between is another one."""
    return hashlib.blake2s(f"{name}|{fact!r}".encode(), digest_size=8).hexdigest()


def _is_procedure(one: Performed) -> bool:
    """Whether the code looks like one of CCAM: four letters, three digits."""
    code = one.code.code
    return len(code) == 7 and code[:CCAM_LETTERS].isalpha() and code[CCAM_LETTERS:].isdigit()


def _problem(key: str, one: Problem) -> Line:
    return Line(key=key, text=one.label, about=words.about_problem(one), fact=one)


def _procedure(key: str, one: Performed) -> Line:
    return Line(key=key, text=one.label, about=day(one.on), fact=one, is_proposed=False)


def _allergy(key: str, one: Allergy) -> Line:
    about = allergy_in_words(one)
    return Line(key=key, text=one.label, about=about, fact=one, is_proposed=one.active)


def _treatment(key: str, one: Treatment) -> Line:
    lasts = (
        one.start is not None
        and bool(one.supplies)
        and one.supplies[-1].on + timedelta(days=one.supplies[-1].days) - one.start >= LONG_TERM
    )
    prescribed = Prescribed(
        label=one.label,
        codes=(Code(one.atc, ATC, one.label),) if one.atc else (),
        dosage=one.dosage,
        start=one.start,
        sources=one.sources,
    )
    return Line(
        key=key,
        text=one.label,
        about=words.prescriber(one),
        fact=prescribed,
        is_proposed=lasts or bool(one.critical) or not one.supplies,
        dosage=one.dosage,
    )


def _result(key: str, one: Series) -> Line:
    text = f"{one.label}\u00a0: {words.value(one.last)}"
    return Line(key=key, text=text, about=day(one.last.at), fact=one.last, is_editable=False)


def _vaccination(key: str, one: Vaccination) -> Line:
    return Line(
        key=key,
        text=one.label,
        about=words.vaccination(one),
        fact=one,
        is_proposed=not one.delivered_only,
        is_editable=False,
    )


def _device(key: str, one: Device) -> Line:
    return Line(key=key, text=one.label, about=day(one.on), fact=one, is_editable=False)


def kept_of(parts: Iterable[Part], form: Form) -> dict[str, tuple[Line, ...]]:
    """The lines that the form keeps, with its words, by section."""
    found: dict[str, tuple[Line, ...]] = {}
    for part in parts:
        found[part.name] = tuple(
            _as_written(line, form) for line in part.lines if form.checked(f"garder.{line.key}")
        )
    return found


def is_outdated(parts: Iterable[Part], form: Form) -> bool:
    """Whether the form keeps a line that the synthesis does not have any more."""
    known = {f"garder.{line.key}" for part in parts for line in part.lines}
    return any(
        name.startswith("garder.") and name not in known and form.checked(name)
        for name in form.fields
    )


def _as_written(line: Line, form: Form) -> Line:
    if not line.is_editable:
        return line
    text = " ".join(form.text(f"texte.{line.key}").split())[:MAX_TEXT] or line.text
    fact = line.fact if text == line.text else _reworded(line.fact, text)
    dosage = line.dosage
    if isinstance(fact, Prescribed):
        dosage = " ".join(form.text(f"posologie.{line.key}").split())[:MAX_TEXT]
        fact = fact._replace(dosage=dosage)
    return replace(line, text=text, fact=fact, dosage=dosage)


def _reworded(fact: Any, text: str) -> Any:
    """The fact in the doctor's own words, without the code of the former ones."""
    match fact:
        case Prescribed():
            return fact._replace(label=text, codes=())
        case Performed():
            # A procedure is nothing without its code: the words alone are shown with it.
            return fact._replace(label=text, code=replace(fact.code, display=text))
        case _:
            return replace(fact, label=text, code=None)


def texts_of(form: Form) -> dict[str, tuple[str, ...]]:
    """The free texts, line by line."""
    found = {}
    for name in FREE_TEXTS:
        lines = (" ".join(line.split()) for line in form.text(f"libre.{name}").splitlines())
        found[name] = tuple(line[:MAX_TEXT] for line in lines if line)[:MAX_LINES]
    return found


def content_of(parts: Iterable[Part], form: Form) -> Vsm:
    """What the doctor validates, as the content of the document."""
    kept = kept_of(parts, form)
    facts: dict[str, Any] = {
        name: tuple(line.fact for line in lines) for name, lines in kept.items()
    }
    said: dict[str, Any] = {
        name: form.checked(f"aucun.{name}") and not kept[section]
        for name, (section, _) in NONES.items()
    }
    texts: dict[str, Any] = {**texts_of(form)}
    return Vsm(**facts, **said, **texts)


def says_something(content: Vsm) -> bool:
    """Whether there is anything to deposit at all."""
    return content != Vsm()
