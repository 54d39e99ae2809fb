"""The synthesis before a professional: the page in zones, every alert, every fact, and a copy as text.

The first page of a patient. Source: ux rules of the project §2; house rules on facts and their sources.
"""

from __future__ import annotations

from starlette.responses import PlainTextResponse, Response

from dmp.acts.sharing.check_access import check_access
from dmp.acts.synthesis.read_synthesis import ReadSynthesis, read_synthesis
from dmp.domain.clinical.facts import Problem
from dmp.domain.clinical.optical_prescription import names_lenses, valid_until
from dmp.domain.clinical.synthesis import Synthesis
from dmp.domain.clinical.topics import Lens, Topic, lens_of_problem, topics_of_speciality
from dmp.domain.documents.types import document_types
from dmp.domain.identity.caller import Professional
from dmp.entrypoints.web.page import Authentication, Page
from dmp.entrypoints.web.professional.patient import (
    Patient,
    about_patient,
    remember,
    render,
    variant_of,
)
from dmp.entrypoints.web.professional.writing.kinds import kinds_of
from dmp.entrypoints.web.synthesis import hiding
from dmp.entrypoints.web.synthesis.plain_text import written
from dmp.entrypoints.web.synthesis.proofs import WORDS, Proofs, narrowed_by
from dmp.entrypoints.web.synthesis.sheet import Sheet, problem_mark
from dmp.entrypoints.web.synthesis.zones import Zone
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import local
from dmp.locale import translate

VSM_TYPE = "60591-5"


async def sheet_of(visit: Visit, patient: Patient) -> Sheet:
    """The synthesis of the patient of the address, as this reader meets it. Raises Refused."""
    synthesis = await visit.do(read_synthesis, ReadSynthesis(of=patient.ins))
    state = visit.live.state
    return Sheet(
        synthesis=synthesis,
        variant=variant_of(visit),
        lens=_lens(visit, synthesis),
        favourites=state.favourites,
        quiet=state.quiet,
    )


def proofs_of(patient: Patient, page: str, visit: Visit | None = None) -> Proofs:
    """Proof links of a page about this patient; with a visit they lead back to the page as it is narrowed."""
    narrowed = "" if visit is None else narrowed_here(visit)
    return Proofs(f"{patient.path}/documents", page, narrowed=narrowed)


def narrowed_here(visit: Visit) -> str:
    """What the page is narrowed by, as links to what it leads to take it along: a query, or nothing."""
    return narrowed_by(visit.request.query_params)


def looked_at(visit: Visit, synthesis: Synthesis) -> Problem | None:
    """The problem that the address asks for, if it is one of this patient."""
    asked = visit.asked("probleme", 16)
    if not asked:
        return None
    return next((one for one in synthesis.problems if mark_of(visit, one) == asked), None)


def mark_of(visit: Visit, problem: Problem) -> str:
    """What names a problem in the addresses of this patient."""
    return problem_mark(visit.options.secret, visit.part("patient"), problem)


def _domain(visit: Visit) -> tuple[Topic, ...]:
    """The topics of the speciality of whoever is logged in."""
    who = visit.caller.who
    if not isinstance(who, Professional) or who.know_how is None:
        return ()
    return topics_of_speciality(who.know_how.code)


def _lens(visit: Visit, synthesis: Synthesis) -> Lens | None:
    problem = looked_at(visit, synthesis)
    if problem is not None:
        return lens_of_problem(problem)
    domain = _domain(visit)
    return Lens(topics=domain) if domain and visit.live.state.own_domain else None


def _keep_choices(visit: Visit) -> None:
    """How this reader wants his pages: kept in his session, for every patient."""
    state = visit.live.state
    dense = {"dense": True, "confort": False}.get(visit.asked("affichage"), state.dense)
    own = {"oui": True, "non": False}.get(visit.asked("domaine"), state.own_domain)
    if (dense, own) != (state.dense, state.own_domain):
        state.dense, state.own_domain = dense, own
        visit.live.changed = True


