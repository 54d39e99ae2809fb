"""Pairs of medicines that interact, and two that do not: both current at the end of the period.

Source: ANSM, Thésaurus des interactions médicamenteuses, edition of 15 September 2023, for the levels.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dmp.domain.identity.patient import Sex
from dmp.remote.simulated.claims.cases.case import Case, Family, Fits, Setting, Told, box, expect
from dmp.remote.simulated.claims.codes import boxes
from dmp.remote.simulated.claims.lines import STATION_COUNTER, Claims

# Key, one and the other medicine, levels in the printed order, whom it suits.
_PAIRS: Final = (
    ("warfarin-aspirin", "warfarin", "aspirin", "CI ASDEC APEC", Fits(youngest=50)),
    ("warfarin-ibuprofen", "warfarin", "ibuprofen-counter", "ASDEC", Fits(youngest=50)),
    ("methotrexate-trimethoprim", "methotrexate", "cotrimoxazole", "CI ASDEC", Fits(youngest=40)),
    ("simvastatin-clarithromycin", "simvastatin", "clarithromycin", "CI", Fits(youngest=45)),
    ("ergotamine-clarithromycin", "ergotamine", "clarithromycin", "CI", Fits(youngest=25)),
    ("lithium-ibuprofen", "lithium", "ibuprofen-counter", "ASDEC", Fits(youngest=25)),
    ("colchicine-clarithromycin", "colchicine", "clarithromycin", "CI", Fits(youngest=40)),
    ("trinitrin-sildenafil", "trinitrin", "sildenafil", "CI", Fits(youngest=45, sex=Sex.MALE)),
    ("isotretinoin-doxycycline", "isotretinoin", "doxycycline", "CI",
     Fits(youngest=18, oldest=40, sex=Sex.MALE)),
    ("fluindione-miconazole", "fluindione", "miconazole-powder", "CI", Fits(youngest=50)),
    ("amiodarone-citalopram", "amiodarone", "citalopram", "CI ASDEC", Fits(youngest=50)),
    ("ramipril-spironolactone", "ramipril-10", "spironolactone-75", "ASDEC PE", Fits(youngest=50)),
    ("ibuprofen-ketoprofen", "ibuprofen-counter", "ketoprofen", "ASDEC", Fits(youngest=20)),
    ("sertraline-tramadol", "sertraline", "tramadol-200", "APEC", Fits(youngest=25)),
    ("methotrexate-omeprazole", "methotrexate", "omeprazole-7", "ASDEC APEC", Fits(youngest=40)),
)  # fmt: skip
_CONTROLS: Final = (
    ("control-paracetamol-amoxicillin", "paracetamol-1000", "amoxicillin"),
    ("control-clopidogrel-omeprazole", "clopidogrel", "omeprazole-7"),
)


def cases() -> Iterator[Case]:
    """One case for each pair, then the controls."""
    for key, first, second, levels, who in _PAIRS:
        yield _case(key, first, second, tuple(levels.split()), who)
    for key, first, second in _CONTROLS:
        yield _case(key, first, second, (), Fits(youngest=30))


def _case(key: str, first: str, second: str, levels: tuple[str, ...], who: Fits) -> Case:
    one, other = boxes()[first], boxes()[second]

    def tell(setting: Setting) -> Told:
        # The lasting one goes on; the other one comes last, from another doctor and another pharmacy.
        lasting = [box(setting, first, days) for days in (2 + 2 * one.days, 2 + one.days, 2)]
        lines = [
            *(line for line in lasting if one.days >= 14 or line is lasting[-1]),
            box(setting, second, 1, by="dr-petit", pharmacy=STATION_COUNTER),
        ]
        pair = {"a": one.cip13, "b": other.cip13, "on": setting.ago(1)}
        if levels:
            told = expect("interaction", **pair, levels=levels)
        else:
            told = expect("no-interaction", **pair)
        return Told(claims=Claims(lines=lines), expected=told)

    names = f"{one.substances[0]} + {other.substances[-1]}"
    shows = f"{names}: {'/'.join(levels)}" if levels else f"{names}: no alert (control)"
    return Case(key=key, family=Family.INTERACTION, shows=shows, tell=tell, who=who)
