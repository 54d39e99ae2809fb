"""Imaging exams as they are coded: the act (CCAM), its modality (DICOM) and its region (SNOMED CT).

Source: CCAM; DICOM PS3.16 (CID 29); CI-SIS, jeux de valeurs modalité d'acquisition et région anatomique.
"""

from __future__ import annotations

from typing import Final

from dmp.domain.codes import Code

_CCAM: Final = "1.2.250.1.215.300.1"
_DICOM: Final = "1.2.840.10008.2.16.4"
_SNOMED: Final = "2.16.840.1.113883.6.96"
_MODALITIES: Final = {
    "CT": "Tomodensitométrie", "DX": "Radiographie", "US": "Échographie", "MG": "Mammographie",
}  # fmt: skip


def _exam(ccam: str, label: str, modality: str, region: str, where: str) -> tuple[Code, ...]:
    return (
        Code(ccam, _CCAM, label),
        Code(modality, _DICOM, _MODALITIES[modality]),
        Code(region, _SNOMED, where),
    )


CHEST_CT: Final = _exam(
    "ZBQK001", "Scanographie du thorax, sans injection", "CT", "51185008", "thorax"
)
ABDOMEN_CT: Final = _exam(
    "ZCQK004",
    "Scanographie de l'abdomen et du pelvis, sans injection",
    "CT",
    "818981001",
    "abdomen",
)
KNEE: Final = _exam("NFQK001", "Radiographie du genou", "DX", "72696002", "genou")
LUMBAR_SPINE: Final = _exam(
    "LFQK002", "Radiographie du rachis lombaire", "DX", "122496007", "rachis lombaire"
)
HIP: Final = _exam("NEQK010", "Radiographie de la hanche", "DX", "29836001", "hanche")
BREASTS: Final = _exam("QEQK001", "Mammographie bilatérale", "MG", "76752008", "sein")
PREGNANCY: Final = {
    12: _exam("JQQM010", "Échographie de grossesse du 1er trimestre", "US", "35039007", "utérus"),
    22: _exam("JQQM018", "Échographie de grossesse du 2e trimestre", "US", "35039007", "utérus"),
    32: _exam("JQQM016", "Échographie de grossesse du 3e trimestre", "US", "35039007", "utérus"),
}
"""By week, counted from the last period."""

ELECTROCARDIOGRAM: Final = Code("DEQP003", _CCAM, "Électrocardiogramme")
EYE_FUNDUS: Final = Code("BGQP002", _CCAM, "Examen du fond d'œil")
