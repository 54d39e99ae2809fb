"""What brings everybody to a practice: seasons, backs, eyes, skin, sport, certificates."""

from __future__ import annotations

from datetime import date, timedelta

from dmp.remote.simulated.territory.diary import Diary, consultation, note, results
from dmp.remote.simulated.territory.papers import Coded, Drug, Form, Note, Prescription, Vaccination
from dmp.remote.simulated.territory.stories import assays, exams

PARACETAMOL = Drug(
    name="Paracétamol 1 g, comprimé",
    dosage="1 comprimé toutes les six heures si besoin, trois par jour au plus",
    duration="5 jours",
    atc="N02BE01",
    cip="3400935955838",
)


INHALER = Drug(
    name="Budésonide/formotérol 200/6, poudre pour inhalation",
    dosage="1 inhalation matin et soir, et 1 de plus en cas de gêne",
    duration="6 mois",
    atc="R03AK07",
    cip="3400935658432",
)


def winter(diary: Diary) -> None:
    """A sore throat or a flu in winter."""
    for day in diary.in_season(2, chance=0.2):
        sick = diary.rng.random() < 0.5
        diary.visit(
            day,
            diary.person.doctor,
            consultation(
                "Syndrome grippal" if sick else "Angine",
                reason="Fièvre et courbatures depuis deux jours."
                if sick
                else "Mal de gorge depuis trois jours.",
                exam=f"{diary.patient} de {diary.age(day)}. Température "
                f"38,{diary.rng.randint(0, 9)} °C. "
                + (
                    "Auscultation pulmonaire libre, tympans normaux."
                    if sick
                    else "Amygdales rouges sans exsudat. Test rapide d'orientation négatif."
                ),
                conclusion="Grippe saisonnière sans complication." if sick else "Angine virale.",
                plan="Repos, hydratation. Consulter de nouveau si la fièvre dépasse cinq jours.",
            ),
            Prescription(drugs=(PARACETAMOL,)),
        )


def flu_shot(diary: Diary) -> None:
    """The seasonal vaccine of people of 65 and of the chronically ill, at the pharmacy or the practice."""
    for day in diary.in_season(10, chance=0.4):
        batch = f"G{day:%y}{diary.rng.randint(100, 999)}"
        shot = Vaccination(
            vaccine="Vaccin grippal inactivé quadrivalent",
            against="Grippe saisonnière",
            batch=batch,
            rank="dose annuelle",
            site="deltoïde gauche",
            day=day,
            atc="J07BB02",
        )
        diary.visit(day, diary.rng.choice(("sophie-caron", "lucie-perrin")), shot)


def back_pain(diary: Diary) -> None:
    """Worn joints: X-ray, physiotherapy."""
    day = diary.ago(diary.rng.randint(90, 500))
    knee = diary.rng.random() < 0.5
    joint = "genou droit" if knee else "rachis lombaire"
    diary.visit(
        day,
        diary.person.doctor,
        consultation(
            f"Douleurs du {joint}",
            reason=f"Douleurs mécaniques du {joint} depuis plusieurs mois.",
            exam=f"{diary.patient} de {diary.age(day)}. Mobilité limitée et douloureuse en fin "
            "d'amplitude. Pas de déficit moteur ni sensitif.",
            conclusion="Arthrose probable, radiographies demandées.",
            plan="Activité adaptée, rééducation, antalgiques à la demande.",
        ),
        Prescription(drugs=(PARACETAMOL,)),
    )
    seen = day + timedelta(days=diary.rng.randint(8, 25))
    diary.visit(
        seen,
        "dr-faye",
        note(
            Form.IMAGING,
            "18748-4",
            f"Radiographies du {joint}",
            indication="Douleurs mécaniques, recherche d'arthrose.",
            technique="Incidences de face et de profil, en charge.",
            findings="Pincement de l'interligne fémoro-tibial interne, ostéophytose marginale."
            if knee
            else "Pincement discal L4-L5 et L5-S1, ostéophytes antérieurs, statique conservée.",
            conclusion="Arthrose modérée, sans lésion suspecte.",
            coded=Coded(exam=exams.KNEE if knee else exams.LUMBAR_SPINE),
        ),
    )
    diary.visit(seen + timedelta(days=60), "jean-marchal", _rehabilitation())


