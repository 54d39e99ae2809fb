"""Devices that whoever helps in an emergency must know of: in the body, or keeping alive.

Source: LPP, title III (implants); EMDN, J (active implantable devices) and P (prostheses; P01 is the mouth).
Where no code tells, the beginnings of the words that French software and holders use.
"""

from __future__ import annotations

import re

from dmp.domain.clinical.coding import folded_label, kind_of
from dmp.domain.clinical.facts import Device, Provenance

_IMPLANTS_OF_LPP = "3"
_EMDN = "1.2.250.1.213.2.68"
_IN_THE_BODY = re.compile(r"J|P0[2-9]|P[1-9]")
_WORDS = (
    "stimulat", "neurostimulat", "defibrillat", "pacemaker", "pace maker", "prothese", "endoprothese", "stent",
    "valve", "implant", "pompe", "catheter", "chambre a catheter", "port a cath", "picc", "derivation",
    "tracheo", "canule", "stomie", "gastrostomie", "oxygen", "ventilat", "pression positive",
)  # fmt: skip
_NOT_THOSE = (
    "prothese dent",
    "protheses dent",
    "prothese audit",
    "protheses audit",
    "prothese capill",
)


def is_critical_device(device: Device) -> bool:
    """Whether it is in the body, or keeps its bearer alive: not glasses, sticks, lancets or dressings."""
    code = device.code
    if code is not None and kind_of(code) == "lpp" and code.code.startswith(_IMPLANTS_OF_LPP):
        return True
    if code is not None and code.system == _EMDN:
        return _IN_THE_BODY.match(code.code) is not None
    if any(source.provenance is Provenance.DECLARED for source in device.sources):
        return True  # of what is declared, only what is in the body is a device
    text = f" {folded_label(device.label)}"
    return any(f" {word}" in text for word in _WORDS) and not any(
        f" {words}" in text for words in _NOT_THOSE
    )
