"""Leaves that are lists: problems, vaccinations, prevention; each line with its proof, each emptiness said.

Source: ux rules of the project §7.3.
"""

from __future__ import annotations

from starlette.responses import Response

from dmp.domain.clinical.follow_up import upcoming
from dmp.entrypoints.web.chart.contents import Leaf
from dmp.entrypoints.web.chart.leaf import READS, opened, page
from dmp.entrypoints.web.declaring.vaccinations import due_of, grouped, is_vaccine
from dmp.entrypoints.web.professional.patient import Patient, about_patient, render
from dmp.entrypoints.web.synthesis.professional import mark_of, proofs_of, sheet_of
from dmp.entrypoints.web.synthesis.zones import Zone
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import today
from dmp.locale import translate

SHOWN_LATER = 8


async def problems(visit: Visit, patient: Patient) -> Response:
    """Active problems and past ones."""
    opened(visit, patient, Leaf.PROBLEMS)
    sheet = await sheet_of(visit, patient)
    found = sheet.synthesis
    return render(
        visit,
        "chart/problems.html",
        translate("Problèmes de {patient}", patient=patient.status.record.traits.display),
        patient=patient,
        sheet=sheet,
        zones=Zone,
        proofs=proofs_of(patient, Leaf.PROBLEMS),
        marks={id(one): mark_of(visit, one) for one in found.problems},
    )


async def vaccinations(visit: Visit, patient: Patient) -> Response:
    """What was done, by what it protects from; what is due, and what comes later."""
    opened(visit, patient, Leaf.VACCINATIONS)
    sheet = await sheet_of(visit, patient)
    traits = patient.status.record.traits
    rules = tuple(rule for rule in visit.house.knowledge.follow_up if is_vaccine(rule))
    return render(
        visit,
        "chart/vaccinations.html",
        translate("Vaccinations de {patient}", patient=traits.display),
        patient=patient,
        sheet=sheet,
        zones=Zone,
        proofs=proofs_of(patient, Leaf.VACCINATIONS),
        done=grouped(sheet.vaccinations),
        due=due_of(sheet.due, rules),
        later=upcoming(rules, traits, today(visit.now))[:SHOWN_LATER],
    )


async def prevention(visit: Visit, patient: Patient) -> Response:
    """What is due beside vaccines, with its source and when it was done last."""
    opened(visit, patient, Leaf.PREVENTION)
    sheet = await sheet_of(visit, patient)
    traits = patient.status.record.traits
    rules = visit.house.knowledge.follow_up
    vaccines = tuple(rule for rule in rules if is_vaccine(rule))
    about_vaccines = due_of(sheet.due, vaccines)
    others = tuple(rule for rule in rules if not is_vaccine(rule))
    return render(
        visit,
        "chart/prevention.html",
        translate("Prévention pour {patient}", patient=traits.display),
        patient=patient,
        sheet=sheet,
        zones=Zone,
        proofs=proofs_of(patient, Leaf.PREVENTION),
        due=tuple(one for one in sheet.due if one not in about_vaccines),
        vaccines=len(about_vaccines),
        later=upcoming(others, traits, today(visit.now))[:SHOWN_LATER],
    )


PAGES = (
    page(Leaf.PROBLEMS, about_patient(problems), *READS),
    page(Leaf.VACCINATIONS, about_patient(vaccinations), *READS),
    page(Leaf.PREVENTION, about_patient(prevention), *READS),
)
