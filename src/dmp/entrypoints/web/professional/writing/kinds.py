"""The notes that can be written here: who writes each, in which sections, and the document that it becomes.

Source: CI-SIS, volet structuration minimale; DMP types 11488-4, 61357-0, 11506-3, DISP_AUT; ux rules of the
project §7.3 (pharmacist, nurse, optician).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dmp.domain.identity.caller import Professional
from dmp.entrypoints.web.synthesis.zones import NURSES, PHARMACIST
from dmp.formats.cda.clinical_document import CdaDocument
from dmp.formats.cda.documents import care_note, consultation_note
from dmp.formats.cda.writing.frame import Frame

OPTICIAN = "28"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rubric:
    """One section of a note: its title, its help, whether something must stand there, its LOINC code.

    `is_list`: each line is one thing of a list.
    """

    title: str
    help: str = ""
    is_needed: bool = False
    code: str
    is_list: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of note. `end` is the end of its address; without `professions` it is everybody's.

    `offer` are the words of the link to it, `heading` of its page, `check` of the page before the deposit,
    `subject` what its form calls it.
    """

    end: str
    type_code: str
    offer: str
    heading: str
    check: str
    subject: str
    rubrics: Mapping[str, Rubric]
    professions: tuple[str, ...] = ()
    title: str = ""

    def is_of(self, who: object) -> bool:
        """Whether somebody writes notes of this kind."""
        if not isinstance(who, Professional):
            return False
        return not self.professions or who.profession.code in self.professions

    def document(self, frame: Frame, texts: Mapping[str, str]) -> CdaDocument:
        """The note as a document; `texts` are by the names of the rubrics."""
        said = {name: _lines(texts.get(name, "")) for name in self.rubrics}
        if self is CONSULTATION:
            return consultation_note(
                frame,
                reason="\n\n".join(said["motif"]),
                history="\n\n".join(said["histoire"]),
                examination="\n\n".join(said["examen"]),
                conclusion="\n\n".join(said["conclusion"]),
                plan=tuple(said["conduite"]),
            )
        return care_note(
            frame,
            type_code=self.type_code,
            title=self.title,
            parts=tuple(
                (one.code, one.title, tuple(said[name]), one.is_list)
                for name, one in self.rubrics.items()
            ),
        )


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


_ONE_A_LINE = "Une ligne pour chaque chose à faire."
CONSULTATION = Kind(
    end="note",
    type_code="11488-4",
    offer="Rédiger un compte rendu de consultation ici, sans fichier",
    heading="Rédiger un compte rendu de consultation",
    check="Vérifier le compte rendu",
    subject="La consultation",
    rubrics={
        "motif": Rubric(
            title="Motif de la consultation",
            help="Pourquoi le patient consulte.",
            is_needed=True,
            code="29299-5",
        ),
        "histoire": Rubric(title="Histoire de la maladie", code="10164-2"),
        "examen": Rubric(title="Examen clinique", code="29545-1"),
        "conclusion": Rubric(title="Conclusion", is_needed=True, code="51848-0"),
        "conduite": Rubric(
            title="Conduite à tenir", help=_ONE_A_LINE, code="18776-5", is_list=True
        ),
    },
)
INTERVENTION = Kind(
    end="intervention",
    type_code="61357-0",
    title="Intervention pharmaceutique",
    offer="Noter une intervention",
    heading="Noter une intervention pharmaceutique",
    check="Vérifier l’intervention",
    subject="L’intervention",
    professions=(PHARMACIST,),
    rubrics={
        "probleme": Rubric(
            title="Problème constaté",
            help="Par exemple : anti-inflammatoire demandé sous anticoagulant.",
            is_needed=True,
            code="29299-5",
        ),
        "medicaments": Rubric(
            title="Médicaments concernés", help="Un par ligne.", code="48767-8", is_list=True
        ),
        "intervention": Rubric(
            title="Intervention proposée",
            help="Ce que vous avez proposé, et à qui.",
            is_needed=True,
            code="51848-0",
        ),
        "suite": Rubric(
            title="Suite donnée",
            help="Par exemple : accepté par le prescripteur, refusé, en attente.",
            code="18776-5",
            is_list=True,
        ),
    },
)
TRANSMISSION = Kind(
    end="transmission",
    type_code="11506-3",
    title="Transmission infirmière",
    offer="Ajouter une transmission",
    heading="Ajouter une transmission infirmière",
    check="Vérifier la transmission",
    subject="La transmission",
    professions=NURSES,
    rubrics={
        "cible": Rubric(
            title="Cible",
            help="Par exemple : plaie du talon, douleur, poids.",
            is_needed=True,
            code="29299-5",
        ),
        "donnees": Rubric(
            title="Données",
            help="Ce que vous constatez : mesures, signes, paroles du patient.",
            is_needed=True,
            code="29545-1",
        ),
        "actions": Rubric(title="Actions", help="Une par ligne.", code="18776-5", is_list=True),
        "resultat": Rubric(title="Résultat", code="51848-0"),
    },
)
DELIVERY = Kind(
    end="delivrance",
    type_code="DISP_AUT",
    title="Délivrance d’un équipement optique",
    offer="Enregistrer la délivrance",
    heading="Enregistrer la délivrance d’un équipement optique",
    check="Vérifier la délivrance",
    subject="La délivrance",
    professions=(OPTICIAN,),
    rubrics={
        "ordonnance": Rubric(
            title="Ordonnance",
            help="Sa date et son prescripteur.",
            is_needed=True,
            code="29299-5",
        ),
        "equipement": Rubric(
            title="Équipement délivré",
            help="Une ligne pour chaque verre ou monture, avec sa correction.",
            is_needed=True,
            code="48767-8",
            is_list=True,
        ),
        "adaptation": Rubric(
            title="Adaptation de la correction",
            help="Si vous avez adapté l’ordonnance : ce qui change, et le résultat de l’examen.",
            code="51848-0",
        ),
        "conseils": Rubric(
            title="Conseils et suite", help=_ONE_A_LINE, code="18776-5", is_list=True
        ),
    },
)
KINDS: tuple[Kind, ...] = (CONSULTATION, INTERVENTION, TRANSMISSION, DELIVERY)
"""Every kind of note."""


def kind_of_type(type_code: str) -> Kind | None:
    """The kind whose notes have this type of document; None for a type that is not written here."""
    return next((kind for kind in KINDS if kind.type_code == type_code), None)


def kinds_of(who: object) -> tuple[Kind, ...]:
    """The kinds that somebody writes by his profession, beside the note of a consultation."""
    return tuple(kind for kind in KINDS if kind.professions and kind.is_of(who))
