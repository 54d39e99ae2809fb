"""Old age: many medicines, a fall, a synthesis by the attending doctor, hospital stays."""

from __future__ import annotations

from datetime import date, timedelta

from dmp.remote.simulated.territory.diary import Diary, consultation, decimal, note, results
from dmp.remote.simulated.territory.papers import Drug, Form, Note, Prescription
from dmp.remote.simulated.territory.people import Condition
from dmp.remote.simulated.territory.stories import assays

LONG_LIST = (
    Drug(name="Apixaban 2,5 mg, comprimé", dosage="1 comprimé matin et soir", duration="3 mois",
         atc="B01AF02"),
    Drug(name="Bisoprolol 2,5 mg, comprimé", dosage="1 comprimé le matin", duration="3 mois",
         atc="C07AB07"),
    Drug(name="Ramipril 2,5 mg, comprimé", dosage="1 comprimé le matin", duration="3 mois",
         atc="C09AA05"),
    Drug(name="Atorvastatine 10 mg, comprimé", dosage="1 comprimé le soir", duration="3 mois",
         atc="C10AA05"),
    Drug(name="Pantoprazole 20 mg, comprimé", dosage="1 comprimé le soir", duration="3 mois",
         atc="A02BC02"),
    Drug(name="Cholécalciférol 50 000 UI, ampoule", dosage="1 ampoule par mois", duration="3 mois",
         atc="A11CC05"),
    Drug(name="Paracétamol 500 mg, comprimé", dosage="2 comprimés matin, midi et soir si douleur",
         duration="3 mois", atc="N02BE01"),
    Drug(name="Macrogol 4000, sachet", dosage="1 sachet le matin", duration="3 mois",
         atc="A06AD15"),
    Drug(name="Mirtazapine 15 mg, comprimé", dosage="1 comprimé au coucher", duration="28 jours",
         atc="N06AX11"),
)  # fmt: skip


def many_medicines(diary: Diary) -> None:
    """Renewals of a long list, blood tests, the pharmacist's review, one fall."""
    rng, woman = diary.rng, diary.person.is_woman
    for rank, day in enumerate(diary.regularly(260, most=2)):
        drugs = LONG_LIST[: 7 + rank % 3]
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
        ),
    )


def synthesis(diary: Diary) -> None:
    """The yearly synthesis by the attending doctor."""
    diary.visit(diary.ago(diary.rng.randint(30, 200)), diary.person.doctor, _synthesis(diary))


_PROBLEMS = {
    Condition.DIABETES: "Diabète de type 2",
    Condition.HYPERTENSION: "Hypertension artérielle",
    Condition.HEART_FAILURE: "Insuffisance cardiaque à fraction d'éjection réduite",
    Condition.COPD: "Bronchopneumopathie chronique obstructive",
    Condition.HYPOTHYROIDISM: "Hypothyroïdie substituée",
    Condition.ARTHROSIS: "Arthrose",
    Condition.DEPRESSION: "Épisode dépressif, en rémission",
    Condition.POLYMEDICATION: "Fibrillation auriculaire sous anticoagulant",
    Condition.ASTHMA: "Asthme",
    Condition.MIGRAINE: "Migraine",
}


def _synthesis(diary: Diary) -> Note:
    problems = [
        text for condition, text in _PROBLEMS.items() if condition in diary.person.conditions
    ]
    allergic = Condition.ALLERGY in diary.person.conditions
    return note(
        Form.SYNTHESIS,
        "60591-5",
        "Synthèse médicale",
        problems="\n".join(problems) or "Aucun problème de santé actif.",
        history="Appendicectomie dans l'enfance."
        if diary.rng.random() < 0.4
        else "Pas d'antécédent chirurgical notable.",
        allergies="Rhinite au pollen de graminées. Pas d'allergie médicamenteuse connue."
        if allergic
        else "Pas d'allergie connue à ce jour.",
        attention="Risque de chute. Anticoagulant en cours."
        if Condition.POLYMEDICATION in diary.person.conditions
        else "Pas de point particulier.",
    )
