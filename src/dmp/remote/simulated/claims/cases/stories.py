"""What is to be noticed in a record: an interaction, a double test, a gap, a long-term condition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from dmp.domain.identity.patient import Sex
from dmp.remote.simulated.claims.care import analysis, device, hospital_stay, imaging
from dmp.remote.simulated.claims.cases.case import (
    Case,
    Family,
    Fits,
    Missing,
    Setting,
    Told,
    box,
    expect,
)
from dmp.remote.simulated.claims.codes import boxes, hospital_units
from dmp.remote.simulated.claims.habits import long_term
from dmp.remote.simulated.claims.lines import (
    ACTORS,
    HOSPITAL_PHARMACY,
    STATION_COUNTER,
    Claims,
    Detail,
    Line,
)
from dmp.remote.simulated.territory.people import Condition


def cases() -> Iterator[Case]:
    """Those of the cast first: the demo shows them."""
    for key, shows, tell, who in (
        ("georges-apixaban", "apixaban, then ibuprofen by another doctor", _anticoagulant, "georges-marin"),
        ("henri-colchicine", "colchicine, then clarithromycin by another doctor", _colchicine, "henri-barbier"),
        ("jeanne-hba1c", "HbA1c twice in 9 days by two prescribers", _hba1c, "jeanne-durand"),
        ("paul-gap", "perindopril not fetched for three months", _gap_of_the_cast, "paul-durand"),
        ("suzanne-paracetamol", "paracetamol twice, once in a combination", _paracetamol, "suzanne-perret"),
        ("claire-pregnancy", "a pregnancy with its tests", _pregnancy_of_the_cast, "claire-dumas"),
    ):  # fmt: skip
        yield Case(
            key=key, family=Family.STORY, shows=shows, tell=tell, who=Fits(key=who), alone=False
        )
    man = Fits(youngest=45, sex=Sex.MALE)
    for key, shows, tell, fits in (
        ("gap", "no delivery for 80 days, then again", _gap, Fits(youngest=50)),
        ("stopped", "no delivery for 75 days up to now", _stopped, Fits(youngest=50)),
        ("long-term-diabetes", "ALD 8, with its treatment", _long_term_diabetes, man),
        ("pregnancy", "a pregnancy of six months with its tests", _pregnancy,
         Fits(youngest=20, oldest=40, sex=Sex.FEMALE, among=frozenset({Condition.PREGNANCY}))),
        ("stay", "a stay with three diagnoses", _stay, Fits(youngest=60)),
        ("vaccine", "a vaccine delivered", _vaccine, Fits(youngest=65)),
        ("devices", "devices of the LPP", _devices, Fits(youngest=60)),
        ("hospital-medicine", "a medicine of a hospital pharmacy (UCD)", _hospital_medicine, Fits()),
    ):  # fmt: skip
        yield Case(key=key, family=Family.STORY, shows=shows, tell=tell, who=fits)


def _anticoagulant(setting: Setting) -> Told:
    ours = box(setting, "apixaban-2", 9)
    other = box(setting, "ibuprofen", 3, by="dr-petit", pharmacy=STATION_COUNTER)
    told = expect("interaction", a=ours.code, b=other.code, levels=("ASDEC",), on=other.day)
    return Told(claims=Claims(lines=[other]), expected=told)


def _colchicine(setting: Setting) -> Told:
    one = box(setting, "colchicine", 8)
    other = box(setting, "clarithromycin", 2, by="dr-petit", pharmacy=STATION_COUNTER)
    told = expect("interaction", a=one.code, b=other.code, levels=("CI",), on=other.day)
    return Told(claims=Claims(lines=[one, other]), expected=told)


def _hba1c(setting: Setting) -> Told:
    later = setting.ago(3)
    earlier = later - timedelta(days=9)
    lines = [
        analysis(earlier, "1577", setting.doctor, earlier),
        analysis(later, "1577", "dr-garnier", later),
    ]
    told = expect("redundancy", rule="L01", code="1577", earlier=earlier, later=later)
    return Told(claims=Claims(lines=lines), expected=told)


def _paracetamol(setting: Setting) -> Told:
    alone = boxes()["paracetamol-500"].cip13
    mixed = box(
        setting, "tramadol-paracetamol", 12, by="dr-petit", quantity=3, pharmacy=STATION_COUNTER
    )
    told = expect("redundancy", rule="D04", a=alone, b=mixed.code, on=mixed.day)
    return Told(claims=Claims(lines=[mixed]), expected=told)


def _tests_of_pregnancy(setting: Setting, days: int) -> list[Line]:
    start = setting.ago(days)
    first, later = start + timedelta(weeks=9), start + timedelta(weeks=22)
    lines = [
        analysis(first, code, "agnes-leduc")
        for code in ("1140", "1141", "1420", "1773", "388", "1256")
    ]
    lines += [analysis(later, code, "agnes-leduc") for code in ("1104", "1141", "4715", "1420")]
    lines.append(box(setting, "folic-acid", days - 30, by="agnes-leduc"))
    return [line for line in lines if line.day < setting.until]


def _pregnancy_of_the_cast(setting: Setting) -> Told:
    claims = Claims(lines=_tests_of_pregnancy(setting, 30 * 7))
    return Told(claims=claims, expected=expect("pregnancy"))


def _pregnancy(setting: Setting) -> Told:
    start = setting.ago(26 * 7)
    lines = _tests_of_pregnancy(setting, 26 * 7)
    lines += [
        imaging(start + timedelta(weeks=12), "JQQM010"),
        imaging(start + timedelta(weeks=22), "JQQM018"),
    ]
    since = start + timedelta(days=14)
    lines = [replace(line, pregnant_since=since, exempt="0") for line in lines]
    return Told(claims=Claims(lines=lines), expected=expect("pregnancy", since=since))


def _gap(setting: Setting) -> Told:
    days = (290, 260, 230, 200, 120, 90, 60, 30, 1)
    lines = [box(setting, "perindopril", day) for day in days]
    cip13 = boxes()["perindopril"].cip13
    told = expect("gap", code=cip13, begins=setting.ago(200 - 30), ends=setting.ago(120))
    return Told(claims=Claims(lines=lines), expected=told)


def _gap_of_the_cast(setting: Setting) -> Told:
    code = boxes()["perindopril"].cip13
    missing = Missing(code=code, first=setting.ago(150), last=setting.ago(62))
    told = expect("gap", code=code, begins=missing.first, ends=missing.last)
    return Told(expected=told, missing=(missing,))


def _stopped(setting: Setting) -> Told:
    lines = [box(setting, "perindopril", day) for day in (225, 195, 165, 135, 105)]
    told = expect("not-current", code=lines[0].code, last=setting.ago(105))
    return Told(claims=Claims(lines=lines), expected=told)


def _long_term_diabetes(setting: Setting) -> Told:
    lines = [box(setting, "metformin", day, quantity=2) for day in range(182, 0, -30)]
    claims = Claims(lines=lines, long_terms=[long_term("diabetes", setting.ago(1500))])
    return Told(claims=claims, expected=expect("long-term", number="8", code="E119"))


def _stay(setting: Setting) -> Told:
    stay = hospital_stay("heart-failure", setting.ago(80))
    codes = (stay.code.diagnosis, *stay.code.related)
    told = expect("stay", start=stay.start, end=stay.end, ghm=stay.code.ghm, diagnoses=codes)
    return Told(claims=Claims(stays=[stay]), expected=told)


def _vaccine(setting: Setting) -> Told:
    line = box(setting, "vaccine-flu", 35)
    return Told(
        claims=Claims(lines=[line]), expected=expect("vaccine", code=line.code, on=line.day)
    )


def _devices(setting: Setting) -> Told:
    lines = [
        device(setting.ago(90), "1296787", 1, setting.doctor),
        device(setting.ago(60), "2222124", 1, "dr-lemoine"),
    ]
    return Told(
        claims=Claims(lines=lines), expected=expect("devices", codes=("1296787", "2222124"))
    )


def _hospital_medicine(setting: Setting) -> Told:
    code, nature = hospital_units()["adalimumab"]
    line = Line(
        day=setting.ago(25),
        nature=nature,
        detail=Detail.HOSPITAL_UNIT,
        code=code,
        quantity=2,
        prescribed=setting.ago(30),
        prescriber=ACTORS["dr-benoit"],
        performer=HOSPITAL_PHARMACY,
    )
    return Told(claims=Claims(lines=[line]), expected=expect("present", code=code, on=line.day))
