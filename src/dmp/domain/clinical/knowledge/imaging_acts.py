"""What a CCAM imaging act shows: modality and region, derived from its code, its group and its label.

Our own derivation: CCAM itself says neither. Imaging acts are those of the groups ADI (imaging) and ADE
(ultrasound). The fourth letter of a code is the technique: H X-rays with contrast, J and N magnetic
resonance, K X-rays, L isotopes, M ultrasound; the label corrects it where it names another. Where no group is
given (the terminology of the ANS has none), the third letter Q and one of these make an imaging act, unless its
label begins as a measure, a guidance or an endoscopy. Regions are words for people.

Source: CCAM, structure of the codes (site, action, technique); DICOM PS3.3 C.7.3.1.1.1 (modalities).
"""

from __future__ import annotations

import re

from dmp.domain.clinical.knowledge.knowledge import ImagingAct
from dmp.domain.clinical.knowledge.spelling import normalised

IMAGING_GROUPS = ("ADI", "ADE")
_EXAMINED = re.compile(r"[A-Z]{2}Q[HJKLMN]\d{3}")
_PICTURES = re.compile(r"retinograph|photographies diagnostiques")
_NO_IMAGING = re.compile(
    r"mesure|surveillance|guidage|analyse|bilan|etude|echoendoscop|\w+scopie\b(?! de)|enregistrement"
)

_BY_LABEL = (
    ("CT", r"scanograph|scanner|\bscopie de la colonne vertebrale avec scano|telemetrie .* scano"),
    ("MR", r"remnograph|\birm\b"),
    ("PT", r"emission de positons|\btep\b"),
    ("BMD", r"osteodensitometrie|absorptiometrie|densite osseuse"),
    ("MG", r"mammograph"),
    ("OP", r"retinograph|photograph|angiographie du segment posterieur|angiographie retin"),
    ("US", r"echograph|doppler|ultrason|elastometrie"),
    ("NM", r"scintigraph|isotop|scintimammo|radio-?isotop"),
    ("XA", r"arteriograph|phlebograph|angiograph|aortograph|coronarograph|lymphograph|ventriculograph|cavograph"
           r"|splenoportograph|dacryocystographie selective"),
)  # fmt: skip
_MODALITIES = tuple((modality, re.compile(pattern)) for modality, pattern in _BY_LABEL)
_BY_LETTER = {"H": "DX", "J": "MR", "K": "DX", "L": "NM", "M": "US", "N": "MR"}

