"""The lines of "Qui verra ce document ?": answers of the rules, in the words of whoever reads them."""

from __future__ import annotations

from dataclasses import dataclass

from dmp.domain.access.preview import Group, Row
from dmp.entrypoints.web.visit import Visit
from dmp.locale import translate

_NAMED_AT_ONCE = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One line of the table: who, in words, and whether he sees the document today and after."""

    name: str
    about: str
    more: tuple[str, ...]
    today: bool
    after: bool

    @property
    def changes(self) -> bool:
        """Whether the change makes a difference to him."""
        return self.today != self.after


_GROUPS = {
    Group.HOLDER: "vous",
    Group.REPRESENTATIVE: "votre représentant",
    Group.CARER: "votre proche aidant",
    Group.AUTHOR: "auteur du document",
    Group.AUTHOR_STRUCTURE: "équipe qui a déposé le document, avec votre accord",
    Group.ATTENDING_DOCTOR: "votre médecin traitant",
    Group.ADMINISTRATOR: "administrateur que vous avez désigné",
    Group.PROFESSIONAL: "avec votre accord",
    Group.BLOCKED: "bloqué",
}
_GROUPS_FOR_ANOTHER = {
    Group.HOLDER: "titulaire du dossier",
    Group.REPRESENTATIVE: "représentant",
    Group.CARER: "proche aidant",
    Group.AUTHOR_STRUCTURE: "équipe qui a déposé le document, avec accord",
    Group.ATTENDING_DOCTOR: "médecin traitant",
    Group.ADMINISTRATOR: "administrateur du dossier",
    Group.PROFESSIONAL: "avec accord",
}
_EMERGENCIES = {
    Group.REGULATION: ("Le médecin régulateur du SAMU", "lors d’un appel au 15"),
    Group.BREAK_GLASS: ("Tout autre médecin, en urgence", "si la personne ne peut pas s’exprimer"),
}


def readers_of(visit: Visit, rows: tuple[Row, ...]) -> tuple[Reader, ...]:
    """Lines of the table; professions that fare alike share one."""
    found: list[Reader] = []
    alike: dict[tuple[bool, bool], list[str]] = {}
    emergencies: list[Reader] = []
    words = _GROUPS | (_GROUPS_FOR_ANOTHER if visit.profile is not None else {})
    for row in rows:
        today, after = row.today.seen, row.after.seen
        if row.group in (Group.PROFESSION, Group.ROLE):
            alike.setdefault((today, after), []).append(row.name)
        elif row.group in _EMERGENCIES:
            name, about = _EMERGENCIES[row.group]
            emergencies.append(_reader(name, about, today, after))
        else:
            found.append(_reader(row.name, words[row.group], today, after))
    changing = sorted(alike.items(), key=lambda item: (item[0][0] == item[0][1], not item[0][0]))
    for (today, after), names in changing:
        found.append(_together(names, today, after, is_only=len(alike) == 1))
    return (*found, *emergencies)


def _reader(name: str, about: str, today: bool, after: bool, more: tuple[str, ...] = ()) -> Reader:
    return Reader(name=translate(name), about=translate(about), more=more, today=today, after=after)


def _together(names: list[str], today: bool, after: bool, *, is_only: bool) -> Reader:
    """Professions and roles that fare alike, in one line."""
    about = "avec accord"
    plain = [name.removeprefix("Les ") for name in names]
    if len(plain) == 1:
        return _reader(names[0], about, today, after)
    if len(plain) <= _NAMED_AT_ONCE:
        return _reader("Les " + ", ".join(plain), about, today, after)
    who = "Tous les autres professionnels" if is_only else "D’autres professionnels"
    name = f"{who}\u00a0: {', '.join(plain[:3])}…"
    return _reader(name, f"{len(plain)} professions, {about}", today, after, tuple(plain))
