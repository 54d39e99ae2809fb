"""Diabetes, thyroid, and the check-ups of people who are well."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from dmp.remote.simulated.territory.diary import Diary, consultation, decimal, note, results
from dmp.remote.simulated.territory.papers import Coded, Drug, Form, Note, Prescription
from dmp.remote.simulated.territory.stories import assays, exams

_LEVOTHYROXINE: Final = {
    50: "3400930065662", 75: "3400930065785", 100: "3400930065891", 125: "3400930066010",
}  # fmt: skip


def diabetes(diary: Diary) -> None:
    """Type 2 diabetes that comes into balance: HbA1c falls over the visits."""
    rng = diary.rng
    level, weight = rng.uniform(7.9, 9.2), rng.uniform(74, 98)
    for rank, day in enumerate(diary.regularly(230, most=3)):
        _diabetes_assays(diary, day, level)
        seen = day + timedelta(days=rng.randint(4, 12))
        papers = (_diabetes_note(diary, seen, rank, level, weight), _diabetes_drugs(rank))
        diary.visit(seen, diary.person.doctor, *papers)
        level = max(6.4, level - rng.uniform(0.1, 0.5))
        weight -= rng.uniform(-0.3, 1.4)
    _eye_fundus(diary)


def _diabetes_assays(diary: Diary, day: date, level: float) -> None:
    # Mean glucose follows HbA1c (28.7 times HbA1c minus 46.7, in mg/dL); fasting lies below it.
    fasting = (28.7 * level - 46.7) / 100 * diary.rng.uniform(0.88, 0.95)
    found = results(
        "Bilan sanguin : suivi du diabète",
        assays.hba1c(level),
        assays.fasting_glucose(fasting),
        *assays.kidney_of(diary, day),
        assays.ldl(diary.rng.uniform(0.7, 1.25)),
        assays.albumin_ratio(diary.rng.uniform(8, 34)),
        remark="HbA1c mesurée par chromatographie liquide haute performance.",
    )
    diary.visit(day, "dr-colas", found)


def _diabetes_note(diary: Diary, day: date, rank: int, level: float, weight: float) -> Note:
    e, goal = diary.e, "sous 7 %"
    balance = (
        f"HbA1c à {decimal(level)} %, au-dessus de l'objectif ({goal}). Renforcement du traitement."
        if level > 7.2
        else f"HbA1c à {decimal(level)} %, proche de l'objectif ({goal}). Traitement inchangé."
    )
    systolic = diary.rng.randint(124, 146)
    return consultation(
        "Consultation de suivi du diabète de type 2",
        reason="Suivi semestriel d'un diabète de type 2 connu depuis plusieurs années.",
        story=f"{diary.patient} de {diary.age(day)}. "
        + (
            f"Se dit fatigué{e}, alimentation irrégulière, marche peu."
            if rank == 0
            else f"Se sent mieux, marche trente minutes quatre fois par semaine. Suivi{e} par la "
            "diététicienne de la maison de santé."
        )
        + " Pas d'hypoglycémie ressentie.",
        exam=f"Poids {decimal(weight)} kg. Pression artérielle {systolic}/{systolic - 58} mmHg. "
        "Monofilament perçu aux deux pieds, pouls pédieux présents, pas de plaie.",
        conclusion=balance,
        plan="Contrôle biologique dans six mois. Fond d'œil annuel. Consultation dentaire annuelle. "
        "Vaccination antigrippale à l'automne.",
    )


DRUGS: Final = (
    Drug(
        name="Metformine 1000 mg, comprimé",
        dosage="1 comprimé matin et soir, au cours du repas",
        duration="6 mois",
        atc="A10BA02",
        cip="3400949125777",
    ),
    Drug(
        name="Atorvastatine 20 mg, comprimé",
        dosage="1 comprimé le soir",
        duration="6 mois",
        atc="C10AA05",
        cip="3400930263495",
    ),
    Drug(
        name="Dapagliflozine 10 mg, comprimé",
        dosage="1 comprimé le matin",
        duration="6 mois",
        atc="A10BK01",
        cip="3400926649975",
    ),
)
"""The treatment of diabetes; its last medicine is added at the second visit."""


def _diabetes_drugs(rank: int) -> Prescription:
    advice = "Arrêter la metformine et consulter en cas de vomissements ou de déshydratation."
    return Prescription(drugs=DRUGS if rank >= 1 else DRUGS[:2], advice=advice)


def _eye_fundus(diary: Diary) -> None:
    for day in diary.regularly(560, start=90, most=1):
        diary.visit(
            day,
            "dr-lemoine",
            note(
                Form.CONSULTATION,
                "78513-9",
                "Fond d'œil annuel du patient diabétique",
                reason="Dépistage de la rétinopathie diabétique, adressé par le médecin traitant.",
                exam="Acuité visuelle 10/10 à droite et 9/10 à gauche avec correction. Tension "
                "oculaire 15 et 16 mmHg. Rétinographies de bonne qualité des deux yeux.",
                conclusion="Pas de rétinopathie diabétique, pas d'œdème maculaire.",
                plan="Nouveau contrôle dans un an.",
                coded=Coded(acts=(exams.EYE_FUNDUS,)),
            ),
        )


def thyroid(diary: Diary) -> None:
    """Hypothyroidism under replacement: TSH comes back into its bounds."""
    level, dose = diary.rng.uniform(6.5, 11.0), 50
    for rank, day in enumerate(diary.regularly(260, most=3)):
        remark = "TSH élevée : adaptation du traitement à discuter." if level > 4 else ""
        diary.visit(day, "dr-colas", results("Dosage de la TSH", assays.tsh(level), remark=remark))
        dose = dose + 25 if level > 4 else dose
        seen = day + timedelta(days=diary.rng.randint(5, 15))
        diary.visit(
            seen,
            diary.person.doctor,
            consultation(
                "Suivi d'une hypothyroïdie",
                reason="Résultats de TSH et renouvellement du traitement.",
                story=f"{diary.patient} de {diary.age(seen)}. "
                + ("Fatigue, frilosité, constipation." if rank == 0 else "Pas de plainte."),
                exam="Pas de goitre palpable. Fréquence cardiaque régulière à 68/min.",
                conclusion=f"TSH à {decimal(level, 2)} mUI/L. Lévothyroxine portée à {dose} µg."
                if level > 4
                else f"TSH à {decimal(level, 2)} mUI/L : dose bien adaptée.",
            ),
            Prescription(drugs=(levothyroxine(dose),)),
        )
        level = diary.rng.uniform(1.1, 3.4)


def levothyroxine(dose: int) -> Drug:
    """The substitution in micrograms; 50, 75, 100 and 125 have a box of their own."""
    return Drug(
        name=f"Lévothyroxine {dose} microgrammes, comprimé",
        dosage="1 comprimé le matin à jeun, trente minutes avant le petit-déjeuner",
        duration="6 mois",
        atc="H03AA01",
        cip=_LEVOTHYROXINE.get(dose, ""),
    )


def check_up(diary: Diary) -> None:
    """A blood count, lipids and glucose of somebody who is well, with the note that reads them."""
    rng, woman = diary.rng, diary.person.is_woman
    if not diary.days:
        return
    day = diary.opened + timedelta(days=rng.randint(10, max(11, diary.days - 25)))
    ldl, hdl, fat = rng.uniform(0.85, 1.6), rng.uniform(0.45, 0.72), rng.uniform(0.5, 1.3)
    total = ldl + hdl + fat / 5
    diary.visit(
        day,
        "dr-colas",
        results(
            "Bilan de santé",
            assays.haemoglobin(
                rng.uniform(12.2, 14.4) if woman else rng.uniform(13.8, 16.2), woman=woman
            ),
            assays.leukocytes(rng.uniform(4.6, 8.9)),
            assays.platelets(rng.uniform(180, 330)),
            assays.fasting_glucose(rng.uniform(0.78, 1.02)),
            assays.cholesterol(total),
            assays.hdl(hdl),
            assays.ldl(ldl),
            assays.triglycerides(fat),
        ),
    )
    seen = day + timedelta(days=rng.randint(5, 20))
    diary.visit(
        seen,
        diary.person.doctor,
        consultation(
            "Consultation de prévention",
            reason="Point sur la santé et lecture du bilan sanguin.",
            story=f"{diary.patient} de {diary.age(seen)}, sans plainte. Vaccinations à jour.",
            exam=f"Pression artérielle {rng.randint(112, 132)}/{rng.randint(68, 80)} mmHg. Examen "
            "cardiaque et pulmonaire sans particularité.",
            conclusion="Bilan sans anomalie."
            if total <= 2
            else "Cholestérol un peu élevé : conseils alimentaires, contrôle dans un an.",
            plan="Activité physique régulière. Dépistages selon l'âge rappelés.",
        ),
    )
