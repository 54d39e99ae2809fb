"""Acts repeated too early and medicines taken twice: one case for each rule, and the silences.

Source: rule numbers as in docs (L laboratory, I imaging, D medicines); they say what is expected of which rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from dmp.domain.identity.patient import Sex
from dmp.remote.simulated.claims.care import analysis, hospital_stay, imaging
from dmp.remote.simulated.claims.cases.case import Case, Family, Fits, Setting, Told, box, expect
from dmp.remote.simulated.claims.codes import boxes
from dmp.remote.simulated.claims.habits import long_term
from dmp.remote.simulated.claims.lines import STATION_COUNTER, Claims

# Key, rule, act, days between the two.
_LABORATORY: Final = (
    ("hba1c", "L01", "1577", 9),
    ("tsh", "L02", "1208", 15),
    ("lipids", "L03", "996", 12),
    ("vitamin-d", "L04", "1139", 20),
    ("ferritin", "L05", "1213", 14),
    ("crp", "L06", "1804", 1),
    ("psa", "L08", "7318", 12),
    ("vitamin-b12", "L09", "1374", 30),
    ("folates", "L10", "1387", 10),
    ("antinuclear", "L11", "1453", 12),
    ("electrophoresis", "L12", "570", 90),
    ("prolactin", "L13", "343", 4),
    ("esr", "L17", "1124", 5),
)
_IMAGING: Final = (
    ("bone-density", "I01", "PAQK007", 400),
    ("abdomen-ultrasound", "I02", "ZCQM008", 18),
    ("thorax-ct", "I03", "ZBQH001", 60),
    ("mammography", "I04", "QEQK004", 300),
)
_MEDICINES: Final = (
    ("same-substance", "D01", "atorvastatin-20", "atorvastatin-10"),
    ("same-class", "D02", "atorvastatin-20", "rosuvastatin"),
    ("same-group-c09", "D03", "perindopril", "irbesartan"),
    ("same-group-n05", "D03", "alprazolam", "zopiclone"),
    ("same-group-n06a", "D03", "sertraline", "mirtazapine"),
    ("paracetamol-combination", "D04", "paracetamol-1000", "tramadol-paracetamol"),
)


def cases() -> Iterator[Case]:
    """The repeated acts, the doubled medicines, then those for which a rule is silent."""
    for key, rule, code, apart in _LABORATORY:
        sex = Sex.MALE if code == "7318" else None
        yield _repeated_analysis(f"repeated-{key}", rule, code, apart, Fits(youngest=45, sex=sex))
    for key, rule, code, apart in _IMAGING:
        sex = Sex.FEMALE if rule in ("I01", "I04") else None
        yield _repeated_imaging(f"repeated-{key}", rule, code, apart, Fits(youngest=50, sex=sex))
    for key, rule, first, second in _MEDICINES:
        yield _taken_twice(key, rule, first, second)
    yield Case(
        key="twice-a-day", family=Family.REDUNDANCY,
        shows="L19: the same act twice on one day, one is the most", tell=_twice_a_day,
    )  # fmt: skip
    yield Case(
        key="not-together", family=Family.REDUNDANCY,
        shows="L20: cholesterol beside the lipid profile that contains it", tell=_not_together,
    )  # fmt: skip
    yield Case(
        key="silent-hba1c-ald8", family=Family.REDUNDANCY,
        shows="HbA1c twice in 40 days under a long-term diabetes: silence", tell=_silent_diabetic,
    )  # fmt: skip
    yield Case(
        key="silent-in-stay", family=Family.REDUNDANCY,
        shows="CRP on two days of a stay: silence", tell=_silent_in_stay,
    )  # fmt: skip


def _repeated_analysis(key: str, rule: str, code: str, apart: int, who: Fits) -> Case:
    def tell(setting: Setting) -> Told:
        later = setting.ago(2)
        earlier = later - timedelta(days=apart)
        lines = [
            analysis(earlier, code, setting.doctor, earlier),
            analysis(later, code, "dr-garnier", later),
        ]
        told = expect("redundancy", rule=rule, code=code, earlier=earlier, later=later)
        return Told(claims=Claims(lines=lines), expected=told)

    shows = f"{rule}: {key.removeprefix('repeated-')} again after {apart} days, by two prescribers"
    return Case(key=key, family=Family.REDUNDANCY, shows=shows, tell=tell, who=who)


def _repeated_imaging(key: str, rule: str, code: str, apart: int, who: Fits) -> Case:
    def tell(setting: Setting) -> Told:
        later = setting.ago(3)
        earlier = later - timedelta(days=apart)
        lines = [imaging(earlier, code, setting.doctor), imaging(later, code, "dr-garnier")]
        told = expect("redundancy", rule=rule, code=code, earlier=earlier, later=later)
        return Told(claims=Claims(lines=lines), expected=told)

    shows = f"{rule}: {key.removeprefix('repeated-')} again after {apart} days"
    return Case(key=key, family=Family.REDUNDANCY, shows=shows, tell=tell, who=who)


def _taken_twice(key: str, rule: str, first: str, second: str) -> Case:
    one, other = boxes()[first], boxes()[second]

    def tell(setting: Setting) -> Told:
        lines = [
            box(setting, first, 34, quantity=2 if one.days < 14 else 1),
            box(setting, first, 4, quantity=4 if one.days < 14 else 1),
            box(setting, second, 3, by="dr-petit", quantity=3 if other.days < 14 else 1,
                pharmacy=STATION_COUNTER),
        ]  # fmt: skip
        told = expect("redundancy", rule=rule, a=one.cip13, b=other.cip13, on=setting.ago(3))
        return Told(claims=Claims(lines=lines), expected=told)

    shows = f"{rule}: {'+'.join(one.substances)} and {'+'.join(other.substances)}, two prescribers"
    return Case(key=key, family=Family.REDUNDANCY, shows=shows, tell=tell, who=Fits(youngest=40))


def _twice_a_day(setting: Setting) -> Told:
    day = setting.ago(6)
    lines = [analysis(day, "1104", setting.doctor), analysis(day, "1104", "dr-garnier")]
    told = expect("redundancy", rule="L19", code="1104", earlier=day, later=day)
    return Told(claims=Claims(lines=lines), expected=told)


def _not_together(setting: Setting) -> Told:
    day = setting.ago(6)
    lines = [analysis(day, "996", setting.doctor), analysis(day, "580", setting.doctor)]
    told = expect("redundancy", rule="L20", code="580+996", earlier=day, later=day)
    return Told(claims=Claims(lines=lines), expected=told)


def _silent_diabetic(setting: Setting) -> Told:
    days = setting.ago(45), setting.ago(5)
    claims = Claims(
        lines=[analysis(day, "1577", setting.doctor, day) for day in days],
        long_terms=[long_term("diabetes", setting.ago(1400))],
    )
    return Told(claims=claims, expected=expect("no-redundancy", rule="L01", code="1577"))


def _silent_in_stay(setting: Setting) -> Told:
    start = setting.ago(20)
    days = start + timedelta(days=1), start + timedelta(days=2)
    claims = Claims(
        lines=[analysis(day, "1804", setting.doctor, day) for day in days],
        stays=[hospital_stay("pneumonia", start)],
    )
    return Told(claims=claims, expected=expect("no-redundancy", rule="L06", code="1804"))
