"""Old age: many medicines, a fall, a synthesis by the attending doctor, hospital stays."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from dmp.domain.clinical.facts import Allergy
from dmp.domain.codes import Code
from dmp.remote.simulated.territory.diary import Diary, consultation, decimal, note, results
from dmp.remote.simulated.territory.papers import Coded, Drug, Form, Note, Prescription
from dmp.remote.simulated.territory.people import Condition, Person
from dmp.remote.simulated.territory.stories import (
    assays,
    diagnoses,
    everyday,
    exams,
    heart,
    metabolic,
)

LONG_LIST = (
    Drug(name="Apixaban 2,5 mg, comprimé", dosage="1 comprimé matin et soir", duration="3 mois",
         atc="B01AF02", cip="3400941945670"),
    Drug(name="Bisoprolol 2,5 mg, comprimé", dosage="1 comprimé le matin", duration="3 mois",
         atc="C07AB07", cip="3400930045848"),
    Drug(name="Ramipril 2,5 mg, comprimé", dosage="1 comprimé le matin", duration="3 mois",
         atc="C09AA05", cip="3400936704459"),
    Drug(name="Atorvastatine 10 mg, comprimé", dosage="1 comprimé le soir", duration="3 mois",
         atc="C10AA05", cip="3400930263488"),
    Drug(name="Pantoprazole 20 mg, comprimé", dosage="1 comprimé le soir", duration="3 mois",
         atc="A02BC02", cip="3400938781052"),
    Drug(name="Cholécalciférol 50 000 UI, ampoule", dosage="1 ampoule par mois", duration="3 mois",
         atc="A11CC05", cip="3400930280959"),
    Drug(name="Paracétamol 500 mg, comprimé", dosage="2 comprimés matin, midi et soir si douleur",
         duration="3 mois", atc="N02BE01", cip="3400934730580"),
    Drug(name="Macrogol 4000, sachet", dosage="1 sachet le matin", duration="3 mois",
         atc="A06AD15", cip="3400937950527"),
    Drug(name="Mirtazapine 15 mg, comprimé", dosage="1 comprimé au coucher", duration="28 jours",
         atc="N06AX11", cip="3400937846578"),
)  # fmt: skip


def many_medicines(diary: Diary) -> None:
    """Renewals of a long list, blood tests, the pharmacist's review, one fall."""
    rng, woman = diary.rng, diary.person.is_woman
    for rank, day in enumerate(diary.regularly(260, most=2)):
        drugs = _fitting(diary.person, LONG_LIST[: 7 + rank % 3])
        found = consultation(
            "Renouvellement et suivi gériatrique",
            reason="Renouvellement du traitement.",
            story=f"{diary.patient} de {diary.age(day)}, vit à domicile avec une aide ménagère trois "
            "fois par semaine. Appétit conservé.",
            exam=f"Poids {decimal(rng.uniform(52, 74))} kg. Pression artérielle "
            f"{rng.randint(126, 148)}/{rng.randint(62, 78)} mmHg, sans hypotension debout. Fibrillation "
            "auriculaire ralentie à 72/min.",
            conclusion="État stable. Pas de signe de saignement sous anticoagulant.",
            plan="Bilan rénal tous les six mois. Vaccinations à jour.",
        )
        diary.visit(day, diary.person.doctor, found, Prescription(drugs=drugs))
    for day in diary.regularly(330, start=60, most=1):
        found_in_blood = results(
            "Bilan sous anticoagulant",
            assays.haemoglobin(rng.uniform(11.8, 13.6), woman=woman),
            *assays.kidney_of(diary, day),
            assays.vitamin_d(rng.uniform(22, 41)),
            assays.potassium(rng.uniform(4.0, 5.0)),
        )
        diary.visit(day, "dr-colas", found_in_blood)
    _pharmacist_review(diary)
    fall(diary, diary.ago(rng.randint(100, 400)))


def _fitting(person: Person, drugs: tuple[Drug, ...]) -> tuple[Drug, ...]:
    """The list without what another story of the same person gives already, or forbids."""
    conditions = person.conditions
    given: set[str] = set()
    if Condition.HEART_FAILURE in conditions:  # no ACE inhibitor beside sacubitril
        given |= {"C09AA05", "C07AB07"}
    if Condition.DIABETES in conditions:
        given |= {"C10AA05"}
    return tuple(drug for drug in drugs if drug.atc not in given)


