"""Scripts of the cast that show who sees what: masks to some, administrators, secrets, guardians, heirs."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from dmp.acts.documents.mask_documents import MaskDocuments, mask_documents
from dmp.acts.emergency.review_emergency import ReviewEmergency, review_emergency
from dmp.acts.heirs.file_request import FileHeirRequest, file_heir_request
from dmp.acts.life.close_record import CloseRecord, close_record
from dmp.acts.relatives.declare_representative import (
    DeclareRepresentative,
    declare_representative,
)
from dmp.acts.sharing.appoint_administrator import AppointAdministrator, appoint_administrator
from dmp.acts.sharing.keep_from import KeepFrom, keep_from
from dmp.domain.errors import Reason
from dmp.domain.identity.caller import Motive, Purpose
from dmp.domain.record.emergency_access import Review, access_id
from dmp.domain.record.health_record import ClosingMotive
from dmp.domain.record.heirs import HeirPurpose
from dmp.domain.record.preferences import Audience, Covered, EmergencySwitches
from dmp.domain.record.relations import RepresentationKind
from dmp.remote.simulated.territory.cast import cast_people
from dmp.remote.simulated.territory.diary import Diary
from dmp.remote.simulated.territory.paperwork import unique_id_of
from dmp.remote.simulated.territory.people import Person
from dmp.remote.simulated.territory.professionals import BY_KEY, DESK, INSURANCE, REVIEWER
from dmp.remote.simulated.territory.scenes import episodes
from dmp.remote.simulated.territory.scenes.plot import Plot, in_emergency


def secret_of_an_adolescent(plot: Plot, diary: Diary) -> None:
    """A minor sees a midwife in a secret session: her parents learn nothing of it."""
    diary.visit(
        diary.ago(45), "agnes-leduc", episodes.contraception(diary), key="contraception",
        restrictions=episodes.HIDDEN_FROM_REPRESENTATIVES, secret=True,
    )  # fmt: skip
    plot.deposited(diary.visits)
    plot.consented(diary.ago(45), "agnes-leduc", secret=True)
    midwife = replace(BY_KEY["agnes-leduc"].caller(), secret=True)
    plot.listed(plot.instant(diary.ago(45), 16), midwife)
    plot.read(plot.instant(diary.ago(44), 16), midwife, "contraception")
    mother = cast_people()[plot.person.parents[0]]
    plot.listed(plot.instant(diary.ago(40), 18), mother.as_representative())


def kept_from_some(plot: Plot, diary: Diary) -> None:
    """Analyses and a consultation are kept from professions, prescriptions from one professional."""
    diary.visit(diary.ago(95), "dr-rousseau", episodes.psychiatry(diary), key="psychiatrie")
    plot.deposited(diary.visits)
    for worker in ("sophie-caron", "dr-garnier"):
        plot.consented(diary.ago(80), worker)
    for minute, line in enumerate(("21", "28")):
        _analyses_kept_from(plot, plot.instant(diary.ago(70), 18, minute), line)
    physiotherapist = BY_KEY["jean-marchal"]
    plot.add(
        plot.instant(diary.ago(70), 18, 10),
        plot.person.caller(),
        keep_from,
        lambda stage: KeepFrom(
            record_id=stage.record_id, audience=Audience.PROFESSION, audience_id="70",
            name="", covered=Covered.DOCUMENT, target=str(stage.document),
        ),
        about=unique_id_of(plot.seed, plot.person, "psychiatrie"),
    )  # fmt: skip
    plot.add(
        plot.instant(diary.ago(70), 18, 11),
        plot.person.caller(),
        keep_from,
        lambda stage: KeepFrom(
            record_id=stage.record_id, audience=Audience.PROFESSIONAL,
            audience_id=physiotherapist.id_nat, name=physiotherapist.name,
            covered=Covered.CATEGORY, target="ORD_SOIN",
        ),
    )  # fmt: skip
    plot.consented(diary.ago(65), "jean-marchal")
    plot.listed(plot.instant(diary.ago(65), 16), physiotherapist.caller())
    plot.listed(plot.instant(diary.ago(60), 16), BY_KEY["sophie-caron"].caller())
    plot.listed(plot.instant(diary.ago(60), 17), BY_KEY["dr-garnier"].caller())


def _analyses_kept_from(plot: Plot, at: datetime, line: str) -> None:
    plot.add(
        at,
        plot.person.caller(),
        keep_from,
        lambda stage: KeepFrom(
            record_id=stage.record_id, audience=Audience.PROFESSION, audience_id=line,
            name="", covered=Covered.CATEGORY, target="BIOLOGIE",
        ),
    )  # fmt: skip


def whole_category_masked(plot: Plot, diary: Diary) -> None:
    """A whole category is masked to all professionals, future documents included."""
    diary.visit(diary.ago(45), "dr-petit", episodes.replacement_visit(diary), key="apres")
    plot.deposited(diary.visits)
    plot.add(
        plot.instant(diary.ago(50), 18),
        plot.person.caller(),
        mask_documents,
        lambda stage: MaskDocuments(
            record_id=stage.record_id, category="CPT_REND", masked=True, future=True
        ),
    )
    plot.consented(diary.ago(40), "dr-garnier")
    plot.listed(plot.instant(diary.ago(40), 16), BY_KEY["dr-garnier"].caller())


def administrator_named(plot: Plot, diary: Diary) -> None:
    """The cardiologist is given the attending doctor's rights."""
    plot.deposited(diary.visits)
    plot.consented(diary.ago(90), "dr-garnier")
    doctor = BY_KEY["dr-garnier"]
    plot.add(
        plot.instant(diary.ago(85), 18),
        plot.person.caller(),
        appoint_administrator,
        lambda stage: AppointAdministrator(
            record_id=stage.record_id, person_id=doctor.id_nat, name=doctor.name
        ),
    )
    plot.listed(plot.instant(diary.ago(80), 16), doctor.caller())


