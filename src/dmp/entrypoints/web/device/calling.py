"""From the software of a practice straight to the patient's record: the call, verified, used once, compared.

The token leaves the address at once: what it says waits in the session, and the next page takes it from there.
"""

from __future__ import annotations

import logging

from starlette.responses import RedirectResponse, Response

from dmp.acts.login.accept_call import AcceptCall, accept_call
from dmp.acts.perform import refuse
from dmp.acts.sharing.check_access import CheckAccess, check_access
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import Ins, InsRoot
from dmp.domain.identity.matching import differences
from dmp.domain.record.health_record import State
from dmp.domain.record.relations import Authorisation
from dmp.entrypoints.web.device.keys import guest
from dmp.entrypoints.web.login.calls import LONGEST_LIFE, CallInvalid, traits_of_call
from dmp.entrypoints.web.login.sessions import CallUnderWay, ProfessionalIdentity
from dmp.entrypoints.web.page import Authentication, Page
from dmp.entrypoints.web.professional.patient import path_of, reference_to
from dmp.entrypoints.web.refusals import NEUTRAL
from dmp.entrypoints.web.visit import Visit
from dmp.locale import sentence

logger = logging.getLogger("dmp.web")

_NEXT = "/pro/appel/suite"
_INVALID = "Cet appel n’est pas valable, ou ne l’est plus. Recommencez depuis votre logiciel."
_ANOTHER = (
    "Cet appel est au nom d’un autre professionnel. "
    "Déconnectez-vous, puis recommencez depuis votre logiciel."
)
TRAITS = {
    "birth name": "Nom de naissance",
    "first given name": "Premier prénom de naissance",
    "sex": "Sexe",
    "birth date": "Date de naissance",
    "birth place": "Lieu de naissance",
}
"""The strict traits, in the words of a page."""


async def called(visit: Visit) -> Response:
    """A call arrives: verified, put aside, and out of the address."""
    reader = visit.door.calls
    try:
        if reader is None:
            raise CallInvalid("no software is known here")
        call = reader.read(visit.request.query_params.get("contexte", ""), visit.now)
    except CallInvalid as invalid:
        logger.warning("call of practice software refused: %s", invalid)
        return await _refused(visit, 400, _INVALID, Reason.TOKEN_INVALID)
    who = visit.session.state.who if visit.session else None
    if isinstance(who, ProfessionalIdentity):
        if who.id_nat != call.professional:
            return await _refused(visit, 403, _ANOTHER, Reason.ACT_NOT_ALLOWED)
        address = _NEXT
    else:
        await visit.door.begin_session(visit, visit.door.sessions.begin(visit.now))
        address = f"/pro/connexion/aller?suite={_NEXT}"
    await guest(visit)
    visit.live.state.call = call
    visit.live.changed = True
    return RedirectResponse(address, status_code=303)


async def _refused(visit: Visit, status: int, said: str, reason: Reason) -> Response:
    """Refused before any act: traced, and told on a page that names nobody."""
    detail = {"detail": "call of practice software"} if reason is Reason.TOKEN_INVALID else {}
    await refuse(visit.house, accept_call.name, visit.caller, Refused(reason, **detail))
    return visit.door.error(visit, status, said, reason)


async def arrives(visit: Visit) -> Response:
    """The professional is known: the call is used, identities are compared, and on to the patient."""
    state = visit.live.state
    call, state.call = state.call, None
    visit.live.changed = True
    if call is None or visit.now >= call.until:
        return await _refused(visit, 400, _INVALID, Reason.TOKEN_INVALID)
    if call.professional != visit.caller.id:
        return await _refused(visit, 403, _ANOTHER, Reason.ACT_NOT_ALLOWED)
    try:
        await visit.do(
            accept_call,
            AcceptCall(
                professional=call.professional,
                software=call.software,
                call_id=call.call_id,
                until=call.until + 2 * LONGEST_LIFE,
            ),
        )
    except Refused as refused:
        if refused.reason is not Reason.TOKEN_INVALID:
            raise
        return visit.door.error(visit, 400, _INVALID, refused.reason)
    return await _to_patient(visit, call)


async def _to_patient(visit: Visit, call: CallUnderWay) -> Response:
    ins = Ins(call.matricule, InsRoot(call.root))
    path = path_of(reference_to(visit, ins))
    try:
        status = await visit.do(check_access, CheckAccess(ins=ins))
    except Refused as refused:
        if refused.reason not in NEUTRAL:
            raise
        return visit.go_to(path)
    record = status.record
    out_of_reach = record.state is not State.OPEN or status.authorisation is Authorisation.FORBIDDEN
    wrong = differences(record.traits, traits_of_call(call.traits))
    if out_of_reach or not wrong:
        return visit.go_to(path)
    mismatch = Refused(Reason.IDENTITY_MISMATCH, traits=", ".join(wrong))
    await refuse(visit.house, accept_call.name, visit.caller, mismatch)
    return visit.render(
        "device/other_identity.html",
        "L’identité ne correspond pas",
        status=409,
        wrong=[sentence(TRAITS[name]) for name in wrong],
    )


PAGES = (
    Page(path="/pro/appel", view=called, authentication=Authentication.NONE),
    Page(
        path=_NEXT,
        view=arrives,
        authentication=Authentication.READER,
        acts=(accept_call, check_access),
    ),
)
