"""Hypertension, heart failure, chronic bronchitis."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from dmp.remote.simulated.territory.diary import Diary, consultation, decimal, note, results
from dmp.remote.simulated.territory.papers import Coded, Drug, Form, Note, Prescription
from dmp.remote.simulated.territory.people import Condition, Person
from dmp.remote.simulated.territory.stories import assays, diagnoses, exams


def hypertension(diary: Diary) -> None:
    """High blood pressure that comes down with treatment."""
    rng = diary.rng
    systolic = rng.randint(154, 172)
    for rank, day in enumerate(diary.regularly(320, most=2)):
        diastolic = systolic - rng.randint(62, 72)
        controlled = systolic < 140
        diary.visit(
            day,
            diary.person.doctor,
            consultation(
                "Suivi de l'hypertension artérielle",
                reason="Contrôle tensionnel et renouvellement du traitement.",
                story=f"{diary.patient} de {diary.age(day)}. Automesure sur trois jours apportée. "
                + ("Céphalées matinales." if rank == 0 else "Traitement bien supporté."),
                exam=f"Pression artérielle {systolic}/{diastolic} mmHg aux deux bras. Fréquence "
                f"cardiaque {rng.randint(62, 82)}/min. Pas de souffle, pas d'œdème.",
                conclusion="Hypertension artérielle équilibrée."
                if controlled
                else "Hypertension artérielle non équilibrée : adaptation du traitement.",
                plan="Réduire le sel. Automesure avant la prochaine consultation, dans six mois.",
            ),
            _hypertension_drugs(diary, rank),
        )
        systolic = max(124, systolic - rng.randint(10, 20))
    _kidney_watch(diary)


_WITH_AN_INHIBITOR = frozenset({Condition.HEART_FAILURE, Condition.POLYMEDICATION})
"""Conditions whose own treatment acts on the renin-angiotensin system: no second one beside it."""


HYPERTENSION_DRUGS: Final = (
    Drug(name="Périndopril 4 mg, comprimé", dosage="1 comprimé le matin", duration="6 mois",
         atc="C09AA04", cip="3400930245729"),
    Drug(name="Amlodipine 5 mg, gélule", dosage="1 gélule le soir", duration="6 mois",
         atc="C08CA01", cip="3400937976602"),
)  # fmt: skip
"""The treatment of high blood pressure; its second medicine is added at the second visit."""


def hypertension_drugs(person: Person) -> tuple[Drug, ...]:
    """Those of the list that fit with what the person's other conditions are treated with."""
    alone = not person.conditions & _WITH_AN_INHIBITOR
    return HYPERTENSION_DRUGS if alone else HYPERTENSION_DRUGS[1:]


def _hypertension_drugs(diary: Diary, rank: int) -> Prescription:
    drugs = hypertension_drugs(diary.person)
    return Prescription(drugs=drugs[:1] if rank == 0 else drugs)


def _kidney_watch(diary: Diary) -> None:
    for day in diary.regularly(420, start=35, most=1):
        found = results(
            "Ionogramme et fonction rénale",
            assays.sodium(diary.rng.uniform(138, 143)),
            assays.potassium(diary.rng.uniform(3.9, 4.8)),
            *assays.kidney_of(diary, day),
        )
        diary.visit(day, "dr-colas", found)


