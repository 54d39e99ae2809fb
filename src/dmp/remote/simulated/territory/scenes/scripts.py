"""The scripts of the cast: what each scripted person shows, scene by scene.

A script adds to the ordinary care of its person. Scenes of scripts stand before 7:30 or from 16:00
UTC on, when nobody deposits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final

from dmp.acts.documents.update_metadata import Change
from dmp.acts.life.close_record import CloseRecord, SuspendRecord, close_record, suspend_record
from dmp.acts.life.erase_record import EraseRecord, ask_record_erasure
from dmp.acts.life.inform_person import InformPerson, inform_person
from dmp.acts.life.refuse_record import RefuseRecord, refuse_record
from dmp.acts.sharing.block_professional import BlockProfessional, block_professional
from dmp.acts.sharing.set_preferences import SetPreferences, set_preferences
from dmp.domain.errors import Reason
from dmp.domain.identity.caller import Motive, Purpose
from dmp.domain.record.preferences import EmergencySwitches
from dmp.remote.simulated.territory.cast import cast_people
from dmp.remote.simulated.territory.diary import Diary
from dmp.remote.simulated.territory.people import Person
from dmp.remote.simulated.territory.professionals import BY_KEY, DESK, INSURANCE
from dmp.remote.simulated.territory.scenes import admitted, declared, episodes, rights
from dmp.remote.simulated.territory.scenes.plot import Plot, Scene, diary_of, in_emergency
from dmp.remote.simulated.territory.scenes.routine import begun, cared_for

OPENED: Final = 1100
"""How many days before the creation the first records of the cast were opened."""
ANCHOR: Final = "jeanne-durand"
"""The first of the cast: the day her record was opened tells when the territory was created."""

Script = Callable[[Plot, Diary], None]


def _masked_document(plot: Plot, diary: Diary) -> None:
    seen = diary.visit(diary.ago(160), "dr-rousseau", episodes.psychiatry(diary), key="psychiatrie")
    plot.deposited(diary.visits)
    if seen is None:
        return
    evening = seen.at.date() + timedelta(days=3)
    plot.changed(plot.instant(evening, 18), plot.person.caller(), "psychiatrie", Change.MASK)
    plot.consented(diary.ago(60), "dr-garnier")
    plot.listed(plot.instant(diary.ago(60), 16), BY_KEY["dr-garnier"].caller())
    plot.read(plot.instant(diary.ago(40), 16), BY_KEY["dr-martin"].caller(), "psychiatrie")
    declared.chronic_patient(plot, diary)


def _blocked_professional(plot: Plot, diary: Diary) -> None:
    diary.visit(diary.ago(210), "dr-petit", episodes.replacement_visit(diary), key="remplacement")
    diary.visit(diary.ago(30), "dr-petit", episodes.duty_visit(diary), key="garde")
    plot.deposited(diary.visits)
    doctor, person = BY_KEY["dr-petit"], plot.person
    plot.add(
        plot.instant(diary.ago(190), 19),
        person.caller(),
        block_professional,
        lambda stage: BlockProfessional(
            record_id=stage.record_id, person_id=doctor.id_nat, name=doctor.name
        ),
    )
    plot.listed(plot.instant(diary.ago(29), 16), doctor.caller(), Reason.ACCESS_BLOCKED)


def _awaiting_announcement(plot: Plot, diary: Diary) -> None:
    diary.visit(diary.ago(20), "dr-faye", episodes.mammography(), key="mammographie")
    diary.visit(
        diary.ago(4), "dr-colas", episodes.biopsy(), key="biopsie",
        restrictions=episodes.HIDDEN_FROM_PATIENT,
    )  # fmt: skip
    plot.deposited(diary.visits)
    plot.read(plot.instant(diary.ago(2), 16), BY_KEY["dr-martin"].caller(), "biopsie")


def _closed(plot: Plot, diary: Diary) -> None:
    plot.deposited([visit for visit in diary.visits if visit.at.date() < diary.ago(200)])
    plot.add(
        plot.instant(diary.ago(200), 18),
        plot.person.caller(),
        close_record,
        lambda stage: CloseRecord(
            record_id=stage.record_id, reason="Je ne souhaite plus l'utiliser."
        ),
    )
    plot.listed(plot.instant(diary.ago(15), 16), BY_KEY["dr-martin"].caller(), Reason.RECORD_CLOSED)


def _no_emergency(plot: Plot, diary: Diary) -> None:
    plot.deposited(diary.visits)
    _choose(plot, diary.ago(300), EmergencySwitches(break_glass=False, regulation=False))
    day = diary.ago(12)
    called, stated = plot.instant(day, 3), plot.instant(day, 4)
    regulator = in_emergency(BY_KEY["dr-morvan"].caller(), Purpose.REGULATION, since=called)
    hospital = in_emergency(
        BY_KEY["dr-benoit"].caller(),
        Purpose.BREAK_GLASS,
        "Patient inconscient aux urgences",
        motive=Motive.LIFE_AT_RISK,
        since=stated,
    )
    plot.listed(called, regulator, Reason.EMERGENCY_OPPOSED)
    plot.listed(stated, hospital, Reason.EMERGENCY_OPPOSED)


def _choose(plot: Plot, day: date, emergency: EmergencySwitches, *, mask_new: bool = False) -> None:
    plot.add(
        plot.instant(day, 18),
        plot.person.caller(),
        set_preferences,
        lambda stage: SetPreferences(
            record_id=stage.record_id, mask_new_documents=mask_new, emergency=emergency
        ),
    )


def _expired_consent(plot: Plot, diary: Diary) -> None:
    diary.visit(diary.ago(400), "dr-garnier", episodes.cardiology(diary), key="cardiologie")
    plot.deposited(diary.visits)
    heart = BY_KEY["dr-garnier"].caller()
    plot.consented(diary.ago(401), "dr-garnier")
    plot.listed(plot.instant(diary.ago(400), 16), heart)
    plot.listed(plot.instant(diary.ago(3), 16), heart, Reason.ACCESS_NOT_AUTHORISED)


def _care_team(plot: Plot, diary: Diary) -> None:
    diary.visit(
        diary.ago(6), "dr-benoit", episodes.admission(diary), key="admission", by_structure=True
    )
    admitted.sent_by_the_secretary(diary)
    plot.deposited(diary.visits)
    plot.consented(diary.ago(7), "dr-benoit", to_team=True)
    plot.listed(plot.instant(diary.ago(5), 16), BY_KEY["nora-salmi"].caller())
    plot.read(plot.instant(diary.ago(5), 17), BY_KEY["nora-salmi"].caller(), "admission")


def _masked_by_default(plot: Plot, diary: Diary) -> None:
    _choose(plot, diary.opened, EmergencySwitches(), mask_new=True)
    plot.deposited(diary.visits)
    plot.consented(diary.ago(25), "dr-garnier")
    plot.listed(plot.instant(diary.ago(25), 16), BY_KEY["dr-garnier"].caller())


def _corrected(plot: Plot, diary: Diary) -> None:
    diary.visit(diary.ago(70), "dr-faye", episodes.abdominal_scan(corrected=False), key="scanner-1")
    diary.visit(
        diary.ago(66), "dr-faye", episodes.abdominal_scan(corrected=True), key="scanner-2",
        replaces="scanner-1",
    )  # fmt: skip
    plot.deposited(diary.visits)


def _deleted(plot: Plot, diary: Diary) -> None:
    wrong = diary.visit(diary.ago(80), "dr-petit", episodes.wrong_certificate(), key="erreur")
    plot.deposited(diary.visits)
    if wrong is not None:
        at = plot.instant(wrong.at.date() + timedelta(days=1), 16)
        plot.changed(at, BY_KEY["dr-petit"].caller(), "erreur", Change.DELETE)
    admitted.in_the_fire_service(plot, diary)


def _heavy(plot: Plot, diary: Diary) -> None:
    episodes.weekly_care(diary)
    plot.deposited(diary.visits)
    plot.consented(diary.ago(100), "lucie-perrin")
    plot.listed(plot.instant(diary.ago(100), 16), BY_KEY["lucie-perrin"].caller())


def _own_document(plot: Plot, diary: Diary) -> None:
    diary.visit(diary.ago(33), "", episodes.own_paper(), key="personnel", by_holder=True)
    plot.deposited(diary.visits)
    episodes.own_profile(plot, diary.ago(34))


def _emergency(plot: Plot, diary: Diary) -> None:
    diary.visit(diary.ago(260), "dr-rousseau", episodes.psychiatry(diary), key="psychiatrie")
    plot.deposited(diary.visits)
    _choose(plot, diary.ago(250), EmergencySwitches(masked_documents=True))
    plot.changed(plot.instant(diary.ago(249), 18), plot.person.caller(), "psychiatrie", Change.MASK)
    rights.emergency_told(plot, diary, EmergencySwitches(masked_documents=True))


def _erasure_asked(plot: Plot, diary: Diary) -> None:
    plot.deposited([visit for visit in diary.visits if visit.at.date() < diary.ago(20)])
    plot.add(
        plot.instant(diary.ago(20), 18),
        plot.person.caller(),
        ask_record_erasure,
        lambda stage: EraseRecord(record_id=stage.record_id),
    )


def _suspended(plot: Plot, diary: Diary) -> None:
    plot.deposited([visit for visit in diary.visits if visit.at.date() < diary.ago(15)])
    plot.add(
        plot.instant(diary.ago(15), 18),
        INSURANCE,
        suspend_record,
        lambda stage: SuspendRecord(record_id=stage.record_id),
    )


def _under_guardianship(plot: Plot, diary: Diary) -> None:
    rights.under_guardianship(plot, diary, cast_people()["claire-dumas"])


def _pregnant(plot: Plot, diary: Diary) -> None:
    plot.deposited(diary.visits)
    plot.consented(diary.ago(130), "agnes-leduc")
    plot.listed(plot.instant(diary.ago(30), 16), BY_KEY["agnes-leduc"].caller())


def _mother(plot: Plot, diary: Diary) -> None:
    episodes.delivered(diary)
    plot.deposited(diary.visits)


def _plain(plot: Plot, diary: Diary) -> None:
    plot.deposited(diary.visits)


_SCRIPTS: Final[dict[str, Script]] = {
    "jeanne-durand": _masked_document,
    "paul-durand": _blocked_professional,
    "nadia-benali": _awaiting_announcement,
    "lea-moreau": rights.secret_of_an_adolescent,
    "marcel-petitjean": _closed,
    "bernard-leroy": _no_emergency,
    "aminata-diallo": _expired_consent,
    "georges-marin": _care_team,
    "monique-faure": _masked_by_default,
    "pierre-gauthier": _corrected,
    "claire-dumas": _pregnant,
    "elodie-simon": _mother,
    "suzanne-perret": rights.coordinated,
    "antoine-ferrand": _deleted,
    "henri-barbier": _heavy,
    "lucas-tessier": _own_document,
    "fatou-ndiaye": _emergency,
    "simone-huet": _erasure_asked,
    "guy-masson": _suspended,
    "ghjulia-mattei": rights.administrator_named,
    "petru-santoni": rights.whole_category_masked,
    "joao-ribeiro": rights.kept_from_some,
    "marie-fabre-1985": rights.at_work,
    "rose-texier": _under_guardianship,
    "lucien-blanchet": rights.deceased,
    "brigitte-colin": admitted.month_over,
    "louis-simon": admitted.seen_in_pmi,
}
_OPENINGS: Final = {
    "paul-durand": "desk",
    "lea-moreau": "dr-martin",
    "hugo-moreau": "dr-martin",
    "louis-simon": "dr-klein",
    "elodie-simon": "sophie-caron",
    "georges-marin": "automatic",
    "suzanne-perret": "lucie-perrin",
    "henri-barbier": "automatic",
    "rose-texier": "desk",
    "marie-fabre-1958": "sophie-caron",
}


def lived_by_cast(person: Person, seed: int, today: date) -> Diary:
    """The ordinary care of one of the cast, without what the script adds."""
    opened = max(today - timedelta(days=OPENED), person.traits.birth_date + timedelta(days=2))
    diary = diary_of(Plot(person, seed, today), opened)
    cared_for(diary)
    return diary


def scripted(person: Person, cast: Mapping[str, Person], seed: int, today: date) -> list[Scene]:
    """The scenes of one of the cast, oldest first; none for who has no record."""
    plot = Plot(person, seed, today)
    match person.key:
        case "yves-cordier":
            return []
        case "odile-renaud":
            refusal = RefuseRecord(ins=person.ins, traits=person.traits)
            at = plot.instant(today - timedelta(days=420), 9)
            plot.add(at, DESK.caller(), refuse_record, lambda _: refusal)
            return plot.in_order()
        case "thierry-lambert":
            told = InformPerson(ins=person.ins, traits=person.traits)
            at = plot.instant(today - timedelta(days=12), 5)
            plot.add(at, INSURANCE, inform_person, lambda _: told)
            return plot.in_order()
    diary = lived_by_cast(person, seed, today)
    plot.opened(diary.opened, _OPENINGS.get(person.key, "online"))
    begun(plot, diary.opened, cast)
    _SCRIPTS.get(person.key, _plain)(plot, diary)
    return plot.in_order()
