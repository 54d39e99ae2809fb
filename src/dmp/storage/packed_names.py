"""Codes, people and authors as rows: values without names, in the order of their fields."""

from __future__ import annotations

from dmp.domain.clinical.facts import NOBODY, Agent
from dmp.domain.codes import Code
from dmp.domain.documents.entry import Author, AuthorKind

CodeRow = tuple[str, str, str]
AgentRow = tuple[str, str, str, str]
AuthorRow = tuple[AuthorKind, str, str, str, str, CodeRow | None, CodeRow | None, str, str, str]


def row_of_code(code: Code | None) -> CodeRow | None:
    """A code with its system and label; None stays None."""
    return None if code is None else (code.code, code.system, code.display)


def code_of(row: CodeRow | None) -> Code | None:
    """The code of a row; None stays None."""
    return None if row is None else Code(*row)


def row_of_agent(agent: Agent) -> AgentRow:
    """Name, identifier, speciality and place."""
    return agent.name, agent.id, agent.speciality, agent.place


def agent_of(row: AgentRow) -> Agent:
    """Whom a row names; NOBODY where it names nobody."""
    name, number, speciality, place = row
    found = Agent(name=name, id=number, speciality=speciality, place=place)
    return NOBODY if found == NOBODY else found


def row_of_author(author: Author) -> AuthorRow:
    """Every value of an author."""
    return (
        author.kind,
        author.id,
        author.id_root,
        author.family,
        author.given,
        row_of_code(author.specialty),
        row_of_code(author.role),
        author.structure_id,
        author.structure_root,
        author.structure_name,
    )


def author_of(row: AuthorRow) -> Author:
    """The author of a row."""
    kind, number, root, family, given, specialty, role, *structure = row
    return Author(
        kind=kind,
        id=number,
        id_root=root,
        family=family,
        given=given,
        specialty=code_of(specialty),
        role=code_of(role),
        structure_id=structure[0],
        structure_root=structure[1],
        structure_name=structure[2],
    )
