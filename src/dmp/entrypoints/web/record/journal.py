"""Traces as sentences: who, what, when, by which rule; refusals and emergencies stand out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from dmp.domain.arranging.access_report import PERSONS, AccessReport
from dmp.domain.identity.caller import Purpose
from dmp.domain.journal.event import Outcome, Trace
from dmp.entrypoints.web.wording import local, plain_speciality
from dmp.locale import spoken, translate, word

KINDS: dict[str, tuple[str, frozenset[str]]] = {
    "tout": ("Toutes les actions", frozenset()),
    "consultations": (
        "Consultations",
        frozenset(
            {
                "find-documents",
                "search-documents",
                "read-metadata",
                "retrieve-document",
                "retrieve-page",
                "read-history",
                "read-synthesis",
                "read-traces",
            }
        ),
    ),
    "ajouts": ("Ajouts de documents", frozenset({"provide-documents", "provide-to-record"})),
    "modifications": (
        "Modifications",
        frozenset(
            {"update-metadata", "restore-document", "mask-documents", "keep-from", "show-again"}
        ),
    ),
    "acces": (
        "Accords et blocages",
        frozenset(
            {
                "grant-consent",
                "withdraw-consent",
                "block-professional",
                "unblock-professional",
                "appoint-administrator",
                "dismiss-administrator",
                "declare-representative",
                "invite-carer",
                "answer-invitation",
                "end-caring",
            }
        ),
    ),
    "urgences": ("Accès en urgence", frozenset()),
    "refus": ("Accès refusés", frozenset()),
}
PEOPLE = {"autres": "Les autres personnes", "moi": "Moi", "tous": "Tout le monde"}

_MINOR = frozenset(
    {
        "check-access",
        "read-choices",
        "read-notices",
        "note-patient",
        "look-for-news",
        "note-access",
        "read-arrangement",
        "read-space-choices",
        "list-deletions",
        "list-corrections",
        "retrieve-page",
    }
)
_MACHINES = frozenset({"system", "insurer"})
"""Callers behind whom no person acts: the service itself, the feed of the health insurance."""
_RELATIVES = {"representative": "représentant", "carer": "proche aidant"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that was done, or refused. `times` counts it when it was repeated at once."""

    at: datetime
    sentence: str
    title: str
    rule: str
    is_refused: bool
    emergency: str
    emergency_reason: str
    is_minor: bool
    trace_id: UUID
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who did it, as he was then."""

    id: str
    name: str
    about: str
    is_reader: bool
    is_professional: bool
    is_somebody: bool = True
    is_automatic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """What one person did on one day, newest first."""

    day: date
    visitor: Visitor
    lines: tuple[Line, ...]
    traces: tuple[UUID, ...] = ()

    @property
    def at(self) -> datetime:
        """When it was last."""
        return self.lines[0].at

    @property
    def told(self) -> tuple[Line, ...]:
        """Lines worth a line of their own; all of them when none is."""
        return tuple(line for line in self.lines if not line.is_minor) or self.lines

    def report(self, reported: Mapping[UUID, AccessReport]) -> AccessReport | None:
        """The report that was made of one of its lines, by trace."""
        return next((reported[t] for t in self.traces if t in reported), None)

    @property
    def aside(self) -> tuple[str, ...]:
        """What was done in passing, said in one line."""
        told = self.told
        return tuple(dict.fromkeys(line.sentence for line in self.lines if line not in told))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which traces a reader wants to see; days are local, both included."""

    people: str = "autres"
    kind: str = "tout"
    first: date | None = None
    last: date | None = None

    def takes(self, trace: Trace, reader: str) -> bool:
        """Whether this trace is wanted."""
        is_own = trace.caller.id == reader
        if (self.people == "autres" and is_own) or (self.people == "moi" and not is_own):
            return False
        day = local(trace.at).date()
        if (self.first and day < self.first) or (self.last and day > self.last):
            return False
        if self.kind == "urgences":
            return trace.purpose != Purpose.NORMAL.value
        if self.kind == "refus":
            return trace.outcome is not Outcome.DONE
        acts = KINDS[self.kind][1]
        return not acts or trace.act in acts


def is_minor(trace: Trace) -> bool:
    """Whether this was done in passing, and is told in one line with others."""
    return trace.act in _MINOR and trace.outcome is Outcome.DONE


