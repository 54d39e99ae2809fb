"""Pregnancy, birth, childhood."""

from __future__ import annotations

from datetime import date, timedelta

from dmp.remote.simulated.territory.diary import (
    Diary,
    consultation,
    decimal,
    note,
    results,
    working,
)
from dmp.remote.simulated.territory.papers import Coded, Form, Note, Results, Vaccination
from dmp.remote.simulated.territory.stories import assays, diagnoses, exams


def pregnancy(diary: Diary, weeks: int = 30) -> None:
    """A pregnancy that is so many weeks old today, counted from the last period."""
    start = diary.ago(weeks * 7)
    for week in range(10, weeks, 4):
        day = start + timedelta(weeks=week)
        diary.visit(day, "agnes-leduc", antenatal(diary, day, week, start))
    for week, title in ((12, "premier"), (22, "deuxième"), (32, "troisième")):
        if week < weeks:
            day = start + timedelta(weeks=week, days=2)
            diary.visit(day, "dr-klein", _ultrasound(title, week))
    for week in (11, 26):
        if week < weeks:
            diary.visit(start + timedelta(weeks=week), "dr-colas", _pregnancy_assays(diary, week))


def antenatal(diary: Diary, day: date, week: int, start: date) -> Note:
    """The note of an antenatal visit at that week, counted from the last period, which was on `start`."""
    rng = diary.rng
    height = f" Hauteur utérine {week - 2} cm." if week >= 20 else ""
    return consultation(
        "Consultation prénatale",
        reason=f"Suivi de grossesse à {week} semaines d'aménorrhée.",
        story=f"Patiente de {diary.age(day)}. "
        + ("Nausées matinales en régression." if week < 16 else "Mouvements actifs bien perçus."),
        exam=f"Pression artérielle {rng.randint(104, 124)}/{rng.randint(60, 76)} mmHg. Bruits du "
        f"cœur fœtal à {rng.randint(134, 152)}/min.{height} Bandelette urinaire négative.",
        conclusion="Grossesse d'évolution normale.",
        plan="Prochaine consultation dans quatre semaines. Entretien prénatal précoce proposé."
        if week < 20
        else "Prochaine consultation dans quatre semaines. Préparation à la naissance.",
        coded=Coded(problems=(diagnoses.pregnancy(start, start + timedelta(weeks=41)),)),
    )


def _ultrasound(title: str, week: int) -> Note:
    findings = {
        12: "Longueur cranio-caudale 58 mm, clarté nucale 1,3 mm. Activité cardiaque présente.",
        22: "Biométries au 50e percentile. Morphologie cardiaque, cérébrale et rénale normale. "
        "Placenta antérieur, non inséré bas.",
        32: "Présentation céphalique. Estimation de poids au 48e percentile. Liquide amniotique "
        "normal, Doppler ombilical normal.",
    }[week]
    return note(
        Form.IMAGING,
        "18748-4",
        f"Échographie obstétricale du {title} trimestre",
        indication=f"Échographie de dépistage à {week} semaines d'aménorrhée.",
        technique="Voie abdominale.",
        findings=findings,
        conclusion="Grossesse monofœtale évolutive, sans anomalie décelée.",
        coded=Coded(exam=exams.PREGNANCY[week]),
    )


def _pregnancy_assays(diary: Diary, week: int) -> Results:
    iron = diary.rng.uniform(14, 60) if week > 20 else diary.rng.uniform(30, 80)
    return results(
        "Bilan de grossesse",
        assays.haemoglobin(diary.rng.uniform(11.6, 12.9) - (0.6 if week > 20 else 0), woman=True),
        assays.platelets(diary.rng.uniform(190, 280)),
        assays.ferritin(iron),
        assays.fasting_glucose(diary.rng.uniform(0.76, 0.89)),
        remark="Toxoplasmose : sérologie négative, contrôle mensuel.",
    )


def postpartum(diary: Diary, birth: date, child: str) -> None:
    """The mother after a birth: report of the delivery, visit at six weeks."""
    diary.visit(
        birth + timedelta(days=3),
        "dr-klein",
        note(
            Form.DISCHARGE,
            "15508-5",
            "Compte rendu d'accouchement",
            course="Travail spontané à 39 semaines d'aménorrhée et 4 jours. Analgésie péridurale. "
            f"Accouchement par voie basse, périnée intact. Naissance de {child}, Apgar 10 à cinq "
            "minutes. Pertes sanguines estimées à 250 mL.",
            conclusion="Suites de couches simples. Allaitement maternel.",
            plan="Visite d'une sage-femme à domicile. Consultation postnatale à six semaines.",
        ),
        days_stayed=3,
    )
    seen = birth + timedelta(weeks=6)
    diary.visit(
        seen,
        "agnes-leduc",
        consultation(
            "Consultation postnatale",
            reason="Six semaines après l'accouchement.",
            story=f"Patiente de {diary.age(seen)}. Allaitement bien installé, sommeil morcelé, "
            "moral bon (échelle d'Édimbourg : 4).",
            exam="Involution utérine normale. Périnée tonique. Pression artérielle 112/68 mmHg.",
            conclusion="Suites normales.",
            plan="Rééducation périnéale, contraception discutée.",
        ),
    )


