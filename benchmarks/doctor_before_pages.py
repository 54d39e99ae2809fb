"""A doctor who is logged in, as benchmarks of pages need one: his session and the reference of his patient."""

from __future__ import annotations

from datetime import timedelta
from time import perf_counter_ns

import httpx

from dmp.bootstrap.doors import application, web_options
from dmp.bootstrap.house import Built
from dmp.domain.identifiers import Ins
from dmp.domain.identity.caller import Caller, Professional
from dmp.entrypoints.web.login.sessions import ProfessionalIdentity, Workplace
from dmp.entrypoints.web.pages import web_door
from dmp.entrypoints.web.seals import sealed
from dmp.settings import Settings


async def logged_in(
    standing: Built, settings: Settings, doctor: Caller, patient: Ins
) -> tuple[httpx.AsyncClient, str, dict[str, str]]:
    """A client of the whole application, the address of the patient's pages, and the cookie of the session."""
    who = doctor.who
    if not isinstance(who, Professional):
        raise TypeError("a doctor reads")
    options = web_options(settings)
    door = web_door(standing.house, standing.store.sessions, options)
    works_at = Workplace(
        profession=who.profession.code,
        profession_label="Médecin",
        structure_id=who.structure.id_nat,
        structure_name=who.structure.name,
        sector="SA07",
        know_how="SM54",
    )
    identity = ProfessionalIdentity(
        id_nat=who.id_nat,
        family="Mesureur",
        given="Alix",
        title="Dr",
        workplaces=(works_at,),
        chosen=0,
    )
    now = standing.house.now()
    session = door.sessions.begin(now, identity)
    await door.sessions.save(session, now + timedelta(seconds=1))
    reference = sealed(
        options.secret, "patient", who.id_nat, f"{patient.matricule}|{patient.root.value}"
    )
    transport = httpx.ASGITransport(app=application(standing))
    http = httpx.AsyncClient(transport=transport, base_url=settings.address)
    return http, f"/pro/patients/{reference}", {"cookie": f"{door.sessions.cookie}={session.token}"}


async def timed(http: httpx.AsyncClient, path: str, cookie: dict[str, str], holding: str) -> float:
    """Milliseconds until the whole page is there. Raises RuntimeError: it does not hold what it must."""
    began = perf_counter_ns()
    answer = await http.get(path, headers=cookie)
    taken = (perf_counter_ns() - began) / 1e6
    if answer.status_code != 200 or holding not in answer.text:
        raise RuntimeError(f"the page answered {answer.status_code}")
    return taken