async def synthesis(visit: Visit, patient: Patient) -> Response:
    """The page in zones."""
    _keep_choices(visit)
    sheet = await sheet_of(visit, patient)
    remember(visit, patient)
    traits = patient.status.record.traits
    births = traits.birth_date
    return render(
        visit,
        "synthesis/sheet.html",
        translate("Synthèse de {patient}", patient=traits.display),
        patient=patient,
        sheet=sheet,
        zones=Zone,
        proofs=proofs_of(patient, "synthese", visit),
        provenances=WORDS.values(),
        looked_at=looked_at(visit, sheet.synthesis),
        marks={id(one): mark_of(visit, one) for one in sheet.synthesis.problems},
        domain=", ".join(topic.label for topic in _domain(visit)),
        is_dense=visit.live.state.dense,
        own_domain=visit.live.state.own_domain,
        may_write_vsm=may_write_vsm(visit, patient),
        writes=() if patient.in_emergency else kinds_of(visit.caller.who),
        names_lenses=names_lenses,
        valid_until=lambda one: valid_until(births, local(one.on).date()),
    )


def may_write_vsm(visit: Visit, patient: Patient) -> bool:
    """Whether the page of the VSM is offered: to doctors who may deposit; the rules have the last word."""
    who = visit.caller.who
    is_doctor = isinstance(who, Professional) and who.profession.code == "10"
    return is_doctor and not patient.in_emergency and VSM_TYPE in document_types()


async def alerts(visit: Visit, patient: Patient) -> Response:
    """Every alert, with its rule, level, mechanism, conduct, edition and proofs."""
    sheet = await sheet_of(visit, patient)
    return render(
        visit,
        "synthesis/alerts.html",
        translate("Toutes les alertes, {patient}", patient=patient.status.record.traits.display),
        patient=patient,
        sheet=sheet,
        proofs=proofs_of(patient, "alertes"),
        has_alerts=Zone.ALERTS in sheet.variant.zones,
        may_hide=hiding.may_hide(visit, patient),
        reference=lambda alert: hiding.reference_to(visit, alert),
        reasons={one.value: words[0] for one, words in hiding.REASONS.items()},
    )


async def facts(visit: Visit, patient: Patient) -> Response:
    """Stays, acts and devices, none cut away: what has no leaf of its own in the chart."""
    sheet = await sheet_of(visit, patient)
    return render(
        visit,
        "synthesis/facts.html",
        translate("Séjours et actes de {patient}", patient=patient.status.record.traits.display),
        patient=patient,
        sheet=sheet,
        zones=Zone,
        proofs=proofs_of(patient, "faits"),
    )


async def copy(visit: Visit, patient: Patient) -> Response:
    """The synthesis as text, in a field to copy from."""
    sheet = await sheet_of(visit, patient)
    return render(
        visit,
        "synthesis/copy.html",
        "Copier la synthèse",
        patient=patient,
        text=written(sheet, patient.status.record.traits),
    )


async def text(visit: Visit, patient: Patient) -> Response:
    """The synthesis as a text alone."""
    sheet = await sheet_of(visit, patient)
    return PlainTextResponse(written(sheet, patient.status.record.traits))


async def treatments(visit: Visit, patient: Patient) -> Response:
    """Twenty-four months of treatments."""
    sheet = await sheet_of(visit, patient)
    return render(
        visit,
        "synthesis/treatments.html",
        translate("Traitements de {patient}", patient=patient.status.record.traits.display),
        patient=patient,
        sheet=sheet,
        proofs=proofs_of(patient, "traitements", visit),
        is_shown=patient.shows_treatments,
    )


_READER = Authentication.READER
_PATIENT = "/pro/patients/{patient}"
_ACTS = (check_access, read_synthesis)
PAGES = tuple(
    Page(path=f"{_PATIENT}/{end}", view=about_patient(view), authentication=_READER, acts=_ACTS)
    for end, view in (
        ("synthese", synthesis),
        ("synthese.txt", text),
        ("copier", copy),
        ("alertes", alerts),
        ("faits", facts),
        ("traitements", treatments),
    )
)
