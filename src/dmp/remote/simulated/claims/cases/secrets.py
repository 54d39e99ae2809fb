"""Secret care: whatever its mark, it never reaches a record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from dmp.domain.identity.patient import Sex
from dmp.remote.simulated.claims.care import act, analysis
from dmp.remote.simulated.claims.cases.case import Case, Family, Fits, Setting, Told, box, expect
from dmp.remote.simulated.claims.lines import Claims, Line
from dmp.remote.simulated.territory.people import Condition

_STATEMENT: Final = 902
"""The statement of a row that is sent twice."""
_WOMAN = Fits(youngest=18, oldest=45, sex=Sex.FEMALE)
_GIRL = Fits(youngest=13, oldest=17, sex=Sex.FEMALE, among=frozenset({Condition.ASTHMA}))


def cases() -> Iterator[Case]:
    """By the fictitious number, by the nature, by the code."""
    for key, shows, tell, who in (
        ("secret-01", "BEN_CDI_NIR 01: abortion", _by_number("01"), _WOMAN),
        (
            "secret-05",
            "BEN_CDI_NIR 05: care of a centre for infections",
            _infections,
            Fits(youngest=18),
        ),
        ("secret-06", "BEN_CDI_NIR 06: abortion of a minor", _by_number("06"), _GIRL),
        (
            "secret-11",
            "BEN_CDI_NIR 11: contraception of a minor",
            _contraception,
            Fits(key="lea-moreau"),
        ),
        ("abortion-nature", "natures 2414, 2415, 2416 under the usual number", _abortion, _WOMAN),
        ("contraception-of-a-minor", "a pill for a minor under the usual number", _pill, _GIRL),
        (
            "corrected-to-secret",
            "a consultation sent again under the same nine keys, now as one before an abortion",
            _corrected,
            _WOMAN,
        ),
    ):
        alone = not who.key
        yield Case(key=key, family=Family.SECRECY, shows=shows, tell=tell, who=who, alone=alone)


def _kept_secret(setting: Setting, *lines: Line, codes: tuple[str, ...]) -> Told:
    """Secret lines, and a plain one beside them that is to be there."""
    plain = analysis(setting.ago(200), "1104", setting.doctor)
    told = expect("secret", absent=codes, present=("1104",))
    return Told(claims=Claims(lines=[plain, *lines]), expected=told)


def _by_number(number: str) -> Callable[[Setting], Told]:
    def tell(setting: Setting) -> Told:
        seen = replace(act("dr-klein", setting.ago(70)), secrecy=number)
        tested = replace(analysis(setting.ago(69), "7402", "dr-klein"), secrecy=number)
        taken = replace(
            box(setting, "mifepristone", 68, by="dr-klein"), secrecy=number, nature="3313"
        )
        codes = ("CS", tested.code, taken.code)
        return _kept_secret(setting, seen, tested, taken, codes=codes)

    return tell


def _infections(setting: Setting) -> Told:
    lines = [replace(analysis(setting.ago(50), code, setting.doctor), secrecy="05")
             for code in ("388", "1256")]  # fmt: skip
    return _kept_secret(setting, *lines, codes=("388", "1256"))


def _contraception(setting: Setting) -> Told:
    day = setting.ago(45)
    seen = replace(act("agnes-leduc", day, "1168"), secrecy="11")
    pill = replace(box(setting, "pill", 44, by="agnes-leduc"), secrecy="11")
    emergency = replace(box(setting, "emergency-pill", 46, by="agnes-leduc"), secrecy="11")
    told = expect("secret", absent=("CCP", pill.code, emergency.code))
    return Told(claims=Claims(lines=[seen, pill, emergency]), expected=told)


def _abortion(setting: Setting) -> Told:
    seen = act("dr-klein", setting.ago(70), "2414")
    first = box(setting, "mifepristone", 69, by="dr-klein")
    second = box(setting, "misoprostol", 67, by="dr-klein")
    return _kept_secret(setting, seen, first, second, codes=("IC", first.code, second.code))


def _corrected(setting: Setting) -> Told:
    plain = replace(act("dr-klein", setting.ago(55)), statement=_STATEMENT)
    return _kept_secret(setting, plain, replace(plain, nature="2414"), codes=("CS", "IC"))


def _pill(setting: Setting) -> Told:
    pill = box(setting, "pill", 44, by="agnes-leduc")
    return _kept_secret(setting, pill, codes=(pill.code,))
