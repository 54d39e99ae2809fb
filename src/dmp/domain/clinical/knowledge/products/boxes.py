"""How many units a box holds, read from its label in BDPM: `plaquette(s) de 30 comprimé(s)` holds 30.

Units are what a dose is counted in: tablets, capsules, sachets, ampoules, syringes, doses of an inhaler,
containers of one dose. A bottle, a tube or a pen holds many doses: unless its label counts them, the
number is not known.
"""

from __future__ import annotations

import re

_NUMBER = r"(\d+(?:[ \u00a0]\d{3})*(?:[.,]\d+)?)"
_SOLID = (
    r"(?:comprimé|gélule|capsule|gomme|pastille|suppositoire|ovule|lyophilisat|film|dragée|pilule|cachet|bâton"
    r"|dispositif|patch|timbre|emplâtre|compresse|éponge|implant|tablette|pâte)"
)
_DOSE = r"(?:dose|pulvérisation|bouffée|inhalation|actionnement)"
_SINGLE = r"(?:sachet|sachet-dose|ampoule|récipient|seringue|stylo|poche|implant|applicateur|film)"
_MANY = r"(?:plaquette|pilulier|étui|boîte|boite|flacon|tube|inhalateur|cartouche|stylo|aérosol|bo[iî]tier)"
_NOTE = re.compile(r"\([^()]*\d[^()]*\)")
_OF_SOLIDS = re.compile(rf"de\s+{_NUMBER}\s+(?:x 1 )?{_SOLID}", re.IGNORECASE)
_SOLIDS = re.compile(rf"^{_NUMBER}\s+{_SOLID}", re.IGNORECASE)
_OF_DOSES = re.compile(rf"(?:de |avec |\(){_NUMBER}\s+{_DOSE}", re.IGNORECASE)
_DOSES = re.compile(rf"^{_NUMBER}\s+{_DOSE}", re.IGNORECASE)
_SINGLES = re.compile(rf"^{_NUMBER}\s+{_SINGLE}", re.IGNORECASE)
_OF_SINGLES = re.compile(rf"de\s+{_NUMBER}\s+{_SINGLE}", re.IGNORECASE)
_TIMES = re.compile(rf"^{_NUMBER}\s+{_MANY}", re.IGNORECASE)
_INSULIN = re.compile(r"stylo|cartouche", re.IGNORECASE)
_MOST = 10_000


def units_of(label: str) -> float | None:
    """How many units a box of this label holds; None when the label does not say."""
    text = " ".join(label.split())
    plain = " ".join(_NOTE.sub(" ", text).split())
    found = _counted(plain)
    if found is None:
        doses = _OF_DOSES.search(text)
        found = _times(plain) * _value(doses.group(1)) if doses is not None else None
    return found if found is not None and 0 < found <= _MOST else None


def _counted(text: str) -> float | None:
    # "21 comprimés roses et de 7 comprimés blancs" are 28.
    per = _OF_SOLIDS.findall(text) or _OF_DOSES.findall(text)[:1]
    if per:
        outer = _TIMES.match(text) or _SINGLES.match(text)
        return (_value(outer.group(1)) if outer is not None else 1.0) * sum(map(_value, per))
    alone = _SOLIDS.match(text) or _SINGLES.match(text) or _DOSES.match(text)
    if alone is not None:
        return None if _INSULIN.search(text) else _value(alone.group(1))
    inner = _OF_SINGLES.search(text)
    if inner is not None and not _INSULIN.search(text):
        return _times(text) * _value(inner.group(1))
    return None


def _times(text: str) -> float:
    outer = _TIMES.match(text)
    return _value(outer.group(1)) if outer is not None else 1.0


def _value(number: str) -> float:
    return float(re.sub(r"[ \u00a0]", "", number).replace(",", "."))
