"""The words of a card that says its content itself: short enough for a QR code that a telephone reads."""

from __future__ import annotations

from datetime import datetime

from dmp.domain.arranging.emergency_content import EmergencyCardContent
from dmp.entrypoints.web.wording import local
from dmp.locale import translate

LONGEST = 300
"""Characters in the code."""


def card_text(content: EmergencyCardContent, at: datetime) -> str:
    """The content in 300 characters at most, the gravest first; what does not fit is left out whole."""
    head = translate(
        "URGENCE {initials} né(e) en {year}", initials=content.initials, year=content.birth_year
    )
    foot = translate("Écrit le {day}", day=f"{local(at):%d/%m/%Y}")
    lines = [head]
    room = LONGEST - len(head) - len(foot) - 1
    for title, parts in _parts(content):
        line = _fitting(title, parts, room - 1)
        if line:
            lines.append(line)
            room -= len(line) + 1
    return "\n".join((*lines, foot))


def _parts(content: EmergencyCardContent) -> list[tuple[str, list[str]]]:
    grave = [one.label for one in content.allergies if one.severe]
    people = [f"{one.name} {one.phone}".strip() for one in content.persons]
    others = [one.label for one in content.allergies if not one.severe]
    return [
        (translate("Allergies graves"), grave),
        (translate("Traitements"), [one.label for one in content.treatments]),
        (translate("Appeler"), people[:2]),
        (translate("Implants"), list(content.devices)),
        (translate("Autres allergies"), others),
    ]


def _fitting(title: str, parts: list[str], room: int) -> str:
    """`Title: a, b` with as many parts as there is room for; empty when there is none for one."""
    line = ""
    for part in parts:
        longer = f"{line}, {part}" if line else f"{title}\u00a0: {part}"
        if len(longer) > room:
            break
        line = longer
    return line
