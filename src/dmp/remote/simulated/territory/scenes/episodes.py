"""What the scripts bring beside ordinary care: the papers and visits that show a rule."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from dmp.acts.person.profile import SaveProfile, save_profile
from dmp.domain.documents.visibility import Restriction
from dmp.domain.record.declared.lines import Severity
from dmp.domain.record.declared.said import Said
from dmp.domain.record.profile import Allergy, BloodGroup, PersonToWarn, Profile
from dmp.remote.simulated.territory.cast import cast_people
from dmp.remote.simulated.territory.diary import Diary, consultation, decimal, note
from dmp.remote.simulated.territory.papers import Coded, Form, Note
from dmp.remote.simulated.territory.scenes.plot import Plot
from dmp.remote.simulated.territory.stories import exams, family

HIDDEN_FROM_PATIENT: Final = frozenset({Restriction.HIDDEN_FROM_PATIENT})
HIDDEN_FROM_REPRESENTATIVES: Final = frozenset({Restriction.HIDDEN_FROM_REPRESENTATIVES})


def psychiatry(diary: Diary) -> Note:
    """A consultation that its patient prefers to keep to herself."""
    return consultation(
        "Consultation de psychiatrie",
        reason="Anxiété et insomnie depuis un deuil.",
        story=f"{diary.patient} adressé{diary.e} par le médecin traitant. Ruminations nocturnes, "
        "perte de trois kilos. Pas d'idée suicidaire.",
        conclusion="Trouble de l'adaptation avec humeur anxieuse et dépressive.",
        plan="Psychothérapie de soutien. Nouvelle consultation dans un mois.",
    )


def replacement_visit(diary: Diary) -> Note:
    """A visit to the second doctor of the practice."""
    return consultation(
        "Consultation en l'absence du médecin traitant",
        reason="Lombalgie aiguë depuis deux jours.",
        exam=f"{diary.patient} de {diary.age(diary.ago(210))}. Contracture paravertébrale, pas de "
        "signe neurologique.",
        conclusion="Lombalgie commune.",
        plan="Maintien de l'activité, chaleur, paracétamol.",
    )


def duty_visit(diary: Diary) -> Note:
    """A visit on duty by the doctor who is blocked: feeding stays his duty."""
    return consultation(
        "Consultation de garde",
        reason="Plaie de la main par couteau.",
        exam="Plaie de deux centimètres de la paume, sans atteinte tendineuse ni vasculaire.",
        conclusion="Plaie simple suturée par trois points.",
        plan="Ablation des fils à dix jours. Vaccination antitétanique à jour.",
    )


def mammography() -> Note:
    """The imaging that led to the biopsy."""
    return note(
        Form.IMAGING,
        "18748-4",
        "Mammographie bilatérale et échographie",
        indication="Dépistage individuel, antécédent familial au second degré.",
        technique="Incidences de face et oblique, complément échographique.",
        findings="Opacité de 9 mm du quadrant supéro-externe gauche, contours irréguliers.",
        conclusion="Image classée ACR 4 à gauche. Biopsie proposée, expliquée à la patiente.",
        coded=Coded(exam=exams.BREASTS),
    )


def biopsy() -> Note:
    """The result that waits for its announcement."""
    return note(
        Form.LETTER,
        "60568-3",
        "Compte rendu anatomopathologique : biopsie mammaire gauche",
        letter="Microbiopsies échoguidées, quatre fragments.\n"
        "Prolifération carcinomateuse infiltrante de type non spécifique, grade 2.\n"
        "Récepteurs hormonaux en cours. Résultat à annoncer en consultation.",
    )


def cytology() -> Note:
    """A result that nobody announced in time."""
    return note(
        Form.LETTER,
        "60568-3",
        "Compte rendu de cytologie : nodule thyroïdien",
        letter="Cytoponction échoguidée d'un nodule de 14 mm du lobe droit.\n"
        "Cellules folliculaires régulières, colloïde abondante : lésion bénigne (Bethesda II).\n"
        "Résultat à remettre en consultation. Surveillance échographique dans un an.",
    )


def contraception(diary: Diary) -> Note:
    """A consultation that a minor asked to keep from her parents."""
    return consultation(
        "Consultation de contraception",
        reason="Demande de contraception, la patiente souhaite le secret.",
        exam=f"Patiente de {diary.age(diary.ago(45))}. Pression artérielle 110/64 mmHg, indice de "
        "masse corporelle 20,4. Pas de contre-indication.",
        conclusion="Contraception orale débutée, prévention des infections expliquée.",
        plan="Revoir dans trois mois.",
    )


def cardiology(diary: Diary) -> Note:
    """The consultation for which consent was once given."""
    return consultation(
        "Consultation de cardiologie",
        reason="Bilan d'une hypertension artérielle.",
        exam=f"{diary.patient} de {diary.age(diary.ago(400))}. Pression artérielle 138/82 mmHg. "
        "Électrocardiogramme : rythme sinusal à 70/min, pas d'hypertrophie.",
        conclusion="Pas de retentissement cardiaque.",
        coded=Coded(acts=(exams.ELECTROCARDIOGRAM,)),
        plan="Suivi par le médecin traitant, contrôle dans un an.",
    )


def admission(diary: Diary) -> Note:
    """The report of the admission, sent by the hospital's software."""
    return note(
        Form.LETTER,
        "67851-6",
        "Compte rendu d'admission en gériatrie",
        letter=f"{diary.patient} de {diary.age(diary.ago(6))}, admis pour pneumopathie.\n"
        "Saturation 90 % en air ambiant, foyer de la base droite. Oxygène 2 L/min, antibiothérapie "
        "par amoxicilline et acide clavulanique.\n"
        "Conciliation médicamenteuse faite à l'entrée avec la liste du dossier partagé.",
    )


