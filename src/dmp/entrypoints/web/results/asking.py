"""Questions to ask one's doctor about a result: they follow from where the value stands, and never say why.

They are said of nobody, so that a holder, a parent and a carer read the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp.domain.clinical.results.series import CRITICAL_MARKS, trend_of
from dmp.domain.clinical.synthesis import Series, Trend
from dmp.entrypoints.web.figures.curve import measured
from dmp.entrypoints.web.results.analyses import Analysis
from dmp.entrypoints.web.results.explained import Explained
from dmp.entrypoints.web.results.words import is_out
from dmp.locale import sentence

MOST = 6
_BY_TREND: dict[Trend, str] = {
    Trend.HIGH: "Pourquoi ce résultat est-il au-dessus des valeurs habituelles ?",
    Trend.LOW: "Pourquoi ce résultat est-il au-dessous des valeurs habituelles ?",
    Trend.NORMAL: "Que montre ce résultat ?",
    Trend.UNKNOWN: "Comment lire ce résultat ?",
}


def questions(analysis: Analysis, explained: Explained | None) -> tuple[str, ...]:
    """What to ask, the most pressing first, each once."""
    found = dict.fromkeys(sentence(one) for one in _questions(analysis, explained))
    return tuple(found)[:MOST]


def _questions(analysis: Analysis, explained: Explained | None) -> Iterator[str]:
    last = analysis.main.last
    if last.interpretation in CRITICAL_MARKS:
        yield "Le laboratoire a signalé ce résultat : que faut-il faire, et quand ?"
    if analysis.is_measure:
        yield "Cette mesure convient-elle ?"
        yield "À quel rythme faut-il la reprendre ?"
        return
    if explained is None:
        yield "À quoi sert cette analyse ?"
    yield _BY_TREND[trend_of(last)]
    if has_crossed(analysis.main):
        yield "Pourquoi ce résultat a-t-il changé depuis la fois d’avant ?"
    yield from explained.questions if explained is not None else ()
    if is_out(last):
        yield "Un médicament peut-il expliquer ce résultat ?"
        yield "Faut-il refaire cette analyse, et quand ?"
    else:
        yield "Quand faut-il refaire cette analyse ?"
    if len(analysis.series) > 1:
        yield "Ces valeurs n’ont pas toutes la même unité : peut-on les comparer ?"


def has_crossed(series: Series) -> bool:
    """Whether the last value left its range, or came back into it, since the one before."""
    numbers = measured(series)
    if len(numbers) < 2:
        return False
    before, now = trend_of(numbers[-2]), trend_of(numbers[-1])
    return Trend.UNKNOWN not in (before, now) and before is not now
