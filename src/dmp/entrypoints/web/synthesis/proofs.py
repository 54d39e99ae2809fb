"""Where the proof of each fact stands, and how it came to be known: one link, an icon and a word.

The address goes to the document, at its section; a mark in it lets the document lead back to this very
link, and what the page was narrowed by (`avec`) to the page as it was.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode
from uuid import UUID

from markupsafe import Markup, escape

from dmp.domain.clinical.facts import Provenance, Source
from dmp.domain.clinical.same.declared import HOLDER
from dmp.entrypoints.web.wording import day
from dmp.locale import plural, sentence, translate

WORDS: dict[Provenance, tuple[str, str, str]] = {
    Provenance.STRUCTURED: ("◆", "structuré", "structuré"),
    Provenance.EXTRACTED: ("◇", "extrait", "extrait automatiquement (à vérifier)"),
    Provenance.CLAIMS: ("€", "remboursé", "remboursement de l’Assurance Maladie"),
    Provenance.DECLARED: ("✎", "déclaré", "déclaré par le patient"),
}
"""Icon, short word, full words."""

SECTION = "section-"
"""What the anchor of a section of a document begins with; its LOINC code follows."""

_ANCHOR = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,40}")
_MARK = re.compile(r"(([a-z-]{1,20})(?:/[A-Za-z0-9-]{1,40}){0,2})\.(p[0-9]{1,4})")
_NARROWING = frozenset(
    {
        "genre", "du", "au", "page", "ans", "fin", "bande", "probleme", "tableau", "avant", "valeurs",
        "examen", "a", "b", "periode",
    }
)  # fmt: skip
"""What in an address narrows one of our pages, and is taken along on the way to a proof and back."""
_PLAIN = re.compile(r"[\w-]{1,40}|[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}")
"""A word, or a day as people type it."""


def narrowed_by(asked: Mapping[str, str]) -> str:
    """What of the values of an address narrows its page, as a query; what no page of ours asks is left out."""
    return urlencode(
        {
            name: value
            for name, value in asked.items()
            if name in _NARROWING and _PLAIN.fullmatch(value)
        }
    )


class Proofs:
    """The proof links of one page. `documents` is the address of the documents, `page` the word of the page.

    `holder` is how the page calls who declared something, `narrowed` what narrows the page (`narrowed_by`).
    Links are numbered in the order in which they are asked, so that each has words of its own.
    """

    def __init__(
        self, documents: str, page: str, holder: str = "le patient", narrowed: str = ""
    ) -> None:
        self._documents = documents
        self._narrowed = f"&avec={quote(narrowed, safe='')}" if narrowed else ""
        self._holder = holder
        self._page = page
        self._number = 0

    def link(self, sources: Sequence[Source], what: str, *, full: bool = False) -> Markup:
        """The first source of a fact as a link; without a document, its provenance in words."""
        if not sources:
            return Markup("")
        return self.one(sources[0], what, full=full)

    def all(self, sources: Sequence[Source], what: str) -> Markup:
        """Every source of a fact, one after the other."""
        links = [self.one(source, what, full=True) for source in sources]
        return Markup(" ").join(links)

    def one(self, source: Source, what: str, *, full: bool = False) -> Markup:
        """One source: icon and word of its provenance, and where it stands."""
        icon, short, words = WORDS[source.provenance]
        shown = self._described(source, translate(words)) if full else translate(short)
        said = f'<span aria-hidden="true">{icon}</span> {escape(shown)}'
        if source.document is None:
            return Markup(f'<span class="proof">{said}</span>')  # noqa: S704  # escaped above
        self._number += 1
        hidden = translate(
            " : preuve {number}, {what}, {title}, {day}",
            number=self._number,
            what=what,
            title=source.title,
            day=day(source.on),
        )
        mark = f"p{self._number}"
        address = escape(self._address(source.document, source.anchor, mark))
        # Text by text, and markup once: a page has a hundred of them.
        return Markup(  # noqa: S704  # every part is escaped
            f'<a class="proof" id="{mark}" href="{address}">{said}'
            f'<span class="hidden-text">{escape(hidden)}</span></a>'
        )

    def mark(self, source: Source) -> tuple[str, str]:
        """The mark and the address of a link that a figure draws; both empty without a document."""
        return ("", "") if source.document is None else self.way(source.document, source.anchor)

    def way(self, document: UUID, anchor: str = "") -> tuple[str, str]:
        """The mark and the address of a link to a document whose words stand on the page."""
        self._number += 1
        mark = f"p{self._number}"
        return mark, self._address(document, anchor, mark)

    def told(self, sources: Sequence[Source], what: str) -> Markup:
        """Who said it and when, in plain words: the first source, and how many others say the same."""
        if not sources:
            return Markup("")
        first = sources[0]
        who = first.author or first.title
        if first.provenance is Provenance.DECLARED:
            named = first.document is None and first.author not in ("", HOLDER)
            who = first.author if named else sentence(self._holder)
            words = translate("déclaré par {holder}, {on}", holder=who, on=day(first.on))
        else:
            words = f"{who}, {day(first.on)}"
        icon = WORDS[first.provenance][0]
        others = len(sources) - 1
        more = translate(
            plural(" et {number} autre source", " et {number} autres sources", others),
            number=others,
        )
        said = Markup('<span aria-hidden="true">{}</span> {}').format(icon, words)
        if first.provenance is Provenance.EXTRACTED:
            said += translate(" (lu automatiquement, à vérifier)")
        after = more if others else ""
        if first.document is None:
            return Markup('<span class="soft">{}</span>{}').format(said, after)
        self._number += 1
        mark = f"p{self._number}"
        return Markup(
            '<a class="proof" id="{}" href="{}">{}<span class="hidden-text">{}</span></a>{}'
        ).format(
            mark,
            self._address(first.document, first.anchor, mark),
            said,
            translate(" : {what}, document {number}", what=what, number=self._number),
            after,
        )

    def to(self, document: UUID, words: str) -> Markup:
        """A link to a document by its title."""
        self._number += 1
        mark = f"p{self._number}"
        return Markup('<a id="{}" href="{}">{}<span class="hidden-text"> ({})</span></a>').format(
            mark,
            self._address(document, "", mark),
            words,
            translate("document {number}", number=self._number),
        )

    @staticmethod
    def _described(source: Source, words: str) -> str:
        who = source.author or source.speciality
        said = ", ".join(part for part in (source.title, who, day(source.on)) if part)
        return f"{said} ({words})"

    def _address(self, document: UUID, anchor: str, mark: str) -> str:
        section = f"#{SECTION}{anchor}" if _ANCHOR.fullmatch(anchor) else ""
        return f"{self._documents}/{document}?de={self._page}.{mark}{self._narrowed}{section}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """From a document back to the link that led to it."""

    path: str
    words: str


PAGES: dict[str, str] = {
    "synthese": "Synthèse",
    "alertes": "Toutes les alertes",
    "faits": "Séjours et actes",
    "traitements": "Traitements",
    "resultats": "Résultats",
    "ma-sante": "Ma santé en résumé",
    "histoire": "Histoire de santé",
    "chronologie": "Chronologie",
    "problemes": "Problèmes",
    "biologie": "Biologie",
    "imagerie": "Imagerie",
    "vaccinations": "Vaccinations",
    "prevention": "Prévention",
    "volontes": "Volontés",
    "profil-medical": "Profil médical",
}
"""Pages whose proofs lead back to them; the word is the end of their address, or what it begins with."""


def way_back(asked: str, home: str, narrowed: str = "") -> Return | None:
    """The way back that an address asks for (`synthese.p12`), to the page as it was narrowed; None when it asks
    for none that exists.
    """
    found = _MARK.fullmatch(asked)
    if found is None or found[2] not in PAGES:
        return None
    query = narrowed_by(dict(parse_qsl(narrowed)))
    path = f"{home}/{found[1]}?{query}" if query else f"{home}/{found[1]}"
    return Return(path=f"{path}#{found[3]}", words=PAGES[found[2]])
