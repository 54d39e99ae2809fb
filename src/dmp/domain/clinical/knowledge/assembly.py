"""The knowledge in memory, made of editions: each table from the newest edition that holds it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from dmp.domain.clinical.knowledge.contents import Content, Row
from dmp.domain.clinical.knowledge.editions import Edition, ReferenceKind
from dmp.domain.clinical.knowledge.imaging_acts import imaging_act
from dmp.domain.clinical.knowledge.knowledge import ImagingAct, Knowledge, Labels
from dmp.domain.clinical.knowledge.products.making import catalogue_of
from dmp.domain.clinical.knowledge.products.substances import SubstanceTerms
from dmp.domain.clinical.knowledge.rules import Comparison, FollowUpRule, RedundancyRule, Weight
from dmp.domain.clinical.knowledge.thesaurus import Level, Pair, Thesaurus

Contents = Mapping[ReferenceKind, Content]
_K = ReferenceKind
_LEVELS = {
    "CI": Level.CONTRAINDICATED,
    "ASDEC": Level.NOT_RECOMMENDED,
    "PE": Level.PRECAUTION,
    "APEC": Level.TAKE_INTO_ACCOUNT,
}


def in_force(shipped: Contents, loaded: Contents) -> dict[ReferenceKind, Content]:
    """What is shipped, each kind replaced by its loaded edition; a table that this does not hold is kept from
    what is shipped where both are our own (the rules).
    """
    chosen = dict(shipped)
    for kind, content in loaded.items():
        kept = shipped.get(kind) if kind is _K.RULES else None
        tables = {**kept.tables, **content.tables} if kept is not None else content.tables
        chosen[kind] = Content(edition=content.edition, tables=tables)
    return chosen


def knowledge_of(contents: Contents) -> Knowledge:
    """The knowledge that these editions make."""
    thesaurus = thesaurus_of(contents)
    terms = SubstanceTerms(terms_of(contents))
    ccam = _rows(contents, _K.CCAM, "acts")
    return Knowledge(
        editions=MappingProxyType({kind: content.edition for kind, content in contents.items()}),
        medicines=catalogue_of(contents, terms),
        thesaurus=thesaurus,
        labels=MappingProxyType(_labels(contents)),
        imaging=MappingProxyType(_imaging(ccam)),
        loinc_of=MappingProxyType(_grouped(_rows(contents, _K.LOINC, "alignment"))),
        most_per_order=MappingProxyType(
            {code: int(most) for code, _, most in _rows(contents, _K.NABM, "acts") if most}
        ),
        long_term_of=MappingProxyType(
            {
                code: number
                for code, _, number in _rows(contents, _K.LONG_TERM, "diagnoses")
                if number
            }
        ),
        letter_of=MappingProxyType(
            {code: letter for code, letter, _ in _rows(contents, _K.NATURES, "natures") if letter}
        ),
        redundancy=tuple(redundancy_rule(row) for row in _rows(contents, _K.RULES, "redundancy")),
        follow_up=tuple(follow_up_rule(row) for row in _rows(contents, _K.RULES, "follow_up")),
    )


def editions_of(contents: Contents) -> tuple[Edition, ...]:
    """The editions, by kind."""
    return tuple(contents[kind].edition for kind in ReferenceKind if kind in contents)


def terms_of(contents: Contents) -> frozenset[str]:
    """Every substance that the thesaurus names: headings that are no class, members of classes, partners."""
    members = _rows(contents, _K.ANSM, "members")
    classes = {row[0] for row in members}
    headings = {row[0] for row in _rows(contents, _K.ANSM, "headings") if row[2] == "substance"}
    paired = {term for row in _rows(contents, _K.ANSM, "pairs") for term in row[:2]}
    return frozenset(headings | {row[1] for row in members} | (paired - classes))


def thesaurus_of(contents: Contents) -> Thesaurus:
    """The pairs, and the classes of each substance."""
    classes = _grouped((member, term) for term, member in _rows(contents, _K.ANSM, "members"))
    pairs = (
        Pair(
            a_term=a_term,
            b_term=b_term,
            a=a,
            b=b,
            levels=tuple(_LEVELS[level] for level in levels.split("-")),
            mechanism=mechanism,
            conduct=conduct,
            others=bool(others),
        )
        for a_term, b_term, a, b, levels, mechanism, conduct, others in _rows(
            contents, _K.ANSM, "pairs"
        )
    )
    return Thesaurus(pairs=tuple(pairs), classes_of=MappingProxyType(classes))


def redundancy_rule(row: Row) -> RedundancyRule:
    """A rule from its row. Raises ValueError for a row that is no rule."""
    rule_id, comparison, codes, label, min_days, weight, silent_in, source, state = row
    return RedundancyRule(
        rule_id=rule_id,
        comparison=Comparison(comparison),
        codes=tuple(codes.split(";")),
        label=label,
        min_days=float(min_days) if min_days else None,
        weight=Weight(weight),
        silent_in=tuple(filter(None, silent_in.split(";"))),
        source=source,
        state=state,
    )


def follow_up_rule(row: Row) -> FollowUpRule:
    """A rule from its row. Raises ValueError for a row that is no rule."""
    (
        rule_id,
        label,
        done_by,
        from_months,
        to_months,
        sex,
        condition,
        every,
        rank,
        season,
        source,
    ) = row
    return FollowUpRule(
        rule_id=rule_id,
        label=label,
        done_by=tuple(filter(None, done_by.split(";"))),
        from_months=int(from_months or 0),
        to_months=int(to_months or 1_800),
        sex=sex,
        condition=condition,
        every_months=int(every) if every else None,
        rank=int(rank or 0),
        season_from=int(season or 0),
        source=source,
    )


def _labels(contents: Contents) -> dict[ReferenceKind, Labels]:
    """Labels by kind; those of CIM-10 are completed by the table of ALD, natures are known by code and by
    letter.
    """
    found: dict[ReferenceKind, dict[str, str]] = {}
    for kind, table, key, shown in (
        (_K.NABM, "acts", 0, 1),
        (_K.CCAM, "acts", 0, 1),
        (_K.CIM10, "diagnoses", 0, 1),
        (_K.LPP, "devices", 0, 1),
        (_K.GHS, "groups", 0, 1),
        (_K.UCD, "units", 0, 1),
        (_K.NATURES, "natures", 0, 2),
        (_K.SPECIALITIES, "specialities", 0, 1),
        (_K.ATC, "labels", 0, 1),
        (_K.LOINC, "alignment", 1, 2),
    ):
        found[kind] = {row[key]: row[shown] for row in _rows(contents, kind, table) if row[shown]}
    for code, label, _ in _rows(contents, _K.LONG_TERM, "diagnoses"):
        found[_K.CIM10].setdefault(code, label)
    for _, letter, label in _rows(contents, _K.NATURES, "natures"):
        if letter and label:
            found[_K.NATURES].setdefault(letter, label)
    return {kind: Labels(known=MappingProxyType(labels)) for kind, labels in found.items()}


def _imaging(acts: tuple[Row, ...]) -> dict[str, ImagingAct]:
    found = ((code, imaging_act(code, label, group)) for code, label, group in acts)
    return {code: act for code, act in found if act is not None}


def _grouped(rows: Iterable[Row]) -> dict[str, frozenset[str]]:
    """The second cells of the rows by their first."""
    grouped: dict[str, set[str]] = {}
    for key, value, *_ in rows:
        grouped.setdefault(key, set()).add(value)
    return {key: frozenset(values) for key, values in grouped.items()}


def _rows(contents: Contents, kind: ReferenceKind, table: str) -> tuple[Row, ...]:
    content = contents.get(kind)
    return () if content is None else content.rows(table)
