"""What an analysis measures, in plain words, and what to ask about it: a table written by hand.

It explains the analysis, never the value: no sentence here knows a patient, none names an illness. What is not
in the table is said to be without an explanation; nothing is made up.

Source: MedlinePlus, Medical Tests, National Library of Medicine (what each test measures), in our own words;
AP-HP, hôpital Robert-Debré, "Hémoglobine glyquée" (two to three months).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dmp.locale import sentence

MEDLINE = "MedlinePlus, Bibliothèque nationale de médecine des États-Unis"
AP_HP = "AP-HP, hôpital Robert-Debré, « Hémoglobine glyquée »"

_FASTING = "Fallait-il être à jeun pour cette analyse ?"
_KIDNEY = "Faut-il adapter les médicaments à l’état des reins ?"
_DOSE = "La dose du médicament convient-elle ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """Analyses that one text explains: `names` are keys of analytes and LOINC codes (`analyses.name_of`).

    `what` it measures, `short` the same in few words for a list (empty where the label says it), `questions`
    that belong to it, the `source` of what is stated.
    """

    names: tuple[str, ...]
    what: str
    short: str = ""
    questions: tuple[str, ...] = ()
    source: str = MEDLINE

    @property
    def said(self) -> str:
        """What it measures, in the language of the page."""
        return sentence(self.what)

    @property
    def in_short(self) -> str:
        """The same in few words; empty where the label says it."""
        return sentence(self.short) if self.short else ""


_TABLE: tuple[Explained, ...] = (
    Explained(
        names=("hba1c",),
        short="sucre moyen des derniers mois",
        what="Cette analyse montre le sucre moyen dans le sang."
        " Elle porte sur les deux à trois derniers mois.",
        questions=("Quel est l’objectif d’HbA1c ?",),
        source=AP_HP,
    ),
    Explained(
        names=("glucose",),
        short="sucre dans le sang",
        what="Cette analyse mesure le sucre dans le sang, au moment du prélèvement.",
        questions=(_FASTING,),
    ),
    Explained(
        names=("gfr",),
        short="travail des reins",
        what="Cette valeur estime le travail de filtre des reins."
        " Elle est calculée à partir de la créatinine.",
        questions=(_KIDNEY,),
    ),
    Explained(
        names=("creatinine",),
        short="travail des reins",
        what="La créatinine vient des muscles. Les reins l’éliminent : elle renseigne sur leur travail.",
        questions=(_KIDNEY,),
    ),
    Explained(
        names=("urea",),
        short="travail des reins",
        what="L’urée est un déchet que les reins éliminent. Elle renseigne sur leur travail.",
        questions=(_KIDNEY,),
    ),
    Explained(
        names=("9318-7", "14957-5", "14959-1"),
        short="filtre des reins",
        what="Cette analyse cherche une protéine, l’albumine, dans les urines."
        " Elle renseigne sur le filtre des reins.",
    ),
    Explained(
        names=("potassium",),
        short="sel minéral du sang",
        what="Le potassium est un sel minéral du sang."
        " Les nerfs, les muscles et le cœur en ont besoin.",
        questions=("Les médicaments ou l’alimentation changent-ils ce résultat ?",),
    ),
    Explained(
        names=("sodium",),
        short="sel minéral du sang",
        what="Le sodium est un sel minéral du sang. Il règle la quantité d’eau dans le corps.",
    ),
    Explained(
        names=("calcium",),
        what="Cette analyse mesure le calcium du sang. Les os, les muscles et les nerfs en ont besoin.",
    ),
    Explained(
        names=("ldl",),
        short="graisse du sang",
        what="Le LDL transporte le cholestérol. En excès, il peut se déposer dans les artères.",
        questions=("Quel est l’objectif de LDL-cholestérol ?",),
    ),
    Explained(
        names=("hdl",),
        short="graisse du sang",
        what="Le HDL ramène le cholestérol vers le foie. Le foie peut alors l’éliminer.",
    ),
    Explained(
        names=("cholesterol",),
        short="graisse du sang",
        what="Le cholestérol est une graisse du sang. Cette valeur réunit ses différentes formes.",
    ),
    Explained(
        names=("triglycerides",),
        short="graisses du sang",
        what="Les triglycérides sont des graisses du sang. Un repas récent peut les augmenter.",
        questions=(_FASTING,),
    ),
    Explained(
        names=("haemoglobin",),
        short="les globules rouges",
        what="L’hémoglobine est dans les globules rouges. Elle transporte l’oxygène dans le corps.",
    ),
    Explained(
        names=("789-8", "26453-1"),
        what="Cette analyse compte les globules rouges. Ils transportent l’oxygène dans le corps.",
    ),
    Explained(
        names=("4544-3", "20570-8"),
        short="les globules rouges",
        what="L’hématocrite est la part des globules rouges dans le sang.",
    ),
    Explained(
        names=("787-2", "30428-7"),
        short="les globules rouges",
        what="Le volume globulaire est la taille moyenne des globules rouges.",
    ),
    Explained(
        names=("platelets",),
        short="cellules qui arrêtent les saignements",
        what="Les plaquettes sont de petites cellules du sang. Elles aident à arrêter les saignements.",
    ),
    Explained(
        names=("6690-2", "26464-8"),
        short="les globules blancs",
        what="Cette analyse compte les globules blancs. Ils défendent le corps contre les infections.",
    ),
    Explained(
        names=("neutrophils",),
        short="les globules blancs",
        what="Les neutrophiles sont des globules blancs. Ils défendent le corps contre les infections.",
    ),
    Explained(
        names=("inr",),
        short="vitesse de coagulation du sang",
        what="L’INR mesure le temps que met le sang à coaguler. Il sert à suivre certains anticoagulants.",
        questions=(
            "Quel est l’INR visé, et quand le refaire ?",
            "Que faire en cas de saignement ?",
        ),
    ),
    Explained(
        names=("2276-4", "20567-4"),
        short="réserves de fer",
        what="La ferritine garde le fer en réserve. Cette analyse montre les réserves de fer.",
    ),
    Explained(
        names=("1988-5", "30522-7"),
        short="signe d’une inflammation",
        what="La CRP augmente quand il y a une inflammation. Elle ne dit pas où.",
    ),
    Explained(
        names=("1742-6", "1743-4", "2324-2"),
        short="état du foie",
        what="Cette enzyme est surtout dans le foie. Elle renseigne sur son état.",
    ),
    Explained(
        names=("1920-8", "30239-8"),
        short="état du foie et des muscles",
        what="Cette enzyme est dans le foie et dans les muscles. Elle renseigne sur leur état.",
    ),
    Explained(
        names=("tsh",),
        short="travail de la thyroïde",
        what="La TSH est une hormone qui commande la thyroïde. Elle montre comment la thyroïde travaille.",
    ),
    Explained(
        names=("3024-7", "14920-3", "3051-0", "14928-6"),
        short="travail de la thyroïde",
        what="Cette hormone est fabriquée par la thyroïde.",
    ),
    Explained(
        names=("1989-3", "62292-8"),
        what="La vitamine D aide le corps à absorber le calcium. Elle sert aux os.",
    ),
    Explained(
        names=("2132-9", "2284-8"),
        what="Le corps a besoin de cette vitamine pour fabriquer les globules rouges.",
    ),
    Explained(
        names=("urate",),
        what="L’acide urique est un déchet que les reins éliminent. En excès, il peut former des cristaux.",
    ),
    Explained(
        names=("33762-6", "30934-4"),
        short="travail du cœur",
        what="Le cœur libère cette substance quand il force. Elle renseigne sur son travail.",
    ),
    Explained(
        names=("2857-1",),
        short="signe de la prostate",
        what="Le PSA vient de la prostate. Il peut augmenter pour plusieurs raisons.",
    ),
    Explained(
        names=("lithium",),
        what="Le lithium est un médicament. Cette analyse vérifie sa quantité dans le sang.",
        questions=(_DOSE,),
    ),
    Explained(
        names=("digoxin",),
        what="La digoxine est un médicament. Cette analyse vérifie sa quantité dans le sang.",
        questions=(_DOSE,),
    ),
    Explained(
        names=("8480-6",),
        what="C’est la pression du sang quand le cœur se contracte. On l’appelle aussi la maximale.",
    ),
    Explained(
        names=("8462-4",),
        what="C’est la pression du sang entre deux battements. On l’appelle aussi la minimale.",
    ),
    Explained(names=("8867-4",), what="C’est le nombre de battements du cœur en une minute."),
    Explained(
        names=("2708-6", "59408-5", "20564-1"),
        what="C’est la part d’oxygène que le sang transporte.",
    ),
    Explained(names=("39156-5",), what="Cet indice compare le poids à la taille."),
)

EXPLAINED: Mapping[str, Explained] = {name: one for one in _TABLE for name in one.names}
"""The explanation of an analysis by its name."""
