"""The synthesis as plain text, to be pasted into the software of a practice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from dmp.domain.clinical.facts import Allergy, Problem, Source
from dmp.domain.clinical.synthesis import Pregnancy, Series, Treatment
from dmp.domain.identity.patient import Traits
from dmp.entrypoints.web.figures.curve import reference
from dmp.entrypoints.web.synthesis import words
from dmp.entrypoints.web.synthesis.sheet import Sheet
from dmp.entrypoints.web.synthesis.zones import Zone
from dmp.entrypoints.web.wording import day, moment
from dmp.locale import LANGUAGE, speak, translate

INCOMPLETE = "Un dossier partagé peut être incomplet."
NO_ALLERGY_STATED = "non renseignées"


def written(sheet: Sheet, traits: Traits) -> str:
    """Every zone of the page as lines; zones that are not on the page are not in the text either.

    It goes into a French record, so it is French whatever the language of the page.
    """
    with speak(LANGUAGE):
        return _written(sheet, traits)


def _written(sheet: Sheet, traits: Traits) -> str:
    parts = [
        f"SYNTHÈSE DU DOSSIER PARTAGÉ, {moment(sheet.synthesis.at)}",
        f"{traits.display}, né(e) le {day(traits.birth_date)}",
        f"Allergies : {allergies_in_words(sheet)}",
    ]
    for title, lines in _zones(sheet):
        parts.append("\n".join([title.upper(), *(f"- {line}" for line in lines)]))
    parts.append("\n".join([*sheet.synthesis.editions, INCOMPLETE]))
    return "\n\n".join(_plain(part) for part in parts) + "\n"


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def allergies_in_words(sheet: Sheet) -> str:
    """The allergies, or who said that there are none, or that nobody said anything."""
    synthesis = sheet.synthesis
    said = list(map(allergy_in_words, synthesis.allergies))
    if synthesis.no_known_allergy:  # what is said of one that is over stands after it
        source = said_by(synthesis.no_known_allergy[0])
        said.insert(0, translate("aucune allergie connue ({source})", source=source))
    return " ; ".join(said) or translate(NO_ALLERGY_STATED)


def allergy_in_words(allergy: Allergy) -> str:
    """To what, what happened, since when; whether it is over."""
    since = str(allergy.since.year) if allergy.since is not None else ""
    over = "" if allergy.active else translate("plus active")
    more = ", ".join(part for part in (allergy.reaction or allergy.severity, since, over) if part)
    return f"{allergy.label} ({more})" if more else allergy.label


def said_by(source: Source) -> str:
    """Who said it and when."""
    return ", ".join(part for part in (source.author or source.title, day(source.on)) if part)


def _zones(sheet: Sheet) -> Iterator[tuple[str, Sequence[str]]]:
    here = sheet.variant.zones
    for zones, title, lines in (*_now(sheet), *_history(sheet)):
        kept = tuple(lines)
        if kept and not zones.isdisjoint(here):
            yield title, kept


_Zone = tuple[frozenset[Zone], str, Iterable[str]]
"""The zones for which it stands, its title, its lines."""


def _now(sheet: Sheet) -> tuple[_Zone, ...]:
    found = sheet.synthesis
    alerts = (f"{one.alert_class.value} : {one.sentence}" for one in sheet.ranked_alerts)
    problems = (_problem(one, sheet.pregnancy_of(one)) for one in found.problems)
    current = (_treatment(one) for one in found.treatments if one.is_current)
    return (
        (frozenset({Zone.ALERTS}), "À voir maintenant", alerts),
        (frozenset({Zone.PROBLEMS}), "Problèmes actifs", problems),
        (frozenset({Zone.TREATMENTS, Zone.CRITICAL}), "Traitements", current),
        (frozenset({Zone.RESULTS, Zone.RENAL}), "Dernières valeurs", map(_result, found.series)),
    )


def _history(sheet: Sheet) -> tuple[_Zone, ...]:
    found = sheet.synthesis
    stays = (
        _joined(f"{one.place}, {words.span(one.start, one.end)}", one.reason or one.nature)
        for one in found.stays
    )
    imaging = (_joined(f"{one.label}, {day(one.on)}", one.conclusion) for one in found.imaging)
    vaccines = (f"{one.label}, {words.vaccination(one)}" for one in found.vaccinations)
    return (
        (frozenset({Zone.STAYS}), "Séjours et passages", stays),
        (frozenset({Zone.IMAGING}), "Imagerie", imaging),
        (frozenset({Zone.VACCINATIONS, Zone.DUE}), "Vaccinations", vaccines),
        (frozenset({Zone.DUE}), "À faire", (one.label for one in found.due)),
    )


def _joined(first: str, more: str) -> str:
    return f"{first} : {more}" if more else first


def _problem(one: Problem, pregnancy: Pregnancy | None) -> str:
    label = one.label if pregnancy is None else f"{one.label}, {words.weeks(pregnancy)}"
    return _joined(label, words.about_problem(one))


def _treatment(one: Treatment) -> str:
    last = f"dernière délivrance le {day(one.supplies[-1].on)}" if one.supplies else ""
    return ", ".join(part for part in (one.label, one.dosage, words.prescriber(one), last) if part)


def _result(one: Series) -> str:
    between = reference(one.last)
    usual = f" (intervalle {between})" if between else ""
    later = f" ; remboursé le {day(one.paid_since.on)}" if one.paid_since is not None else ""
    return f"{one.label} : {words.value(one.last)}{usual}, {day(one.last.at)}{later}"