def at_work(plot: Plot, diary: Diary) -> None:
    """The occupational doctor has an agreement of his own; the insurer's doctor is refused by law."""
    plot.deposited(diary.visits)
    plot.consented(diary.ago(35), "dr-vallet", told=True)
    plot.listed(plot.instant(diary.ago(35), 16), BY_KEY["dr-vallet"].caller())
    insurers = BY_KEY["dr-humbert"].caller()
    plot.listed(plot.instant(diary.ago(34), 16), insurers, Reason.ACCESS_FORBIDDEN_BY_LAW)


def coordinated(plot: Plot, diary: Diary) -> None:
    """A care home and a coordinator, each with an agreement; one collected for a colleague."""
    episodes.home_nursing(diary)
    plot.deposited(diary.visits)
    for worker in ("lucie-perrin", "sophie-caron", "anne-rolland", "dr-aubry"):
        plot.consented(diary.ago(90), worker)
    for worker in ("lucie-perrin", "sophie-caron", "anne-rolland", "dr-aubry"):
        plot.listed(plot.instant(diary.ago(88), 16), BY_KEY[worker].caller())
    plot.consented(diary.ago(60), "dr-martin", colleague="dr-garnier")


def under_guardianship(plot: Plot, diary: Diary, guardian: Person) -> None:
    """An adult whose guardian was named by a judge."""
    plot.deposited(diary.visits)
    plot.add(
        plot.instant(diary.ago(120), 7, 20),
        INSURANCE,
        declare_representative,
        lambda stage: DeclareRepresentative(
            record_id=stage.record_id, representative=guardian.ins, name=guardian.name,
            kind=RepresentationKind.GUARDIAN,
            proof="Jugement du tribunal judiciaire (fictif), n° 24/00317",
        ),
    )  # fmt: skip


def emergency_told(plot: Plot, diary: Diary, choose: EmergencySwitches) -> None:
    """SAMU, then the hospital: an emergency with its motive, told afterwards, to be reviewed."""
    night = diary.ago(9)
    called = plot.instant(night, 2)
    regulator = in_emergency(
        BY_KEY["dr-morvan"].caller(), Purpose.REGULATION, "Appel 24-118 (fictif)", since=called
    )
    plot.listed(called, regulator)
    stated = plot.instant(night, 3)
    hospital = in_emergency(
        BY_KEY["dr-benoit"].caller(),
        Purpose.BREAK_GLASS,
        "Patiente en détresse respiratoire, ne peut s'exprimer",
        motive=Motive.CANNOT_EXPRESS_WILL,
        since=stated,
    )
    plot.listed(stated, hospital)
    if choose.masked_documents:
        plot.read(plot.instant(night, 3, 20), hospital, "psychiatrie")
    plot.add(
        plot.instant(diary.ago(6), 16),
        REVIEWER,
        review_emergency,
        lambda stage: ReviewEmergency(
            record_id=stage.record_id,
            access_id=access_id(stage.record_id, hospital.id, hospital.purpose.value, stated),
            verdict=Review.JUSTIFIED,
            remark="Passage aux urgences confirmé par le compte rendu.",
        ),
    )


def deceased(plot: Plot, diary: Diary) -> None:
    """A death: the record is closed, an heir asks at the desk, an officer will decide."""
    plot.deposited([visit for visit in diary.visits if visit.at.date() < diary.ago(60)])
    plot.add(
        plot.instant(diary.ago(60), 18),
        DESK.caller(),
        close_record,
        lambda stage: CloseRecord(record_id=stage.record_id, motive=ClosingMotive.DEATH),
    )
    plot.add(
        plot.instant(diary.ago(60) + timedelta(days=30), 18),
        DESK.caller(),
        file_heir_request,
        lambda stage: FileHeirRequest(
            record_id=stage.record_id, name="Brigitte Blanchet", relation="fille",
            proofs="Acte de décès, livret de famille (fictifs)", purpose=HeirPurpose.CAUSE_OF_DEATH,
        ),
    )  # fmt: skip
