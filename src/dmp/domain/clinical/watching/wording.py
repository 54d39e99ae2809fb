"""What alerts say, in words, with what proves it: written when somebody reads the alert.

Source: ANSM, Thésaurus des interactions médicamenteuses: level, mechanism and conduct as printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from dmp.domain.clinical.facts import Source
from dmp.domain.clinical.knowledge.editions import ReferenceKind
from dmp.domain.clinical.knowledge.knowledge import Knowledge
from dmp.domain.clinical.knowledge.thesaurus import Level, Pair
from dmp.domain.clinical.redundancy import Repeat
from dmp.domain.clinical.synthesis import Due, Proof, Wording
from dmp.domain.clinical.treatments import Course
from dmp.domain.clinical.watching.allergens import AllergyMatch
from dmp.domain.clinical.watching.critical_values import Critical
from dmp.domain.clinical.watching.tests_done import printed_result
from dmp.domain.record.calendar import LOCAL

ABBREVIATIONS = {
    Level.CONTRAINDICATED: "CI",
    Level.NOT_RECOMMENDED: "ASDEC",
    Level.PRECAUTION: "PE",
    Level.TAKE_INTO_ACCOUNT: "APEC",
}
WORDS = {
    Level.CONTRAINDICATED: "contre-indication",
    Level.NOT_RECOMMENDED: "association déconseillée",
    Level.PRECAUTION: "précaution d'emploi",
    Level.TAKE_INTO_ACCOUNT: "à prendre en compte",
}
FAMILIES_EDITION = "Familles d'allergies de l'outil, d'après les RCP (section 4.3)"


def levels_of(pair: Pair) -> str:
    """The levels in the printed order: `CI-ASDEC`."""
    return "-".join(ABBREVIATIONS[level] for level in pair.levels)


class Shown(NamedTuple):
    """A treatment as an alert names it, on the day of its last delivery or prescription. What is still to be
    written holds this much of it, and not all of its deliveries.
    """

    label: str
    on: date
    proof: Proof

    @classmethod
    def of(cls, course: Course) -> Shown:
        """The treatment with its proof."""
        proof = _proof(course)
        return cls(course.treatment.label, proof.on or date.min, proof)


def of_interaction(pairs: Sequence[Pair], a: Shown, b: Shown, edition: str) -> Wording:
    """Two treatments that interact, by these pairs of the thesaurus, the gravest first."""
    first = pairs[0]
    labels = f"{a.label} + {b.label}"
    words = " ou ".join(WORDS[level] for level in first.levels)
    depends = ", selon la dose ou le contexte" if first.is_conditional else ""
    return Wording(
        sentence=f"{labels} : {words}{depends}",
        edition=edition,
        level=levels_of(first),
        mechanism=_printed(pairs, [pair.mechanism for pair in pairs]),
        conduct=_printed(pairs, [pair.conduct for pair in pairs]),
        proofs=(a.proof, b.proof),
    )


def _printed(pairs: Sequence[Pair], texts: Sequence[str]) -> str:
    """The printed text; where several pairs are matched, each under its own heading."""
    if len(pairs) == 1:
        return texts[0]
    return "\n".join(
        f"{pair.a} + {pair.b} ({levels_of(pair)}) : {text}"
        for pair, text in zip(pairs, texts, strict=True)
        if text
    )


def last_day(course: Course) -> date:
    """The day of the last delivery or prescription of a treatment."""
    shown = course.treatment
    supplied = shown.supplies[-1].on if shown.supplies else None
    ordered_on = course.prescribed[-1].start if course.prescribed else None
    if supplied is None or ordered_on is None:
        return supplied or ordered_on or shown.start or date.min
    return max(supplied, ordered_on)


def _proof(course: Course) -> Proof:
    """The last delivery and the last prescription of a treatment."""
    sources: list[Source] = [
        *(source for delivery in course.deliveries[-1:] for source in delivery.fact.sources),
        *(source for order in course.prescribed[-1:] for source in order.sources),
    ]
    return Proof(
        label=course.treatment.name, on=last_day(course), sources=tuple(dict.fromkeys(sources))
    )


def of_allergy(match: AllergyMatch, known: Knowledge) -> Wording:
    """A treatment in spite of an allergy."""
    allergy, course = match.allergy, match.course
    family = " (même famille)" if match.by_class else ""
    return Wording(
        sentence=f"{course.treatment.label} malgré une allergie : {allergy.label}{family}",
        edition=known.cited(ReferenceKind.BDPM) if not match.by_class else FAMILIES_EDITION,
        mechanism=allergy.reaction,
        proofs=(
            Proof(label=f"Allergie : {allergy.label}", on=allergy.since, sources=allergy.sources),
            _proof(course),
        ),
    )


def of_critical(found: Critical) -> Wording:
    """A value that must be seen, or that speaks against a treatment."""
    result, course, against = found.result, found.course, found.against
    day = result.at.astimezone(LOCAL).date()
    proofs = [Proof(label=printed_result(result), on=day, sources=result.sources)]
    sentence = printed_result(result)
    if course is not None and against is not None:
        proofs.append(_proof(course))
        sentence = f"{sentence} : {against.sentence}"
    return Wording(sentence=sentence, edition=found.source, proofs=tuple(proofs))


def of_duplicate(repeat: Repeat, known: Knowledge) -> Wording:
    """What was repeated, with the earlier act."""
    rule = repeat.rule
    earlier, later = repeat.acts()
    said_by = f" par {earlier.author}" if earlier.author else ""
    value = f" ({earlier.result})" if earlier.result else ""
    hour = f" à {earlier.hour}" if earlier.hour else ""
    before = f"déjà le {_figures(earlier.on)}{hour}{said_by}{value}"
    name = later.label if later.label == earlier.label else f"{later.label} / {earlier.label}"
    if rule.min_days is None:
        name = rule.label  # not the interval is the matter, but what the label says
    acts = (earlier,) if rule.min_days is None and earlier == later else (earlier, later)
    state = "" if rule.state.startswith("cited") else f" ({rule.state})"
    return Wording(
        sentence=f"{name} : {before}",
        edition=f"{known.cited(ReferenceKind.RULES)} — {rule.source}{state}".strip(" —"),
        proofs=tuple(Proof(label=act.label, on=act.on, sources=act.sources) for act in acts),
    )


def _figures(day: date) -> str:
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def of_due(one: Due) -> Wording:
    """What is due, since when it is late, when it was done last."""
    # Of what was never found nobody knows since when it is late: an age that was reached says nothing of it, as
    # for a vaccine that did not exist then.
    late = last = ""
    if one.last is None:
        last = " : non retrouvé dans le dossier"
    else:
        last = f" ; dernier le {one.last:%d/%m/%Y}"
        late = f" (depuis le {one.late_since:%d/%m/%Y})" if one.late_since is not None else ""
    return Wording(
        sentence=f"{one.label}{late}{last}",
        edition=one.source,
        proofs=()
        if one.last is None
        else (Proof(label=one.label, on=one.last, sources=one.sources),),
    )
