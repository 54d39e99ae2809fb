"""Whether a medicine acts where it is put, or in the whole body.

Source: routes of BDPM; ANSM, thesaurus, general information (local routes).
"""

from __future__ import annotations

from dmp.domain.clinical.knowledge.medicines import Medicine

LOCAL_ROUTES = frozenset(
    {
        "cutanee", "ophtalmique", "auriculaire", "nasale", "vaginale", "dentaire", "gingivale",
        "buccogingivale", "endosinusale", "intravitreenne", "intracamerulaire", "intraoculaire",
        "sous-conjonctivale", "peribulbaire", "subretinienne", "intra-uterine", "endocervicale",
        "intravesicale", "uretrale", "intralesionnelle",
    }
)  # fmt: skip
"""Routes by which a medicine stays where it is put: not the transdermal, inhaled, rectal and buccal ones."""
_LOCAL_ATC = ("D", "S01", "S02", "S03", "R01A", "G01", "A01A")
_WHOLE_BODY_ATC = ("D01B", "D05B", "D10B", "R01B", "D11AH05")


def acts_locally(medicine: Medicine) -> bool:
    """Whether all its routes are local; where no route is known, by its ATC class."""
    if medicine.routes:
        return LOCAL_ROUTES.issuperset(medicine.routes)
    return medicine.atc.startswith(_LOCAL_ATC) and not medicine.atc.startswith(_WHOLE_BODY_ATC)
