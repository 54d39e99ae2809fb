"""Scripts of the cast that show whom the law admits otherwise, and what the calendar does by itself."""

from __future__ import annotations

from dmp.acts.documents.follow_announcement import FollowAnnouncement, follow_announcement
from dmp.domain.record.calendar import announcement_due, reveal_due
from dmp.remote.simulated.territory.diary import Diary, consultation, note
from dmp.remote.simulated.territory.papers import Form
from dmp.remote.simulated.territory.paperwork import unique_id_of
from dmp.remote.simulated.territory.professionals import BY_KEY
from dmp.remote.simulated.territory.scenes import episodes
from dmp.remote.simulated.territory.scenes.plot import CALENDAR, Plot


def month_over(plot: Plot, diary: Diary) -> None:
    """A result nobody announced: told of after fourteen days, revealed by itself after a month."""
    seen = diary.visit(
        diary.ago(50), "dr-colas", episodes.cytology(), key="cytologie",
        restrictions=episodes.HIDDEN_FROM_PATIENT,
    )  # fmt: skip
    plot.deposited(diary.visits)
    if seen is None:
        return
    for due in (announcement_due(seen.at), reveal_due(seen.at)):
        plot.add(
            plot.instant(due.date(), 20),
            CALENDAR,
            follow_announcement,
            lambda stage: FollowAnnouncement(document=stage.document, within=stage.record_id),
            about=unique_id_of(plot.seed, plot.person, "cytologie"),
        )
    plot.read(plot.instant(diary.ago(8), 18), plot.person.caller(), "cytologie")


def in_the_fire_service(plot: Plot, diary: Diary) -> None:
    """A volunteer firefighter: the doctor of the fire service consults with an express agreement."""
    plot.consented(diary.ago(25), "dr-mercier", told=True)
    plot.listed(plot.instant(diary.ago(25), 16), BY_KEY["dr-mercier"].caller())


def seen_in_pmi(plot: Plot, diary: Diary) -> None:
    """An infant is seen in PMI: its doctor feeds the record, and consults with the mother's agreement."""
    diary.visit(
        diary.ago(18),
        "dr-picard",
        consultation(
            "Consultation de protection maternelle et infantile",
            reason="Suivi de la croissance, à la demande de la mère.",
            exam=f"{diary.patient} de {diary.age(diary.ago(18))}. Courbes régulières, bon contact, "
            "tonus normal.",
            conclusion="Développement normal.",
            plan="Prochain rendez-vous dans un mois. Visite de la puéricultrice proposée.",
        ),
        key="pmi",
    )
    plot.deposited(diary.visits)
    plot.consented(diary.ago(18), "dr-picard")
    plot.listed(plot.instant(diary.ago(18), 16), BY_KEY["dr-picard"].caller())


def sent_by_the_secretary(diary: Diary) -> None:
    """A letter that the doctor wrote and the hospital's secretary sends."""
    diary.visit(
        diary.ago(3),
        "dr-benoit",
        note(
            Form.LETTER,
            "11488-4",
            "Courrier de suivi en gériatrie",
            letter=f"{diary.patient} hospitalisé{diary.e} pour pneumopathie, apyrexie depuis deux "
            "jours.\nSaturation 95 % en air ambiant. Relais oral de l'antibiothérapie.\n"
            "Sortie envisagée en fin de semaine.",
        ),
        key="courrier",
        deposited_by="julie-morin",
    )
