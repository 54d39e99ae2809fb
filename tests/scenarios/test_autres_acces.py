"""Les autres accès de la loi : à chaque qualité les siens, et à tous les autres rien."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dmp.acts.perform import perform
from dmp.acts.sharing.check_access import CheckAccess, check_access
from dmp.acts.sharing.grant_consent import GrantConsent, grant_consent
from dmp.domain.codes import TRE_R85_ROLE, Code
from dmp.domain.errors import Reason
from dmp.domain.identity.caller import (
    NOBODY,
    Caller,
    Coordinator,
    Door,
    Insurer,
    Motive,
    Operator,
    Professional,
    Purpose,
    Secretary,
    Strength,
    StructureRef,
    SupportOfficer,
    SystemJob,
    Who,
)
from dmp.domain.identity.capacity import Capacity
from dmp.domain.record.notice import NoticeKind
from dmp.domain.record.relations import Authorisation
from dmp.remote.simulated.directory import caller_of, person_of
from dmp.remote.simulated.territory.professionals import BY_KEY, INSURER, TILLEULS
from tests.scenarios.telling import PATIENT, Story, refused, telling
from tests.storage.opened import run


def _in_capacity(key: str, sector: str = "", stated: Capacity | None = None) -> Caller:
    """A professional in another place of work, of this sector, or in a capacity that he states."""
    caller = caller_of(key)
    assert isinstance(caller.who, Professional)
    place = replace(caller.who.structure, sector=sector or caller.who.structure.sector)
    return replace(caller, who=replace(caller.who, structure=place, stated_capacity=stated))


def _in_person(who: Who, strength: Strength = Strength.INDIVIDUAL) -> Caller:
    return Caller(who=who, strength=strength, door=Door.FHIR, means="jwt:iua")


OCCUPATIONAL = ("SA13", None)
FIRE_SERVICE = ("", Capacity.FIRE_SERVICE)
CARE_HOME = ("", Capacity.CARE_HOME_COORDINATION)
PMI = ("SA15", None)


@pytest.mark.parametrize(
    ("capacity", "must_be_told"),
    [(OCCUPATIONAL, True), (FIRE_SERVICE, True), (CARE_HOME, False), (PMI, False)],
    ids=["travail", "pompiers", "ehpad", "pmi"],
)
def test_chaque_qualite_demande_son_propre_accord(
    database: str, data_dir: Path, capacity: tuple[str, Capacity | None], must_be_told: bool
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            await tale.deposited("dr-garnier", "Note")
            # Neither the team's agreement, nor his own as one who cares, reaches him in that capacity.
            await tale.consented("dr-petit", to_team=True)
            await tale.consented("dr-petit")
            doctor = _in_capacity("dr-petit", *capacity)
            assert await refused(tale.titles(doctor)) is Reason.ACCESS_NOT_AUTHORISED
            if must_be_told:
                assert await refused(tale.consented(doctor)) is Reason.RESTRICTIONS_NOT_TOLD
                assert await refused(tale.titles(doctor)) is Reason.ACCESS_NOT_AUTHORISED
            team = tale.consented(doctor, to_team=True, told=True)
            assert await refused(team) is Reason.RELATION_NOT_POSSIBLE
            await tale.consented(doctor, told=must_be_told)
            assert await tale.titles(doctor) == {"Note"}
            consent = (await tale.known()).relations.consents[-1]
            assert consent.told_of_restrictions is must_be_told
            assert await tale.titles("dr-petit") == {"Note"}

    run(story())


@pytest.mark.parametrize(
    "capacity", [OCCUPATIONAL, FIRE_SERVICE, CARE_HOME], ids=["travail", "pompiers", "ehpad"]
)
def test_dans_ces_services_seul_le_medecin_consulte(
    database: str, data_dir: Path, capacity: tuple[str, Capacity | None]
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            nurse = _in_capacity("lucie-perrin", *capacity)
            assert await refused(tale.consented(nurse, told=True)) is Reason.ACT_NOT_ALLOWED
            assert await refused(tale.titles(nurse)) is Reason.ACT_NOT_ALLOWED
            assert (await tale.known()).relations.consents == ()

    run(story())


@pytest.mark.parametrize(
    "capacity",
    [OCCUPATIONAL, FIRE_SERVICE, CARE_HOME, PMI],
    ids=["travail", "pompiers", "ehpad", "pmi"],
)
def test_le_medecin_traitant_en_une_autre_qualite_n_a_rien_sans_accord(
    database: str, data_dir: Path, capacity: tuple[str, Capacity | None]
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            await tale.attended("dr-martin")
            await tale.deposited("dr-garnier", "Note")
            other = _in_capacity("dr-martin", *capacity)
            assert await refused(tale.titles(other)) is Reason.ACCESS_NOT_AUTHORISED
            request = CheckAccess(ins=person_of(PATIENT).ins)
            status = await perform(tale.house, check_access, request, other)
            assert status.authorisation is Authorisation.NONE
            assert await tale.titles("dr-martin") == {"Note"}

    run(story())


def test_la_medecine_du_travail_ne_brise_pas_la_glace(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            doctor = replace(
                _in_capacity("dr-petit", *OCCUPATIONAL),
                purpose=Purpose.BREAK_GLASS,
                motive=Motive.LIFE_AT_RISK,
                purpose_since=tale.house.at,
            )
            assert await refused(tale.titles(doctor)) is Reason.ACT_NOT_ALLOWED
            assert await tale.told() == []

    run(story())


@pytest.mark.parametrize("sector", ["SA22", "SA23", "SA24", "SA31", "SA32"])
def test_la_loi_ferme_le_dossier_a_certains_lieux_meme_avec_l_accord_de_la_personne(
    database: str, data_dir: Path, sector: str
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            await tale.attended("dr-martin")
            await tale.consented("dr-petit")
            forbidden = Reason.ACCESS_FORBIDDEN_BY_LAW
            for key in ("dr-petit", "dr-martin"):
                doctor = _in_capacity(key, sector, Capacity.CARE)
                assert await refused(tale.titles(doctor)) is forbidden
                assert await refused(tale.consented(doctor, told=True)) is forbidden
                urgent = replace(doctor, purpose=Purpose.BREAK_GLASS, motive=Motive.LIFE_AT_RISK)
                assert await refused(tale.titles(urgent)) is forbidden
            assert await tale.titles("dr-petit") == set()

    run(story())


COORDINATOR = _in_person(
    Coordinator(
        id_nat="810000099991",
        name="Inès LACOUR",
        role=Code("330", TRE_R85_ROLE, "Coordonnateur de parcours"),
        structure=TILLEULS,
    )
)


def test_un_coordonnateur_voit_peu_de_types_et_par_son_propre_accord(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            await tale.deposited("dr-garnier", "Consultation")
            await tale.deposited("dr-rousseau", "Synthèse", type_code="68599-0")
            await tale.deposited("dr-garnier", "Ordonnance", type_code="57828-6")
            await tale.consented("dr-petit", to_team=True)
            assert await tale.titles("lucie-perrin") > {"Consultation"}
            # Of the same house, and outside the care team all the same.
            assert await refused(tale.titles(COORDINATOR)) is Reason.ACCESS_NOT_AUTHORISED
            team = tale.consented(COORDINATOR, to_team=True, told=True)
            await team
            assert await refused(tale.titles(COORDINATOR)) is Reason.ACCESS_NOT_AUTHORISED
            await tale.consented(COORDINATOR)
            assert await tale.titles(COORDINATOR) == {"Consultation"}
            unknown = replace(
                COORDINATOR,
                who=replace(COORDINATOR.who, role=Code("999", TRE_R85_ROLE)),  # type: ignore[arg-type]
            )
            assert await tale.titles(unknown) == set()
            urgent = replace(COORDINATOR, purpose=Purpose.BREAK_GLASS, motive=Motive.LIFE_AT_RISK)
            assert await refused(tale.titles(urgent)) is Reason.ACT_NOT_ALLOWED

    run(story())


SECRETARY = _in_person(Secretary(id_nat="3100000099/00017", name="Maud TISSOT", structure=TILLEULS))


def test_une_secretaire_depose_pour_sa_structure_et_ne_lit_rien(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            await tale.consented("dr-petit", to_team=True)
            entry = await tale.deposited("dr-petit", "Lettre", caller=SECRETARY)
            assert await tale.titles(PATIENT) == {"Lettre"}
            assert await tale.titles("dr-petit") == {"Lettre"}
            assert await refused(tale.titles(SECRETARY)) is Reason.ACT_NOT_ALLOWED
            assert await refused(tale.content(SECRETARY, entry)) is Reason.ACT_NOT_ALLOWED
            assert await refused(tale.consented(SECRETARY)) is Reason.ACT_NOT_ALLOWED

    run(story())


INSURANCE_FEED = _in_person(Insurer(structure=INSURER), Strength.STRUCTURE)


def test_l_assurance_maladie_ne_depose_que_des_remboursements_et_ne_lit_rien(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            entry = await tale.deposited(
                "dr-petit", "Remboursements", type_code="REMB", caller=INSURANCE_FEED
            )
            for type_code in ("11488-4", "57828-6", "ATTEST-DROITS-AM"):
                other = tale.deposited(
                    "dr-petit", "Autre", type_code=type_code, caller=INSURANCE_FEED
                )
                assert await refused(other) is Reason.ACT_NOT_ALLOWED, type_code
            assert await tale.titles(PATIENT) == {"Remboursements"}
            for caller in (INSURANCE_FEED, replace(INSURANCE_FEED, strength=Strength.INDIVIDUAL)):
                assert await refused(tale.titles(caller)) is Reason.ACT_NOT_ALLOWED
                assert await refused(tale.content(caller, entry)) is Reason.ACT_NOT_ALLOWED

    run(story())


@pytest.mark.parametrize(
    ("caller", "reason"),
    [
        (_in_person(SupportOfficer(id="s1", name="Assistance")), Reason.ACT_NOT_ALLOWED),
        (_in_person(Operator(id="o1", name="Exploitation")), Reason.ACT_NOT_ALLOWED),
        (_in_person(SystemJob(name="calendar")), Reason.ACT_NOT_ALLOWED),
        (caller_of("agent-guichet"), Reason.ACT_NOT_ALLOWED),
        (caller_of("hopital"), Reason.INDIVIDUAL_AUTHENTICATION_REQUIRED),
        (replace(caller_of("dr-petit"), strength=Strength.STRUCTURE),
         Reason.INDIVIDUAL_AUTHENTICATION_REQUIRED),
        (replace(caller_of(PATIENT), strength=Strength.STRUCTURE),
         Reason.INDIVIDUAL_AUTHENTICATION_REQUIRED),
        (caller_of("paul-durand"), Reason.RECORD_NOT_FOUND),
        (caller_of("paul-durand", representing=True), Reason.RECORD_NOT_FOUND),
        (NOBODY, Reason.NOT_AUTHENTICATED),
    ],
    ids=lambda value: value.value if isinstance(value, Reason) else value.id,
)  # fmt: skip
def test_tous_les_autres_sont_refuses(
    database: str, data_dir: Path, caller: Caller, reason: Reason
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            await tale.consented("dr-petit")
            entry = await tale.deposited("dr-garnier", "Note")
            assert await refused(tale.titles(caller)) is reason
            assert await refused(tale.content(caller, entry)) is reason

    run(story())


def test_l_assistance_sait_si_un_dossier_existe_et_rien_d_autre(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            support = _in_person(SupportOfficer(id="s1", name="Assistance"))
            request = CheckAccess(ins=person_of(PATIENT).ins)
            status = await perform(tale.house, check_access, request, support)
            assert status.record.traits == person_of(PATIENT).traits
            assert status.authorisation is None
            trace = (await tale.traces())[0]
            assert (trace.caller.kind, trace.act) == ("support", "check-access")
            assert await refused(tale.told(support)) is Reason.ACT_NOT_ALLOWED
            assert await refused(tale.inbox(support)) is Reason.ACT_NOT_ALLOWED

    run(story())


async def _collected(tale: Story, by: str, **changes: object) -> None:
    """A professional records the agreement the patient gave to the cardiologist."""
    other = BY_KEY["dr-garnier"]
    request = GrantConsent(
        record_id=(await tale.known()).record_id, grantee_id=other.id_nat,
        grantee_name=other.name, told=True,
    )  # fmt: skip
    request = replace(request, **changes)  # type: ignore[arg-type]
    await perform(tale.house, grant_consent, request, caller_of(by))


def test_un_professionnel_recueille_l_accord_pour_un_autre_apres_information(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            missing, untold = {"grantee_name": " "}, {"told": False}
            assert await refused(_collected(tale, "dr-petit", **missing)) is (
                Reason.PARAMETER_MISSING
            )
            assert await refused(_collected(tale, "dr-petit", **untold)) is (
                Reason.RESTRICTIONS_NOT_TOLD
            )
            team = _collected(tale, "dr-petit", to_team=True)
            assert await refused(team) is Reason.RELATION_NOT_POSSIBLE
            assert await refused(tale.titles("dr-garnier")) is Reason.ACCESS_NOT_AUTHORISED
            await _collected(tale, "dr-petit")
            assert await tale.titles("dr-garnier") == set()
            assert await refused(tale.titles("dr-petit")) is Reason.ACCESS_NOT_AUTHORISED
            (consent,) = (await tale.known()).relations.consents
            assert consent.collected_by == BY_KEY["dr-petit"].id_nat
            assert consent.collected_by_name == BY_KEY["dr-petit"].name
            assert consent.told_of_restrictions

    run(story())


def test_bloque_il_ne_recueille_rien_et_nul_ne_recueille_pour_lui(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            await tale.blocked("dr-garnier")
            assert await refused(_collected(tale, "dr-petit")) is Reason.ACCESS_BLOCKED
            await tale.blocked("dr-petit")
            elsewhere = {"grantee_id": BY_KEY["dr-klein"].id_nat}
            assert await refused(_collected(tale, "dr-petit", **elsewhere)) is (
                Reason.ACCESS_BLOCKED
            )
            assert (await tale.known()).relations.consents == ()

    run(story())


def test_le_titulaire_est_averti_du_premier_acces_de_chacun_et_une_seule_fois(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            first = NoticeKind.FIRST_ACCESS
            await tale.consented("dr-garnier")
            assert await tale.told() == [first]
            tale.later(days=1)
            await tale.consented("dr-garnier")
            assert await tale.told() == [first]
            await tale.consented("dr-benoit", to_team=True)
            assert await tale.told() == [first, first]
            await _collected(tale, "dr-petit", grantee_id=BY_KEY["dr-klein"].id_nat)
            assert await tale.told() == [first, first, first]
            for key in ("dr-garnier", "dr-petit"):
                assert await tale.inbox(key) == []

    run(story())


def test_une_structure_inconnue_ne_change_rien_a_la_qualite_de_soins() -> None:
    place = StructureRef(id_nat="1000000000", name="Ailleurs", sector="SA99")
    who = caller_of("dr-petit").who
    assert isinstance(who, Professional)
    assert replace(who, structure=place).capacity is Capacity.CARE
