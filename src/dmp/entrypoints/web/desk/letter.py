"""The letter with the access code: issued to the person who is there, shown once to be printed.

The code stands in no address and in no log; until the letter is shown it stands sealed in the session.
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from starlette.responses import Response

from dmp.acts.counter.issue_access_code import IssueAccessCode, issue_access_code
from dmp.acts.sharing.check_access import check_access
from dmp.domain.arranging.access_code import MOST_ATTEMPTS, VALID_FOR
from dmp.domain.errors import Reason, Refused
from dmp.entrypoints.web.desk.counter import may_issue, path_of, person_of, record_of
from dmp.entrypoints.web.desk.operations import remember_operation
from dmp.entrypoints.web.page import Authentication, Page, form_page
from dmp.entrypoints.web.record.identity_form import Person
from dmp.entrypoints.web.visit import Visit

_SEAL = "access-code"


class _Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A letter on its way to the page that shows it."""

    matricule: str
    code: str
    issued_at: datetime
    expires_at: datetime


async def issue(visit: Visit) -> Response:
    """Say what the letter is, and issue it once the agent has confirmed."""
    someone = person_of(visit)
    path = path_of(visit.part("person"))
    record = await record_of(visit, someone)
    if not may_issue(visit, record, someone):
        visit.notice("La situation de la personne a changé. Voici ce qui est possible maintenant.")
        return visit.go_to(path)
    errors: dict[str, str] = {}
    if visit.request.method == "POST":
        if not visit.form.checked("present"):
            errors["present"] = "Cochez la case : la lettre se remet en main propre."
        else:
            request = IssueAccessCode(ins=someone.ins, traits=someone.traits)
            issued = await visit.do(issue_access_code, request)
            letter = _Letter(
                matricule=someone.ins.matricule,
                code=issued.code,
                issued_at=issued.issued_at,
                expires_at=issued.expires_at,
            )
            visit.live.state.letter = visit.seal(_SEAL, msgspec.json.encode(letter).decode())
            remember_operation(visit, issued.issued_at, someone)
            return visit.go_to(f"{path}/lettre")
    return visit.render(
        "desk/code.html",
        "Remettre un code d’accès",
        status=400 if errors else 200,
        person=someone,
        path=path,
        days=VALID_FOR.days,
        typed=visit.form,
        errors=errors,
    )


async def letter(visit: Visit) -> Response:
    """The letter, once; afterwards the page says how to issue another one."""
    someone = person_of(visit)
    found = _taken(visit, someone)
    return visit.render(
        "desk/letter.html",
        "Votre code d’accès",
        status=200 if found is not None else 410,
        person=someone,
        path=path_of(visit.part("person")),
        letter=found,
        code=f"{found.code[:5]}-{found.code[5:]}" if found is not None else "",
        address=visit.options.base_url,
        days=VALID_FOR.days,
        attempts=MOST_ATTEMPTS,
        agent=visit.who_name(),
    )


def _taken(visit: Visit, person: Person) -> _Letter | None:
    """The letter made for this very person in this session, taken once."""
    state = visit.live.state
    if not state.letter:
        return None
    try:
        found = msgspec.json.decode(visit.unseal(_SEAL, state.letter), type=_Letter)
    except Refused as refused:
        if refused.reason is not Reason.RECORD_NOT_FOUND:
            raise
        return None
    if found.matricule != person.ins.matricule:
        return None
    state.letter = ""
    visit.live.changed = True
    return found


_DESK = Authentication.DESK
PAGES = (
    *form_page("/guichet/personnes/{person}/code", issue, _DESK, check_access, issue_access_code),
    Page(path="/guichet/personnes/{person}/lettre", view=letter, authentication=_DESK),
)
