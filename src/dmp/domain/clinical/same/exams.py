"""What an imaging exam shows, in words that claims and reports have in common.

A claim has a CCAM code, whose region is ours; a report has LOINC, SNOMED CT or free words. Both are brought to
a modality of DICOM and to a few regions, by the beginnings of the words they use.
"""

from __future__ import annotations

from functools import lru_cache

from dmp.domain.clinical.coding import folded_label, same_key
from dmp.domain.clinical.facts import Imaging

_MODALITIES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("mammogra",), "MG"),
    (("scanner", "scanogra", "tomodensito", "tdm", "ct"), "CT"),
    (("irm", "remnographie", "mr"), "MR"),
    (("echo", "ultraso", "us"), "US"),
    (("scintigra",), "NM"),
    (("tep", "tomographie"), "PT"),
    (("osteodensito", "absorptiometr"), "BMD"),
    (("radiogra", "radio", "rx"), "DX"),
)
_WHOLE_WORDS = frozenset({"ct", "mr", "us", "rx", "tep", "tdm", "irm", "radio"})
_REGIONS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("crane", "cranien", "encephal", "cereb", "tete", "cerveau", "intracran"), "tête"),
    (("face", "sinus", "maxill", "facial", "dent"), "face"),
    (("cou", "cervic", "thyroid", "larynx", "carotid"), "cou"),
    (("thora", "poumon", "pulmon", "bronch", "mediast"), "thorax"),
    (("coeur", "cardia", "coronar"), "cœur"),
    (("sein", "mamma"), "sein"),
    (("abdom", "foie", "hepat", "rein", "renal", "pancrea", "digest"), "abdomen"),
    (("pelv", "bassin", "prostat", "vessie", "uter", "ovar"), "pelvis"),
    (("rachis", "colonne", "vertebr", "lomb", "dorsal", "moelle"), "rachis"),
    (("epaule", "scapul"), "épaule"),
    (("coude",), "coude"),
    (("main", "poignet"), "main"),
    (("hanche",), "hanche"),
    (("genou",), "genou"),
    (("cheville", "pied"), "pied"),
    (("gross", "foet", "obstetr"), "grossesse"),
    (("oeil", "orbit", "yeux"), "œil"),
)


@lru_cache(maxsize=4_096)
def _modality(modality: str, label: str) -> str:
    if modality:
        return modality
    words = folded_label(label).split()
    for beginnings, found in _MODALITIES:
        for word in words:
            if word in beginnings or (
                word.startswith(tuple(b for b in beginnings if b not in _WHOLE_WORDS))
            ):
                return found
    return ""


@lru_cache(maxsize=4_096)
def _regions(region: str, label: str) -> frozenset[str]:
    for text in (region, label):
        words = folded_label(text).split()
        found = frozenset(
            name for beginnings, name in _REGIONS if any(w.startswith(beginnings) for w in words)
        )
        if found:
            return found
    return frozenset({folded_label(region)}) if region else frozenset()


def modality_of(exam: Imaging) -> str:
    """The DICOM modality: as given, else by the words of the label; empty when neither says it."""
    return _modality(exam.modality, exam.label)


def regions_of(exam: Imaging) -> frozenset[str]:
    """The regions it shows: by the words of its region, else of its label; empty when neither says any."""
    return _regions(exam.region, exam.label)


def same_exam(a: Imaging, b: Imaging) -> bool:
    """The same code; else the same modality and a region in common, an unknown region being any."""
    if a.code is not None and b.code is not None and same_key(a.code) == same_key(b.code):
        return True
    modalities = modality_of(a), modality_of(b)
    if all(modalities):
        regions = regions_of(a), regions_of(b)
        return modalities[0] == modalities[1] and (
            not all(regions) or bool(regions[0] & regions[1])
        )
    return folded_label(a.label) == folded_label(b.label)