def _pharmacist_review(diary: Diary) -> None:
    diary.visit(
        diary.ago(diary.rng.randint(40, 300)),
        "sophie-caron",
        note(
            Form.LETTER,
            "56445-0",
            "Bilan partagé de médication",
            letter="Neuf médicaments par jour, pilulier préparé par la fille chaque dimanche.\n"
            "Double prise de paracétamol repérée avec une spécialité achetée sans ordonnance.\n"
            "Proposition au médecin : réévaluer le pantoprazole, pris depuis plus de deux ans.",
        ),
    )


def fall(diary: Diary, day: date) -> None:
    """A fall at home: emergency department, hip X-ray, a short stay."""
    e = diary.e
    diary.visit(
        day,
        "dr-benoit",
        note(
            Form.DISCHARGE,
            "15507-7",
            "Compte rendu de passage aux urgences",
            reason=f"Chute à domicile, {diary.patient.lower()} de {diary.age(day)}, amené{e} par les "
            "pompiers. Pas de perte de connaissance.",
            exam="Douleur de la hanche droite, mobilisation possible. Examen neurologique normal.",
            tests="Radiographies du bassin et de la hanche : pas de fracture. Scanner cérébral : pas "
            "de saignement.",
            conclusion="Contusion de la hanche droite.",
            plan="Retour à domicile avec antalgiques. Bilan de chute par le médecin traitant.",
        ),
    )
    diary.visit(
        day + timedelta(days=1),
        "dr-faye",
        note(
            Form.IMAGING,
            "18748-4",
            "Radiographies du bassin et de la hanche droite",
            indication="Chute, douleur de la hanche droite.",
            technique="Bassin de face, hanche droite de face et de profil.",
            findings="Trame osseuse déminéralisée. Pas de trait de fracture. Coxarthrose débutante.",
            conclusion="Pas de fracture visible.",
            coded=Coded(exam=exams.HIP),
        ),
    )


def synthesis(diary: Diary) -> None:
    """The yearly synthesis by the attending doctor."""
    diary.visit(diary.ago(diary.rng.randint(30, 200)), diary.person.doctor, _synthesis(diary))


def long_term(person: Person) -> tuple[Drug, ...]:
    """What somebody takes all the year round, by his conditions; the same substance once."""
    lists = {
        Condition.POLYMEDICATION: _fitting(person, LONG_LIST[:8]),
        Condition.HEART_FAILURE: heart.HEART_FAILURE_DRUGS,
        Condition.DIABETES: metabolic.DRUGS,
        Condition.HYPERTENSION: heart.hypertension_drugs(person),
        Condition.HYPOTHYROIDISM: (metabolic.levothyroxine(75),),
        Condition.ASTHMA: (everyday.INHALER,),
    }
    found: dict[str, Drug] = {}
    for condition, drugs in lists.items():
        if condition in person.conditions:
            for drug in drugs:
                found.setdefault(drug.atc, drug)
    return tuple(found.values())


def _synthesis(diary: Diary) -> Note:
    operated = diary.rng.random() < 0.4
    allergic = Condition.ALLERGY in diary.person.conditions
    at_risk = Condition.POLYMEDICATION in diary.person.conditions
    known = diagnoses.problems(diary)
    return note(
        Form.SYNTHESIS,
        "60591-5",
        "Synthèse médicale",
        problems="\n".join(one.label for one in known if one.active),
        history="Appendicectomie dans l'enfance." if operated else "",
        allergies="Rhinite au pollen de graminées. Pas d'allergie médicamenteuse connue."
        if allergic
        else "Pas d'allergie connue à ce jour.",
        attention="Risque de chute.\nAnticoagulant en cours." if at_risk else "",
        coded=Coded(
            problems=(*known, *((diagnoses.appendectomy(),) if operated else ())),
            allergies=(_POLLEN,) if allergic else (),
            no_known_allergy=not allergic,
            drugs=long_term(diary.person),
        ),
    )


_POLLEN: Final = Allergy(
    label="Pollen de graminées",
    code=Code("256277009", "2.16.840.1.113883.6.96", "Pollen de graminées"),
    reaction="Rhinite",
    severity="léger",
)