def heart_failure(diary: Diary) -> None:
    """Heart failure: a stay for decompensation, then NT-proBNP and weight fall under treatment."""
    rng, e = diary.rng, diary.e
    crisis = diary.ago(min(rng.randint(300, 620), max(60, diary.days - 40)))
    weight, marker, fraction = rng.uniform(68, 90), rng.uniform(2900, 5200), rng.randint(30, 38)
    diary.visit(crisis, "dr-benoit", _stay(diary, crisis, weight, marker, fraction), days_stayed=6)
    day = crisis + timedelta(days=15)
    last = crisis + timedelta(days=400)
    while day < min(last, diary.today) and marker > 300:
        marker *= rng.uniform(0.55, 0.75)
        _heart_assays(diary, day, marker)
        seen = day + timedelta(days=rng.randint(3, 8))
        weight -= rng.uniform(0.2, 1.1)
        fraction = min(50, fraction + rng.randint(1, 4))
        diary.visit(seen, "dr-garnier", _cardiologist(diary, seen, marker, fraction, weight))
        diary.visit(seen + timedelta(days=7), diary.person.doctor, _heart_drugs())
        day += timedelta(days=rng.randint(120, 170))
    nurse = note(
        Form.LETTER,
        "11506-3",
        "Fiche de suivi infirmier : surveillance du poids",
        letter=f"Passage deux fois par semaine. {diary.patient} pesé{e} à jeun, même balance.\n"
        f"Poids stable à {decimal(weight)} kg, pas d'œdème des chevilles, dort avec un oreiller.\n"
        "Consigne rappelée : appeler en cas de prise de deux kilos en trois jours.",
    )
    diary.visit(crisis + timedelta(days=40), "lucie-perrin", nurse)


def _stay(diary: Diary, day: date, weight: float, marker: float, fraction: int) -> Note:
    e = diary.e
    return note(
        Form.DISCHARGE,
        "11490-0",
        "Lettre de liaison à la sortie : décompensation cardiaque",
        reason=f"{diary.patient} de {diary.age(day)}, adressé{e} pour essoufflement d'aggravation "
        "progressive et prise de cinq kilos en deux semaines.",
        course=f"À l'entrée : crépitants des deux bases, œdèmes des membres inférieurs, NT-proBNP à "
        f"{marker:.0f} ng/L. Échographie cardiaque : fraction d'éjection à {fraction} %. Évolution "
        "favorable sous furosémide intraveineux puis oral.\n"
        f"Poids de sortie : {decimal(weight)} kg.",
        treatment="Bisoprolol 2,5 mg le matin, sacubitril/valsartan 24/26 mg matin et soir, "
        "dapagliflozine 10 mg, furosémide 40 mg le matin.",
        plan="Bilan biologique à deux semaines. Consultation de cardiologie à un mois. Infirmière à "
        "domicile pour la surveillance du poids. Régime peu salé.",
        coded=Coded(
            problems=(diagnoses.problem(diary, Condition.HEART_FAILURE),), drugs=_AT_DISCHARGE
        ),
    )


def _heart_assays(diary: Diary, day: date, marker: float) -> None:
    found = results(
        "Surveillance de l'insuffisance cardiaque",
        assays.nt_probnp(marker),
        assays.sodium(diary.rng.uniform(136, 142)),
        assays.potassium(diary.rng.uniform(4.0, 5.0)),
        *assays.kidney_of(diary, day),
    )
    diary.visit(day, "dr-colas", found)


def _cardiologist(diary: Diary, day: date, marker: float, fraction: int, weight: float) -> Note:
    return consultation(
        "Consultation de cardiologie",
        reason="Suivi d'une insuffisance cardiaque à fraction d'éjection réduite.",
        story=f"{diary.patient} de {diary.age(day)}. Monte un étage sans s'arrêter (stade II NYHA).",
        exam=f"Poids {decimal(weight)} kg. Pression artérielle {diary.rng.randint(104, 122)}/"
        f"{diary.rng.randint(60, 72)} mmHg. Auscultation régulière, pas de crépitant.",
        tests=f"Échographie : fraction d'éjection à {fraction} %. NT-proBNP à {marker:.0f} ng/L. "
        "Électrocardiogramme : rythme sinusal.",
        conclusion="Amélioration clinique, biologique et échographique.",
        plan="Poursuite du traitement. Contrôle dans quatre mois avec bilan sanguin.",
        coded=Coded(acts=(exams.ELECTROCARDIOGRAM,)),
    )


