"""The code that lets a person in: on a letter that is shown once, or by SMS to the number she tells.

The code stands in no address and in no log; until its letter is shown it stands sealed in the session, and an
SMS is seen by nobody here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

import msgspec
from starlette.responses import Response

from dmp.acts.counter.issue_access_code import (
    CodeBySms,
    IssueAccessCode,
    IssuedCode,
    issue_access_code,
)
from dmp.acts.sharing.check_access import check_access
from dmp.domain.arranging.access_code import BY_SMS_VALID_FOR, MOST_ATTEMPTS, VALID_FOR
from dmp.domain.errors import Reason, Refused
from dmp.entrypoints.web.desk.deeds import may_issue
from dmp.entrypoints.web.desk.operations import finished, remember_operation
from dmp.entrypoints.web.desk.persons import SeenPerson, path_of, person_of, record_of
from dmp.entrypoints.web.page import Authentication, Page, form_page
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import moment
from dmp.locale import translate

_SEAL = "access-code"
_MOBILE = re.compile(r"(?:\+33|0)[67][0-9]{8}|\+(?!33)[1-9][0-9]{7,14}")
REMEMBERED = 6
"""Letters that wait to be shown, at most."""
LETTER, SMS = "lettre", "sms"


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A letter on its way to the page that shows it."""

    code: str
    issued_at: datetime
    expires_at: datetime


async def issue(visit: Visit) -> Response:
    """Say what the code is, and hand it over once the agent has confirmed."""
    someone = person_of(visit)
    path = path_of(visit.part("person"))
    record = await record_of(visit, someone)
    if not may_issue(visit, record, someone):
        visit.notice("La situation de la personne a changé. Voici ce qui est possible maintenant.")
        return visit.go_to(path)
    errors: dict[str, str] = {}
    if visit.request.method == "POST":
        if not visit.form.checked("present"):
            errors["present"] = "Cochez la case : le code se remet à la personne elle-même."
        way = way_of(visit, errors)
        if way and not errors and await handed_over(visit, someone, way, errors):
            return visit.go_to(f"{path}/lettre" if way == LETTER else path)
    return visit.render(
        "desk/code.html",
        "Remettre un code d’accès",
        status=400 if errors else 200,
        person=someone,
        path=path,
        typed=visit.form,
        opening={**code_values(visit), "way": visit.form.text("remise") or LETTER},
        errors=errors,
    )


def code_values(visit: Visit) -> Mapping[str, object]:
    """What a form with the ways of handing over needs."""
    return {
        "ways": _ways(visit),
        "days": VALID_FOR.days,
        "sms_days": BY_SMS_VALID_FOR.days,
        "attempts": MOST_ATTEMPTS,
    }


def _ways(visit: Visit) -> list[tuple[str, str, str]]:
    found = [(LETTER, "Lettre imprimée ici", "")]
    if visit.options.send_code is not None:
        found.append((SMS, "SMS au numéro que la personne indique", ""))
    return found


def way_of(visit: Visit, errors: dict[str, str]) -> str:
    """How the code is handed over; what must be corrected is said under each field."""
    way = visit.form.text("remise") or LETTER
    if way not in {value for value, _, _ in _ways(visit)}:
        errors["remise"] = "Choisissez comment le code est remis."
        return ""
    if way == SMS and _MOBILE.fullmatch(_number(visit)) is None:
        errors["telephone"] = "Saisissez un numéro de mobile, par exemple 06 12 34 56 78."
    return way


def _number(visit: Visit) -> str:
    return re.sub(r"[\s.\-()]", "", visit.form.text("telephone"))


async def handed_over(
    visit: Visit, person: SeenPerson, way: str, errors: dict[str, str]
) -> IssuedCode | None:
    """Issue a code and hand it over; None when no SMS leaves, said under the field: nothing was issued."""
    send = visit.options.send_code
    by_sms = CodeBySms(number=_number(visit), send=send) if way == SMS and send else None
    try:
        request = IssueAccessCode(ins=person.ins, traits=person.traits, by_sms=by_sms)
        issued = await visit.do(issue_access_code, request)
    except Refused as refused:
        if refused.reason not in _NOT_SENT:
            raise
        errors["telephone"] = _NOT_SENT[refused.reason]
        return None
    path = path_of(visit.part("person"))
    if by_sms is None:
        letter = Letter(code=issued.code, issued_at=issued.issued_at, expires_at=issued.expires_at)
        kept = {**visit.live.state.letters, path: _sealed(visit, letter)}
        visit.live.state.letters = dict(list(kept.items())[-REMEMBERED:])
    else:
        said = "Le code est parti par SMS. Il sert une fois, jusqu’au {end}."
        visit.notice(translate(said, end=moment(issued.expires_at)))
    remember_operation(visit, issued.issued_at, person)
    finished(visit, path)
    return issued


_NOT_SENT = {
    Reason.UNAVAILABLE: "Le SMS n’est pas parti : le service d’envoi ne répond pas. Imprimez la lettre.",
    Reason.PARAMETER_INVALID: (
        "Ce numéro ne reçoit pas de SMS. Vérifiez-le avec la personne, ou imprimez la lettre."
    ),
}


def _sealed(visit: Visit, letter: Letter) -> str:
    return visit.seal(_SEAL, msgspec.json.encode(letter).decode())


async def show(visit: Visit) -> Response:
    """The letter, once; afterwards the page says how to issue another one."""
    someone = person_of(visit)
    path = path_of(visit.part("person"))
    found = taken_letter(visit, path)
    return visit.render(
        "desk/letter.html",
        "Votre code d’accès",
        status=200 if found is not None else 410,
        path=path,
        sheet=letter_values(visit, found, someone.traits.display),
    )


def letter_values(visit: Visit, letter: Letter | None, name: str) -> Mapping[str, object]:
    """What the letter says, for the pages that show it."""
    return {
        "letter": letter,
        "name": name,
        "code": f"{letter.code[:5]}-{letter.code[5:]}" if letter is not None else "",
        "address": visit.options.base_url,
        "attempts": MOST_ATTEMPTS,
        "agent": visit.who_name(),
    }


def taken_letter(visit: Visit, path: str) -> Letter | None:
    """The letter made in this session for the person of these pages, taken once."""
    state = visit.live.state
    sealed = state.letters.get(path)
    if sealed is None:
        return None
    state.letters = {known: text for known, text in state.letters.items() if known != path}
    visit.live.changed = True
    return msgspec.json.decode(visit.unseal(_SEAL, sealed), type=Letter)


_DESK = Authentication.DESK
PAGES = (
    *form_page("/guichet/personnes/{person}/code", issue, _DESK, check_access, issue_access_code),
    Page(path="/guichet/personnes/{person}/lettre", view=show, authentication=_DESK),
)