_BY_REGION = (
    ("sein", r"\bsein|mammo|mammaire"),
    ("dents", r"dent|retroalveolaire|panoramique|maxillaire|mandibul|occlusal"),
    ("œil et orbite", r"\boeil|orbit|retin|\bregard|lacrym|palpebr|oculaire"),
    ("cœur", r"coeur|cardia|coronai|myocard|ventricul(?!.*cerebra)|pericard|cavites cardiaques"),
    ("crâne et encéphale",
     r"crane|encephal|cerebr|intracran|transfontanel|transcranien|hypophys|sella|cisternograph|pontocerebelleux"),
    ("thyroïde et cou",
     r"thyroid|\bcou\b|cervicocephal|carotid|pharyn|laryn|cervicale? ?\[|parathyro|glandes? salivaires?"),
    ("face", r"(?<!de )\bface\b(?! et| en)|massif facial|sinus (?:de la face|maxill)|nasal|rocher"
             r"|meat acoustique|temporomandib|cavum"),
    ("rachis", r"rachis|vertebr|moelle|myelograph|disco|sacro|sacrum|lomba(?:l|ire)e? de la colonne|radicul"),
    ("épaule", r"epaule|scapul"),
    ("genou", r"genou|patell|femoropatell"),
    ("bassin", r"\bbassin\b(?! \[pelvis)|ceinture pelvienne|petit bassin osseux"),
    ("hanche", r"hanche|coxofemor|coxal"),
    ("cheville et pied", r"cheville|\bpied|talocrur|orteil|metatars|tarse|calcane"),
    ("poignet et main", r"poignet|\bmain\b|carp|doigt|metacarp|phalang"),
    ("coude", r"coude"),
    ("membre supérieur", r"membres? superieurs?|\bbras\b|humer|radius|ulna|clavicul"),
    ("membre inférieur", r"membres? inferieurs?|cuisse|jambe|femur|fibula|tibia"),
    ("thorax", r"thora|poumon|pulmon|mediast|bronch|sternum|\bcote|ventilation|pleur|gril costal|alveol"),
    ("grossesse", r"gross|foet|obstetr|embryon|biometrique ?fo"),
    ("abdomen et pelvis", r"abdom|pelv|petit bassin|\bfoie|hepat|biliai|rein|renal|urin|ureter|vessie"
                          r"|uret(?:h)?r|prostat|uter|ovar|annexe|colon|gastr|oesoph|estom|grele|intestin|digest|rectum|\banal\b|defec|pancrea|rate\b|splen"
                          r"|testic|scrot|penis|caverneu|hyster|cysto|uro|mesent|porte|surren|viscer|duoden|colograph|choledo"),
    ("squelette entier", r"squelette|osseux? (?:du )?corps|corps entier|osteodensito|age osseux"),
    ("vaisseaux", r"vaisse|arter|vein|aort|lymph"),
)  # fmt: skip
_REGIONS = tuple((region, re.compile(pattern)) for region, pattern in _BY_REGION)
_BY_SITE = {
    "AA": "crâne et encéphale", "AB": "crâne et encéphale", "AC": "crâne et encéphale", "AE": "rachis",
    "AF": "rachis",
    "B": "œil et orbite", "DF": "thorax", "DG": "vaisseaux", "DH": "vaisseaux", "D": "cœur", "E": "vaisseaux",
    "GA": "face", "GB": "face",
    "G": "thorax", "H": "abdomen et pelvis", "J": "abdomen et pelvis",
    "KC": "thyroïde et cou", "LA": "face", "LB": "face", "LC": "thyroïde et cou", "LD": "rachis",
    "LE": "rachis", "LF": "rachis", "LG": "rachis", "LH": "rachis", "LJ": "thorax", "MA": "épaule",
    "ME": "épaule", "MF": "coude", "MG": "poignet et main", "MD": "poignet et main",
    "MH": "poignet et main", "MZ": "membre supérieur",
    "NA": "bassin", "NB": "membre inférieur", "NE": "hanche", "NF": "genou", "NG": "cheville et pied",
    "ND": "cheville et pied", "NZ": "membre inférieur", "PA": "squelette entier", "PC": "squelette entier",
    "QE": "sein", "ZA": "thyroïde et cou", "ZB": "thorax", "ZC": "abdomen et pelvis",
}  # fmt: skip


def imaging_act(code: str, label: str, group: str) -> ImagingAct | None:
    """Modality and region of an act; None when it is no imaging."""
    text = normalised(label)
    if group not in IMAGING_GROUPS and (group or not _is_imaging(code, text)):
        return None
    modality = _modality(code, text, group)
    return ImagingAct(modality=modality, region=_region(code, text))


def _is_imaging(code: str, text: str) -> bool:
    """Whether an act of no known group is imaging, by its code and its label."""
    if _NO_IMAGING.match(text):
        return False
    return _EXAMINED.fullmatch(code) is not None or _PICTURES.match(text) is not None


def _modality(code: str, text: str, group: str) -> str:
    for modality, pattern in _MODALITIES:
        if pattern.search(text):
            return modality
    if group == "ADE":
        return "US"
    return _BY_LETTER.get(code[3:4], "DX")


def _region(code: str, text: str) -> str:
    site = _BY_SITE.get(code[:2]) or _BY_SITE.get(code[:1])
    if site is not None and site not in _WIDE:
        return site
    for region, pattern in _REGIONS:
        if pattern.search(text):
            return region
    return site or ""


_WIDE = frozenset(
    {"vaisseaux", "membre supérieur", "membre inférieur", "abdomen et pelvis", "squelette entier"}
)
"""Regions that the label may narrow."""
