"""Numbers with valid keys for people and structures that do not exist.

INS stand in the test root. RPPS, FINESS and SIREN are taken from ranges that no register issues:
RPPS beginning with 9990, FINESS of the department 99, SIREN beginning with 999 999.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Final

from dmp.domain.identifiers import Ins, InsRoot, luhn_is_valid, nir_key
from dmp.domain.identity.patient import Sex


def with_luhn_key(body: str) -> str:
    """`body` followed by the digit that makes it satisfy the Luhn key."""
    return next(body + key for key in "0123456789" if luhn_is_valid(body + key))


def rpps(rank: int) -> str:
    """The RPPS of the invented professional with this rank, from 0 to 999 999."""
    return with_luhn_key(f"9990{rank:06d}")


def finess(rank: int) -> str:
    """The FINESS of the invented establishment with this rank, from 0 to 999 999."""
    return with_luhn_key(f"99{rank:06d}")


def siret(rank: int) -> str:
    """The SIRET of the invented company with this rank, from 0 to 99."""
    return with_luhn_key(with_luhn_key(f"999999{rank:02d}") + "0001")


def practice_of(rpps_number: str, rank: int = 0) -> str:
    """The RPPS-rang of a doctor's own practice: 14 digits."""
    return with_luhn_key(f"{rpps_number}{rank:02d}")


# Municipalities where people of the territory were born, with how many shares each has.
# Source: INSEE, code officiel géographique; the five characters stand in the matricule as they are.
BIRTH_PLACES: Final = (
    ("75114", 5), ("75120", 4), ("69383", 6), ("13208", 5), ("31555", 6), ("33063", 6),
    ("44109", 6), ("35238", 5), ("59350", 5), ("67482", 5), ("34172", 4), ("06088", 3),
    ("21231", 9), ("63113", 7), ("76540", 3), ("14118", 3), ("29019", 3), ("45234", 8),
    ("37261", 8), ("86194", 4), ("87085", 4), ("54395", 3), ("57463", 2), ("80021", 2),
    ("51454", 3), ("25056", 4), ("38185", 4), ("42218", 3), ("30189", 2), ("83137", 2),
    ("66136", 2), ("64445", 2), ("17300", 2), ("49007", 3), ("72181", 3), ("18033", 9),
    ("58194", 8), ("03190", 5), ("2A004", 2), ("2B033", 2), ("97411", 2), ("97209", 1),
)  # fmt: skip
ABROAD: Final = ("99350", "99351", "99352", "99139", "99127", "99134", "99122", "99109", "99341",
                 "99243", "99335", "99312")  # fmt: skip
"""Countries, as the matricule of a person born abroad carries them."""


def birth_place(rng: Random, born: date) -> str:
    """An INSEE code of five characters.

    People born in Corsica before 1976 carry the department 20, those born in Algeria before its
    independence other departments: neither place is drawn for them.
    """
    if rng.random() < 0.09:
        abroad = [code for code in ABROAD if code != "99352" or born.year > 1962]
        return rng.choice(abroad)
    places = [
        (code, share)
        for code, share in BIRTH_PLACES
        if born.year >= 1976 or code[:2] not in ("2A", "2B")
    ]
    codes, shares = zip(*places, strict=True)
    return str(rng.choices(codes, shares)[0])


def matricule(sex: Sex, born: date, place: str, order: int) -> str:
    """The 15 characters of a person born there in that month with this order, 1 to 999."""
    first13 = f"{1 if sex is Sex.MALE else 2}{born:%y%m}{place}{order:03d}"
    return f"{first13}{nir_key(first13):02d}"


def ins_of(number: str) -> Ins:
    """The INS with this matricule in the test root. Raises Refused: INS_MALFORMED, INS_KEY_WRONG."""
    return Ins.parse(number, InsRoot.NIR_TEST.value, test_mode=True)


@dataclass(slots=True)
class CivilRegister:
    """Gives out matricules, each one once."""

    issued: set[str] = field(default_factory=set)

    def register(self, rng: Random, sex: Sex, born: date, place: str) -> Ins:
        """The INS of a birth.

        Raises:
            LookupError: the 999 orders of that month and place are used up.
        """
        first = rng.randint(1, 999)
        for step in range(999):
            number = matricule(sex, born, place, (first + step - 1) % 999 + 1)
            if number[:13] not in self.issued:
                self.issued.add(number[:13])
                return ins_of(number)
        raise LookupError("no order is left for this month and place")
