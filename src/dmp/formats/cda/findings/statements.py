"""Clinical statements and the statements inside them.

Source: CDA R2 (clinical statements, entryRelationship, organizer/component).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

from dmp.formats.cda.document import v3

ACT, OBSERVATION, ORGANIZER = v3("act"), v3("observation"), v3("organizer")
PROCEDURE, ENCOUNTER, SUPPLY = v3("procedure"), v3("encounter"), v3("supply")
ADMINISTRATION: Final = v3("substanceAdministration")
STATEMENTS: Final = (ACT, OBSERVATION, ORGANIZER, PROCEDURE, ENCOUNTER, SUPPLY, ADMINISTRATION)
RELATION, COMPONENT = v3("entryRelationship"), v3("component")
SUBJECT, STATUS, TEMPLATE = v3("subject"), v3("statusCode"), v3("templateId")

_GONE = frozenset(("nullified", "cancelled", "aborted", "obsolete", "held", "suspended"))


def related(
    statement: etree._Element, kinds: tuple[str, ...] = (), tag: str = OBSERVATION
) -> Iterator[etree._Element]:
    """The statements of one name directly inside a statement; `kinds` are typeCodes, none for all."""
    for relation in statement.iterchildren(RELATION):
        if not kinds or relation.get("typeCode") in kinds:
            yield from relation.iterchildren(tag)


def parts(statement: etree._Element) -> Iterator[etree._Element]:
    """The statements directly inside an act or organizer."""
    for relation in statement.iterchildren(RELATION, COMPONENT):
        yield from relation.iterchildren(*STATEMENTS)


def has_happened(statement: etree._Element) -> bool:
    """Whether a statement tells an event, and not a request, a goal or what was called off."""
    return statement.get("moodCode", "EVN") == "EVN" and not is_gone(statement)


def is_gone(statement: etree._Element) -> bool:
    """Whether a statement was called off."""
    return is_called_off(next(statement.iterchildren(STATUS), None))


def is_called_off(status: etree._Element | None) -> bool:
    """Whether a statusCode says that its statement was called off."""
    return status is not None and status.get("code") in _GONE


def concerns_another(statement: etree._Element) -> bool:
    """Whether a statement is about somebody else, such as a relative or a newborn."""
    return next(statement.iterchildren(SUBJECT), None) is not None


def has_template(element: etree._Element, roots: frozenset[str]) -> bool:
    """Whether an element says that it follows one of these templates."""
    return any(template.get("root") in roots for template in element.iterchildren(TEMPLATE))