# Age in months, vaccine, its ATC code, diseases, rank. Source: French vaccination calendar of 2025; ATC.
_HEXAVALENT = "Diphtérie, tétanos, coqueluche, poliomyélite, Hib, hépatite B"
_TETRAVALENT = "Diphtérie, tétanos, coqueluche, poliomyélite"
_MMR = "Rougeole, oreillons, rubéole"
_SHOTS = (
    (2, "Vaccin hexavalent", "J07CA09", _HEXAVALENT, "1re dose"),
    (4, "Vaccin hexavalent", "J07CA09", _HEXAVALENT, "2e dose"),
    (11, "Vaccin hexavalent", "J07CA09", _HEXAVALENT, "rappel"),
    (12, "Vaccin rougeole, oreillons, rubéole", "J07BD52", _MMR, "1re dose"),
    (16, "Vaccin rougeole, oreillons, rubéole", "J07BD52", _MMR, "2e dose"),
    (72, "Vaccin tétravalent", "J07CA02", _TETRAVALENT, "rappel"),
    (137, "Vaccin dTcaPolio", "J07CA02", _TETRAVALENT, "rappel"),
    (142, "Vaccin papillomavirus nonavalent", "J07BM03", "Papillomavirus humains", "1re dose"),
)


def shots(diary: Diary) -> None:
    """The injections of the calendar that fall into the life of the record."""
    born = diary.person.traits.birth_date
    for months, vaccine, atc, against, rank in _SHOTS:
        day = working(born + timedelta(days=round(months * 30.44) + diary.rng.randint(2, 12)))
        batch = f"{vaccine[7].upper()}{diary.rng.randint(1000, 9999)}"
        site = "cuisse droite" if months < 18 else "deltoïde gauche"
        shot = Vaccination(
            vaccine=vaccine, against=against, batch=batch, rank=rank, site=site, day=day, atc=atc
        )
        diary.visit(day, diary.person.doctor, shot)


# Age in months, mean weight in kg and height in cm. Source: French growth curves, rounded.
_GROWTH = ((1, 4.3, 54), (4, 6.6, 63), (9, 8.8, 71), (13, 10.0, 76), (24, 12.3, 87), (36, 14.5, 96),
           (48, 16.6, 103), (72, 21.0, 116), (108, 29.0, 134), (144, 40.0, 150),
           (180, 54.0, 166))  # fmt: skip


def growth(diary: Diary) -> None:
    """The examinations of a child at the ages of the calendar."""
    born, factor = diary.person.traits.birth_date, diary.rng.uniform(0.92, 1.09)
    for months, weight, height in _GROWTH:
        day = born + timedelta(days=round(months * 30.44) + diary.rng.randint(3, 25))
        tall = height * (1 + (factor - 1) / 3)
        head = (
            f" Périmètre crânien {35 + months * 0.95 - months**2 * 0.016:.0f} cm."
            if months < 25
            else ""
        )
        development = (
            "Sourit, suit du regard."
            if months < 4
            else "Développement psychomoteur conforme à l'âge."
            if months < 48
            else "Scolarité sans difficulté, sommeil et alimentation réguliers."
        )
        diary.visit(
            day,
            diary.person.doctor,
            note(
                Form.CONSULTATION,
                "59283-2",
                "Examen de l'enfant",
                reason=f"Examen systématique à {diary.age(day)}.",
                exam=f"Poids {decimal(weight * factor)} kg, taille {tall:.0f} cm.{head} "
                "Auscultation normale, hanches stables, audition et vision sans anomalie décelée.",
                course=development,
                conclusion="Enfant en bonne santé, croissance régulière.",
                plan="Vaccinations selon le calendrier. Prévention des écrans avant trois ans."
                if months < 36
                else "Vaccinations à jour. Contrôle bucco-dentaire.",
            ),
        )


def birth(diary: Diary) -> None:
    """The maternity's report of a newborn."""
    day = diary.person.traits.birth_date + timedelta(days=3)
    weight = diary.rng.randint(2950, 3850)
    diary.visit(
        day,
        "dr-klein",
        note(
            Form.DISCHARGE,
            "11490-0",
            "Lettre de liaison à la sortie de la maternité",
            reason="Naissance à terme par voie basse.",
            course=f"Poids de naissance {weight} g, Apgar 10 à cinq minutes. Examen pédiatrique "
            "normal. Dépistage auditif passé. Dépistage néonatal prélevé au troisième jour.",
            treatment="Vitamine K reçue à la naissance. Vitamine D : quatre gouttes par jour.",
            plan="Examen du deuxième mois avec vaccination chez le médecin traitant.",
        ),
        days_stayed=3,
    )