def _rehabilitation() -> Note:
    return note(
        Form.LETTER,
        "11506-3",
        "Bilan de fin de rééducation",
        letter="Quinze séances réalisées. Douleur passée de 6 à 2 sur 10.\n"
        "Autonomie pour les exercices d'entretien, à poursuivre à domicile.",
    )


def migraine(diary: Diary) -> None:
    """Migraine: one consultation with its treatment."""
    day = diary.ago(diary.rng.randint(60, 600))
    diary.visit(
        day,
        diary.person.doctor,
        consultation(
            "Migraine sans aura",
            reason="Crises de maux de tête trois fois par mois.",
            story=f"{diary.patient} de {diary.age(day)}. Douleur d'un côté, battante, avec nausées, "
            "gênée par la lumière, durant douze heures.",
            exam="Examen neurologique normal. Pression artérielle 118/72 mmHg.",
            conclusion="Migraine sans aura, critères réunis. Pas d'imagerie nécessaire.",
            plan="Tenir un agenda des crises. Revoir dans trois mois.",
        ),
        Prescription(
            drugs=(
                Drug(
                    name="Zolmitriptan 2,5 mg, comprimé",
                    dosage="1 comprimé au début de la crise, une seconde prise possible après 2 h",
                    duration="3 mois",
                    atc="N02CC03",
                    cip="3400939191690",
                ),
            )
        ),
    )


def asthma(diary: Diary) -> None:
    """Asthma under inhaled treatment."""
    for day in diary.regularly(400, most=1):
        peak = diary.rng.randint(78, 94)
        diary.visit(
            day,
            diary.person.doctor,
            consultation(
                "Suivi de l'asthme",
                reason="Contrôle de l'asthme et renouvellement.",
                story=f"{diary.patient} de {diary.age(day)}. Gêne à l'effort une fois par semaine, "
                "pas de réveil nocturne.",
                exam=f"Auscultation libre. Débit de pointe à {peak} % de la meilleure valeur.",
                conclusion="Asthme partiellement contrôlé." if peak < 85 else "Asthme contrôlé.",
                plan="Technique d'inhalation revue. Plan d'action écrit remis.",
            ),
            Prescription(drugs=(INHALER,)),
        )


def allergy(diary: Diary) -> None:
    """Hay fever in spring."""
    for day in diary.in_season(4, chance=0.6)[:1]:
        diary.visit(
            day,
            diary.person.doctor,
            consultation(
                "Rhinite allergique saisonnière",
                reason="Éternuements, nez qui coule, yeux rouges depuis deux semaines.",
                exam=f"{diary.patient} de {diary.age(day)}. Conjonctives rouges, muqueuse nasale "
                "pâle. Auscultation libre.",
                conclusion="Rhino-conjonctivite au pollen de bouleau et de graminées.",
            ),
            Prescription(
                drugs=(
                    Drug(
                        name="Cétirizine 10 mg, comprimé",
                        dosage="1 comprimé le soir",
                        duration="2 mois",
                        atc="R06AE07",
                        cip="3400936266162",
                    ),
                )
            ),
        )


def sight(diary: Diary) -> None:
    """Glasses: the ophthalmologist, and an orthoptic assessment for the young."""
    day = diary.ago(diary.rng.randint(50, 700))
    right, left = diary.rng.choice((("-1,25", "-1,50"), ("-2,75", "-2,50"), ("+1,00", "+1,25")))
    diary.visit(
        day,
        "dr-lemoine",
        note(
            Form.CONSULTATION,
            "78513-9",
            "Consultation d'ophtalmologie",
            reason="Contrôle de la vue.",
            exam=f"{diary.patient} de {diary.age(day)}. Œil droit {right}, œil gauche {left}. Acuité "
            "10/10 aux deux yeux avec correction. Tension oculaire 14 et 15 mmHg. Fond d'œil normal.",
            conclusion="Correction optique prescrite, port permanent.",
            plan="Contrôle dans deux ans.",
        ),
        note(
            Form.LETTER,
            "57828-6",
            "Ordonnance de verres correcteurs",
            letter=f"Verres correcteurs. Œil droit {right}, œil gauche {left}. Port permanent.",
        ),
    )
    if diary.person.age_on(day) < 20:
        diary.visit(
            day - timedelta(days=12),
            "emma-roche",
            note(
                Form.LETTER,
                "47420-5",
                "Bilan orthoptique",
                letter="Vision binoculaire présente, convergence un peu faible.\n"
                "Six séances de rééducation orthoptique proposées.",
            ),
        )