def abdominal_scan(*, corrected: bool) -> Note:
    """A report with an error of side, and its correction."""
    side = "gauche" if corrected else "droite"
    return note(
        Form.IMAGING,
        "18748-4",
        "Scanner abdomino-pelvien"
        + (" (version corrigée : côté de la lésion)" if corrected else ""),
        indication="Douleurs lombaires, hématurie.",
        technique="Acquisition sans injection.",
        findings=f"Calcul de 5 mm de la jonction urétéro-vésicale {side}, dilatation modérée des "
        "cavités en amont.",
        conclusion=f"Colique néphrétique {side} lithiasique.",
        coded=Coded(exam=exams.ABDOMEN_CT),
    )


def wrong_certificate() -> Note:
    """A paper sent to the wrong record, deleted by its author the next day."""
    return note(
        Form.SHEET,
        "89601-9",
        "Certificat médical déposé par erreur",
        letter="Certificat d'aptitude à la plongée subaquatique.\nValable un an.",
    )


def own_paper() -> Note:
    """A paper that the holder scanned himself."""
    return note(
        Form.SHEET,
        "DOCPAT03",
        "Compte rendu d'allergologie (mon scan)",
        letter="Tests cutanés positifs : arachide, noisette.\n"
        "Trousse d'urgence avec deux stylos d'adrénaline.",
    )


def own_profile(plot: Plot, day: date) -> None:
    """The profile that the holder fills in."""
    profile = Profile(
        email="lucas.tessier@exemple.invalid",
        phone="01 99 00 12 34",
        persons_to_warn=(
            PersonToWarn(name="Anne Tessier", phone="01 99 00 56 78", relation="mère"),
        ),
        blood_group=BloodGroup.O_POSITIVE,
        allergies=(
            Allergy(
                substance="Arachide",
                reaction="Œdème des lèvres, gêne respiratoire",
                severity=Severity.SEVERE,
                said=Said(on=day),
            ),
            Allergy(substance="Noisette", reaction="Urticaire", said=Said(on=day)),
        ),
    )
    plot.add(
        plot.instant(day, 18),
        plot.person.caller(),
        save_profile,
        lambda stage: SaveProfile(record_id=stage.record_id, profile=profile),
    )


def weekly_care(diary: Diary) -> None:
    """Two years of weekly nursing notes: the bulk of a heavy record."""
    weight = diary.rng.uniform(79, 83)
    for week in range(104, 0, -1):
        day = diary.ago(week * 7)
        weight += diary.rng.uniform(-0.5, 0.5)
        glucose = diary.rng.uniform(1.05, 1.75)
        diary.visit(
            day,
            "lucie-perrin",
            note(
                Form.CONSULTATION,
                "11506-3",
                f"Suivi infirmier de la semaine du {day:%d/%m/%Y}",
                reason="Surveillance hebdomadaire à domicile, pilulier.",
                exam=f"Poids {decimal(weight)} kg. Glycémie capillaire {decimal(glucose, 2)} g/L. "
                f"Pression artérielle {diary.rng.randint(118, 144)}/{diary.rng.randint(62, 80)} "
                "mmHg. Chevilles sans œdème.",
                conclusion="Pilulier rempli, traitement pris."
                if diary.rng.random() < 0.85
                else "Deux prises oubliées le soir : rappel fait avec l'aidante.",
            ),
        )


def home_nursing(diary: Diary) -> None:
    """A nurse's monthly notes and a pharmacist's reminder."""
    for month in range(10, 0, -1):
        diary.visit(
            diary.ago(month * 31),
            "lucie-perrin",
            note(
                Form.CONSULTATION,
                "11506-3",
                "Suivi infirmier mensuel",
                reason="Préparation du pilulier et surveillance.",
                exam=f"Pression artérielle {diary.rng.randint(126, 146)}/"
                f"{diary.rng.randint(60, 78)} mmHg. Peau intacte, pas de chute ce mois-ci.",
                conclusion="Autonomie stable.",
            ),
        )


def delivered(diary: Diary) -> None:
    """The pregnancy and the birth of the child the cast holds."""
    child = cast_people()["louis-simon"]
    born = child.traits.birth_date
    start = born - timedelta(weeks=39)
    for week in (12, 22, 32):
        at = start + timedelta(weeks=week)
        diary.visit(at, "agnes-leduc", family.antenatal(diary, at, week, start))
    family.postpartum(diary, born, child.traits.used_given_name)
