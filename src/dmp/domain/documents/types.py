"""The document types of the DMP, each with its class: `types.csv`.

The class is derived from the type; nobody chooses it.
Source: ASS_X16-CorrespondanceType-Classe-DMP; labels JDV_J07 / JDV_J66.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from dmp.domain.codes import LOINC, TRE_A03_CLASS, TRE_A05_TYPE, Code
from dmp.domain.tables import table


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentType:
    """One type: its code, French label, class, and the category the holder sees it under.

    `older_classes` are classes of earlier tables still found in documents: taken with a warning.
    """

    code: Code
    class_code: Code
    category: str
    older_classes: frozenset[str] = frozenset()


@cache
def document_types() -> dict[str, DocumentType]:
    """All types by code."""
    found: dict[str, DocumentType] = {}
    for row in table("dmp.domain.documents", "types.csv").rows:
        if row["category"] not in CATEGORIES:
            raise ValueError(f"types.csv: {row['code']} has the unknown category {row['category']}")
        system = LOINC if row["system"] == "LOINC" else TRE_A05_TYPE
        found[row["code"]] = DocumentType(
            code=Code(row["code"], system, row["label"]),
            class_code=Code(row["class"], TRE_A03_CLASS, CLASSES[row["class"]]),
            category=row["category"],
            older_classes=frozenset(row["older_classes"].split()),
        )
    return found


CLASSES: dict[str, str] = {
    "10": "Compte rendu",
    "11": "Synthèse",
    "31": "Imagerie médicale",
    "42": "Prescription",
    "43": "Dispensation",
    "44": "Plan de soins, protocole de soins",
    "45": "Traitement administré",
    "52": "Certificat, déclaration",
    "60": "Données de remboursement",
    "90": "Document du patient",
    "95": "Document de gestion",
}
"""Document classes by code. Source: JDV_J57; labels of 90 and 95 are ours."""

CATEGORIES: dict[str, str] = {
    "SYNTHESE": "Ma santé en résumé",
    "ORD_SOIN": "Ordonnances et soins",
    "RADIO_SC": "Radios, échos, scanners, IRM",
    "BIOLOGIE": "Analyses",
    "CPT_REND": "Comptes rendus",
    "DEPISTAG": "Prévention et dépistages",
    "CERT_MED": "Certificats médicaux",
    "AUTR_DOC": "Autres documents",
    "DOC_ADM": "Pièces administratives",
    "SYNTH_PML": "Synthèse du profil médical",
    "DIR_ANT": "Directives anticipées",
    "CAR_VAC": "Carnet de vaccination",
    "VDP": "Volontés et droits",
    "REMB": "Données de remboursement",
    "QUEST_SANTE": "Questionnaires de santé",
}
"""Headings under which the holder finds documents, in the order of the screen.

Source: categories of Mon espace santé.
"""
