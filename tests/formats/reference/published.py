"""The published reference files, where they are at hand; small ones of our own everywhere.

They are not part of the project: the folder is named by DMP_SHARED or stands beside the repository.
"""

from __future__ import annotations

import csv
import gzip
import io
import os
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from dmp.domain.clinical.knowledge.contents import Content
from dmp.domain.clinical.knowledge.editions import ReferenceKind
from dmp.formats.reference.editions import Reading, read_files
from dmp.formats.reference.given import Given

ROOT = Path(__file__).resolve().parents[3]
CLAIMS = Path(os.environ.get("DMP_SHARED", ROOT.parent / "shared")) / "data" / "claims"
THESAURUS = CLAIMS / "drugs" / "thesaurus-2023-09"
TODAY = date(2026, 11, 27)
NOT_SAID = date(2020, 12, 1)
_FOLDERS = (
    "drugs/bdpm-2026-05",
    "drugs/thesaurus-2023-09",
    "labs",
    "icd10",
    "claims/nomenclatures",
)

needs_published = pytest.mark.skipif(
    not THESAURUS.is_dir(), reason="the published references are not on this machine (DMP_SHARED)"
)


def given_file(path: Path) -> Given:
    """A file of the disk."""
    return Given(name=path.name, size=path.stat().st_size, open=lambda: path.open("rb"))


def given(name: str, content: str | bytes) -> Given:
    """A file made here."""
    octets = content.encode() if isinstance(content, str) else content
    return Given(name=name, size=len(octets), open=lambda: io.BytesIO(octets))


def read(*files: Given, edition: date | None = None) -> Reading:
    """Read files as one delivery."""
    return read_files(files, TODAY, edition)


@cache
def published() -> Mapping[ReferenceKind, Content]:
    """Every published edition of the folder, by kind."""
    paths = [p for folder in _FOLDERS for p in sorted((CLAIMS / folder).iterdir())]
    paths.append(CLAIMS / "drugs" / "atc_to_french_names.json.gz")
    reading = read(*map(given_file, paths), edition=NOT_SAID)
    assert not reading.refusals
    return {content.edition.kind: content for content in reading.contents}


def rows_of(relative: str) -> list[dict[str, str]]:
    """The rows of a table of the folder."""
    path = CLAIMS / relative
    octets = path.read_bytes()
    text = gzip.decompress(octets) if path.suffix == ".gz" else octets
    return list(csv.DictReader(io.StringIO(text.decode("utf-8"))))


PRINTED = """          THESAURUS
DES INTERACTIONS MÉDICAMENTEUSES

        {month}
                                                              {day}

\f                                                                                    2

ALPHAZOLE
 Voir aussi : inducteurs d'essai

+ BÊTAMYCINE
                      Le mécanisme est écrit sur deux lignes, avec un mot coupé anti-     {level}
                      inflammatoire.                                                      Surveiller :
                                                                                          - le premier point
                                                                                          - le second point

+ GAMMALINES (SAUF DELTALINE)
                      Un autre mécanisme.                                                 CI - PE
\f                                                                             3
                                                                                   Contre-indication :
                                                                                   - à forte dose

BÊTAMYCINE
+ ALPHAZOLE
               Le mécanisme est écrit sur deux lignes, avec un mot coupé anti-     {level}
               inflammatoire.                                                      Surveiller :
                                                                                   - le premier point
                                                                                   - le second point

GAMMALINES (SAUF DELTALINE)
 Une phrase d'introduction
 (qui n'est pas la liste).

 (gammaline, gammaline (sel de), epsiline,
 zêtaline)

+ AUTRES GAMMALINES (SAUF DELTALINE)
               Les effets s'ajoutent.                                              A prendre en compte

+ ALPHAZOLE
               Un autre mécanisme.                                                 CI - PE
                                                                                   Contre-indication :
                                                                                   - à forte dose
"""
"""A thesaurus of three invented headings, laid out as the real one is."""


def a_thesaurus(
    *,
    day: str = "15 septembre 2023",
    month: str = "SEPTEMBRE 2023",
    level: str = "Précaution d'emploi",
) -> str:
    """The text of an edition."""
    return PRINTED.format(day=day, month=month, level=level)


A_BDPM = {
    "CIS_bdpm.txt": "60000001\tALPHADOL 20 mg, comprimé\tcomprimé\torale\tAutorisation active\tProcédure "
    "nationale\tCommercialisée\t01/01/2000\n"
    "60000002\tALPHAZOLE EG 20 mg, comprimé\tcomprimé\torale\tAutorisation active\tProcédure nationale\t"
    "Commercialisée\t01/01/2010\n"
    "60000003\tDUOGAMMA, gélule\tgélule\torale\tAutorisation active\tProcédure nationale\tCommercialisée\t"
    "01/01/2012\n",
    "CIS_CIP_bdpm.txt": "60000001\t3000001\tplaquette(s) de 30 comprimé(s)\tPrésentation active\tDéclaration "
    "de commercialisation\t16/03/2011\t3400930000014\toui\t65%\t1,00\n"
    "60000002\t3000002\t3 plaquette(s) de 28 comprimé(s)\tPrésentation active\tDéclaration de "
    "commercialisation\t16/03/2924\t3400930000021\toui\t65 %\t1,00\n"
    "60000003\t3000003\t1 flacon(s) de 60 ml\tPrésentation active\tDéclaration de commercialisation\t"
    "02/05/2026\t3400930000038\toui\t\t1,00\n",
    "CIS_COMPO_bdpm.txt": "60000001\tcomprimé\t00001\tCHLORHYDRATE D'ALPHAZOLE\t22 mg\tun comprimé\tSA\t1\n"
    "60000001\tcomprimé\t00002\tALPHAZOLE\t20 mg\tun comprimé\tFT\t1\n"
    "60000002\tcomprimé\t00001\tCHLORHYDRATE D'ALPHAZOLE\t22 mg\tun comprimé\tSA\t1\n"
    "60000002\tcomprimé\t00002\tALPHAZOLE\t20 mg\tun comprimé\tFT\t1\n"
    "60000003\tgélule\t00003\tCOMPLEXE\t\t\tSA\t1\n"
    "60000003\tgélule\t00004\tGAMMALINE\t5 mg\tune gélule\tFT\t1\n"
    "60000003\tgélule\t00005\tÉPSILINE\t5 mg\tune gélule\tFT\t1\n",
    "CIS_GENER_bdpm.txt": "1\tALPHAZOLE 20 mg\t60000001\t0\t1\n1\tALPHAZOLE 20 mg\t60000002\t1\t2\n",
    "CIS_MITM.txt": "60000001\tB01AA03\tALPHADOL 20 mg, comprimé\thttp://exemple.invalid\n",
}
"""A base of three invented products: an original, its generic, a complex of two molecules."""


def a_bdpm(**changed: str) -> list[Given]:
    """The files of the invented base; an argument replaces the file of that stem, empty leaves it out."""
    texts = {**A_BDPM, **{f"{stem}.txt": text for stem, text in changed.items()}}
    latin = {"CIS_COMPO_bdpm.txt", "CIS_GENER_bdpm.txt", "CIS_MITM.txt"}
    return [
        given(name, text.encode("cp1252" if name in latin else "utf-8"))
        for name, text in texts.items()
        if text
    ]