def visitor_of(trace: Trace, reader: str) -> Visitor:
    """Who left a trace."""
    who = trace.caller
    is_reader = who.id == reader
    names = {
        "anonymous": translate("Une personne non identifiée"),
        "system": translate("Le service"),
        "operator": translate("L’exploitant du service"),
    }
    if who.kind == "bearer":
        names["bearer"] = translate("Par le code que vous avez donné à {name}", name=who.name)
    name = translate("Vous") if is_reader else names.get(who.kind, who.name or who.structure_name)
    about = [] if is_reader else [plain_speciality(who.profession_label)]
    if who.structure_name and who.structure_name != name:
        about.append(who.structure_name)
    if who.kind in _RELATIVES and not is_reader:
        about.append(translate(_RELATIVES[who.kind]))
    return Visitor(
        id=who.id,
        name=name,
        about=", ".join(filter(None, about)),
        is_reader=is_reader,
        is_professional=who.kind == "professional",
        is_somebody=not is_reader and who.kind in PERSONS,
        is_automatic=who.kind in _MACHINES,
    )


_THIS_DOCUMENT = {
    "fr": (
        ("d’un document", "du document"),
        ("à un document", "au document"),
        ("un document", "le document"),
    ),
    "en": (("a document", "the document"),),
}
"""How a sentence goes on when the document is named, in this order."""


def line_of(trace: Trace, reader: str) -> Line:
    """A trace as a line."""
    is_refused = trace.outcome is not Outcome.DONE
    sentence = translate(f"act.{trace.act}.{'refused' if is_refused else 'done'}")
    changes = trace.detail.split()
    if trace.act == "update-metadata" and not is_refused and changes:
        sentence = ", ".join(word("change", change) for change in changes)
    elif trace.act in ("provide-documents", "provide-to-record") and trace.detail.endswith(
        " documents"
    ):
        sentence = translate("a ajouté {number} documents", number=trace.detail.split()[0])
    title = trace.document_title
    if title:
        for some, this in _THIS_DOCUMENT[spoken().tag]:
            sentence = sentence.replace(some, this)
    elif trace.act in ("block-professional", "unblock-professional") and trace.detail:
        sentence = f"{sentence}\u00a0: {trace.detail}"
    if trace.caller.id == reader:
        sentence = _to_reader(sentence)
    emergency = word("purpose", trace.purpose) if trace.purpose != Purpose.NORMAL.value else ""
    return Line(
        at=trace.at,
        sentence=sentence,
        title=title,
        rule=_rule(trace, reader),
        is_refused=is_refused,
        emergency=emergency,
        emergency_reason=_why(trace),
        is_minor=is_minor(trace),
        trace_id=trace.trace_id,
    )


def _rule(trace: Trace, reader: str) -> str:
    """By which rule, in words; those about the holder say "vous" to him alone."""
    if trace.caller.kind == "holder" and trace.caller.id != reader:
        return translate("titulaire du dossier")
    return word("rule", trace.rule)


def _why(trace: Trace) -> str:
    """Why the glass was broken: the motive in words, and what was written beside it."""
    motive = word("motive", trace.motive) if trace.motive else ""
    return "\u00a0: ".join(part for part in (motive, trace.purpose_reason) if part)


_TO_READER = {
    "fr": (("a ", "avez "), ("n’a ", "n’avez "), ("vous a ", "avez ")),
    "en": (("has ", "have "), ("was ", "were ")),
}


def _to_reader(sentence: str) -> str:
    """The same sentence said to whom it is about: "a ouvert" becomes "avez ouvert"."""
    for said, told in _TO_READER[spoken().tag]:
        if sentence.startswith(said):
            return told + sentence.removeprefix(said)
    return sentence


def passages(traces: Iterable[Trace], reader: str) -> tuple[Passage, ...]:
    """Traces, newest first, gathered by day and person; repeated things are said once."""
    found: list[Passage] = []
    for (day, _), same in groupby(traces, key=lambda t: (local(t.at).date(), t.caller.id)):
        group = list(same)
        lines = tuple(_folded(line_of(trace, reader) for trace in group))
        visitor = visitor_of(group[0], reader)
        ids = tuple(trace.trace_id for trace in group)
        found.append(Passage(day=day, visitor=visitor, lines=lines, traces=ids))
    return tuple(found)


def _folded(lines: Iterable[Line]) -> Iterator[Line]:
    seen: dict[tuple[str, str, str, bool, str], Line] = {}
    for line in lines:
        key = (line.sentence, line.title, line.rule, line.is_refused, line.emergency)
        if key in seen:
            seen[key] = replace(seen[key], times=seen[key].times + 1)
        else:
            seen[key] = line
    yield from seen.values()