def sport_injury(diary: Diary) -> None:
    """A sprained ankle: X-ray, note, a sick note or a certificate."""
    day = diary.ago(diary.rng.randint(30, 650))
    pupil = diary.person.age_on(day) < 18
    diary.visit(
        day,
        diary.person.doctor,
        consultation(
            "Entorse de la cheville gauche",
            reason="Torsion de la cheville au sport hier.",
            exam=f"{diary.patient} de {diary.age(day)}. Œdème malléolaire externe, appui possible "
            "mais douloureux. Pas de point osseux électif.",
            conclusion="Entorse bénigne du ligament collatéral latéral.",
            plan="Glace, chevillère dix jours, rééducation ensuite.",
        ),
        note(
            Form.SHEET,
            "89601-9",
            "Certificat de dispense de sport" if pupil else "Certificat médical initial",
            letter=f"{diary.person.name}, examiné{diary.e} ce jour au cabinet.\n"
            "Son état de santé contre-indique la pratique du sport pendant trois semaines.",
        ),
    )


def certificate(diary: Diary, day: date) -> None:
    """A certificate for sport, as students need."""
    diary.visit(
        day,
        diary.person.doctor,
        note(
            Form.SHEET,
            "89601-9",
            "Certificat d'absence de contre-indication au sport",
            letter=f"{diary.person.name}, examiné{diary.e} ce jour au cabinet.\n"
            "Aucune contre-indication décelée à la pratique du sport en compétition.",
        ),
    )


def depression(diary: Diary) -> None:
    """An episode of depression, seen by the psychiatrist and by the practice."""
    start = diary.ago(diary.rng.randint(200, 700))
    e = diary.e
    diary.visit(
        start,
        "dr-rousseau",
        consultation(
            "Consultation de psychiatrie",
            reason="Tristesse et troubles du sommeil depuis deux mois.",
            story=f"{diary.patient} de {diary.age(start)}, adressé{e} par le médecin traitant après "
            "une période de surmenage. Perte d'élan, réveils précoces, culpabilité. Pas d'idée "
            "suicidaire.",
            conclusion="Épisode dépressif caractérisé d'intensité modérée.",
            plan="Sertraline 50 mg, psychothérapie hebdomadaire. Revoir à trois semaines.",
        ),
        Prescription(
            drugs=(
                Drug(
                    name="Sertraline 50 mg, gélule",
                    dosage="1 gélule le matin",
                    duration="28 jours",
                    atc="N06AB06",
                    cip="3400937120371",
                ),
            )
        ),
    )
    later = start + timedelta(days=140)
    diary.visit(
        later,
        "dr-rousseau",
        consultation(
            "Consultation de psychiatrie",
            reason="Suivi d'un épisode dépressif.",
            story="Sommeil réparé, reprise des activités. Traitement bien supporté.",
            conclusion="Rémission complète.",
            plan="Poursuite six mois encore puis arrêt progressif.",
        ),
    )


def tired(diary: Diary) -> None:
    """Tiredness, with a blood count that explains it or not."""
    day, woman = diary.ago(diary.rng.randint(40, 500)), diary.person.is_woman
    low = woman and diary.rng.random() < 0.5
    diary.visit(
        day,
        "dr-colas",
        results(
            "Numération et bilan martial",
            assays.haemoglobin(
                diary.rng.uniform(10.3, 11.4) if low else diary.rng.uniform(13.2, 15.1), woman=woman
            ),
            assays.ferritin(diary.rng.uniform(6, 14) if low else diary.rng.uniform(45, 160)),
            assays.tsh(diary.rng.uniform(0.9, 2.8)),
            assays.crp(diary.rng.uniform(0.4, 3.5)),
            remark="Carence martiale." if low else "",
        ),
    )
