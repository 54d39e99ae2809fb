"""Which devices an emergency must know of."""

from __future__ import annotations

import pytest

from dmp.domain.clinical.coding import CNAM_LPP
from dmp.domain.clinical.facts import Device, Provenance
from dmp.domain.clinical.supply.critical_devices import is_critical_device
from dmp.domain.codes import Code
from tests.builders.clinical import TODAY, a_source

EMDN = "1.2.250.1.213.2.68"


@pytest.mark.parametrize(
    ("label", "code", "critical"),
    [
        ("Article", Code("3441412", CNAM_LPP), True),
        ("Lancettes pour autopiqueur", Code("1101826", CNAM_LPP), False),
        ("Pression positive continue, forfait hebdomadaire", Code("1100040", CNAM_LPP), True),
        ("Monture de lunettes", Code("2222124", CNAM_LPP), False),
        ("Stimulateurs cardiaques implantables", Code("J0101", EMDN), True),
        ("Stents coronaires", Code("P07040201", EMDN), True),
        ("Prothèses dentaires", Code("P0102", EMDN), False),
        ("Lunettes", Code("Q021003", EMDN), False),
        ("Pacemaker", None, True),
        ("Prothèse de hanche droite", None, True),
        ("Prothèse auditive", None, False),
        ("Canne", None, False),
    ],
)
def test_what_is_in_the_body_or_keeps_alive(label: str, code: Code | None, critical: bool) -> None:
    device = Device(label=label, on=TODAY, code=code, sources=(a_source(1),))
    assert is_critical_device(device) is critical


def test_what_the_holder_declares_is_in_his_body() -> None:
    source = a_source(1, provenance=Provenance.DECLARED)
    assert is_critical_device(Device(label="Boîtier", on=TODAY, sources=(source,)))