HEART_FAILURE_DRUGS: Final = (
    Drug(name="Bisoprolol 5 mg, comprimé", dosage="1 comprimé le matin", duration="3 mois",
         atc="C07AB07", cip="3400930069110"),
    Drug(name="Sacubitril/valsartan 49/51 mg, comprimé", dosage="1 comprimé matin et soir",
         duration="3 mois", atc="C09DX04", cip="3400930037911"),
    Drug(name="Dapagliflozine 10 mg, comprimé", dosage="1 comprimé le matin", duration="3 mois",
         atc="A10BK01", cip="3400926649975"),
    Drug(name="Furosémide 40 mg, comprimé", dosage="1 comprimé le matin", duration="3 mois",
         atc="C03CA01", cip="3400936476769"),
)  # fmt: skip
_AT_DISCHARGE: Final = (
    Drug(name="Bisoprolol 2,5 mg, comprimé", dosage="1 comprimé le matin", duration="1 mois",
         atc="C07AB07", cip="3400930045848"),
    Drug(name="Sacubitril/valsartan 24/26 mg, comprimé", dosage="1 comprimé matin et soir",
         duration="1 mois", atc="C09DX04"),
    *(replace(drug, duration="1 mois") for drug in HEART_FAILURE_DRUGS[2:]),
)  # fmt: skip


def _heart_drugs() -> Prescription:
    advice = "Pas d'anti-inflammatoire, même en vente libre."
    return Prescription(drugs=HEART_FAILURE_DRUGS, advice=advice)


def copd(diary: Diary) -> None:
    """Chronic bronchitis: winter flare-ups, an imaging report, inhaled treatment."""
    rng = diary.rng
    volume = rng.randint(48, 66)
    for day in diary.in_season(1, chance=0.75):
        diary.visit(
            day,
            diary.person.doctor,
            consultation(
                "Exacerbation de bronchopneumopathie chronique",
                reason="Toux et essoufflement depuis quatre jours.",
                story=f"{diary.patient} de {diary.age(day)}, "
                f"{'ancienne fumeuse' if diary.person.is_woman else 'ancien fumeur'} (trente-cinq "
                "paquets-années). Crachats devenus jaunâtres.",
                exam=f"Saturation {rng.randint(91, 94)} % en air ambiant. Sibilants diffus, pas de "
                "foyer. Température 37,9 °C.",
                conclusion="Exacerbation sans signe de gravité.",
                plan="Revoir à 48 heures, plus tôt en cas d'aggravation.",
            ),
            Prescription(
                drugs=(
                    Drug(name="Amoxicilline/acide clavulanique 1 g/125 mg",
                         dosage="1 sachet matin, midi et soir", duration="7 jours", atc="J01CR02",
                         cip="3400927750304"),
                    Drug(name="Prednisolone 20 mg, comprimé",
                         dosage="2 comprimés le matin", duration="5 jours", atc="H02AB06",
                         cip="3400936087880"),
                )
            ),
        )  # fmt: skip
    for day in diary.in_season(5, chance=0.5)[:1]:
        diary.visit(day, "dr-faye", _chest(diary, day, volume))


def _chest(diary: Diary, day: date, volume: int) -> Note:
    return note(
        Form.IMAGING,
        "18748-4",
        "Scanner thoracique sans injection",
        indication=f"Bronchopneumopathie chronique obstructive, {diary.age(day)}, VEMS à {volume} % "
        "de la théorique. Recherche d'emphysème et de nodule.",
        technique="Acquisition volumique en inspiration bloquée, reconstructions fines.",
        findings="Emphysème centrolobulaire des deux sommets. Épaississement diffus des parois "
        "bronchiques. Micronodule calcifié du lobe moyen, d'allure séquellaire. Pas d'adénopathie.",
        conclusion="Emphysème modéré. Pas de nodule suspect.",
        coded=Coded(exam=exams.CHEST_CT),
    )
