"""What a feed must withstand: cancelled, late, corrected and broken rows, records that take nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

from dmp.domain.identifiers import nir_key
from dmp.remote.simulated.claims.care import act, analysis, hospital_stay, imaging
from dmp.remote.simulated.claims.cases.case import Case, Family, Fits, Setting, Told, box, expect
from dmp.remote.simulated.claims.codes import stays
from dmp.remote.simulated.claims.lines import (
    ACTORS,
    CLINIC,
    Claims,
    Detail,
    Line,
)

UNKNOWN_CIP13: Final = "3400999999990"
"""The code of no box: it is shown with an unknown label."""
NO_DAY: Final = "2026-02-31"
_STATEMENT: Final = 901
_SHOWN: Final = 731
"""Days of the period that a record usually shows: 24 months."""


def cases() -> Iterator[Case]:
    """Rows that need care, then those that cannot be taken, then records that take nothing."""
    for key, shows, tell in (
        ("cancelled", "a delivery cancelled by a negative row", _cancelled),
        ("cancelled-in-part", "three boxes, one of them taken back", _cancelled_in_part),
        ("cancels-nothing", "a negative row without what it cancels", _cancels_nothing),
        ("late", "care sent eight months afterwards", _late),
        (
            "corrected",
            "a row sent again under the same nine keys with another quantity",
            _corrected,
        ),
        ("regularised", "a row cancelled and sent anew in a later flow", _regularised),
        ("same-row-twice", "exactly the same row twice", _same_row_twice),
        ("supplement", "a supplement (CPL_MAJ_TOP 2), left out", _supplement),
        ("for-information", "rows for information only (71), left out", _for_information),
        ("too-old", "care older than the period that is shown", _too_old),
        ("unknown-code", "a CIP13 that no reference knows", _unknown_code),
        ("stay-billed-twice", "a clinic's stay, both billed and in the PMSI: one stay", _one_stay),
    ):
        yield Case(key=key, family=Family.FEED, shows=shows, tell=tell)
    for key, shows, tell in (
        ("invalid-ins", "a row with a wrong INS key", _invalid_ins),
        ("orphan-detail", "a detail row without its service", _orphan),
        ("bad-date", "a day that is none", _bad_date),
        ("unknown-person", "somebody who has no record", _unknown_person),
    ):
        yield Case(key=key, family=Family.FEED, shows=shows, tell=tell, breaks=True)
    for key, shows, person in (
        ("closed-record", "a closed record takes nothing", "marcel-petitjean"),
        ("refused-record", "a refused record takes nothing", "odile-renaud"),
        ("no-record", "nobody opened a record", "yves-cordier"),
        ("record-of-a-dead", "a record closed by death takes nothing", "lucien-blanchet"),
    ):
        yield Case(
            key=key,
            family=Family.FEED,
            shows=shows,
            tell=_nothing,
            who=Fits(key=person),
            alone=False,
        )


def _told(kind: str, *lines: Line, **more: object) -> Told:
    return Told(claims=Claims(lines=list(lines)), expected=expect(kind, **more))


def _cancelled(setting: Setting) -> Told:
    bought = box(setting, "amlodipine", 60)
    back = replace(bought, quantity=-1, flow=setting.ago(40))
    return _told("absent", bought, back, code=bought.code)


def _cancelled_in_part(setting: Setting) -> Told:
    bought = box(setting, "paracetamol-1000", 60, quantity=3)
    back = replace(bought, quantity=-1, flow=setting.ago(40))
    return _told("present", bought, back, code=bought.code, quantity=2, on=bought.day)


def _cancels_nothing(setting: Setting) -> Told:
    back = replace(box(setting, "amlodipine", 60), quantity=-1)
    return _told("absent", back, code=back.code)


def _late(setting: Setting) -> Told:
    done = analysis(setting.ago(260), "1104", setting.doctor)
    late = replace(done, flow=setting.ago(20))
    return _told("present", late, code="1104", on=late.day)


def _corrected(setting: Setting) -> Told:
    wrong = replace(box(setting, "amlodipine", 90, quantity=9), statement=_STATEMENT)
    right = replace(wrong, quantity=1)
    return _told("present", wrong, right, code=wrong.code, quantity=1, on=wrong.day)


def _regularised(setting: Setting) -> Told:
    wrong = box(setting, "amlodipine", 90, quantity=9)
    later = setting.ago(30)
    back = replace(wrong, quantity=-9, flow=later)
    right = replace(wrong, quantity=1, flow=later)
    return _told("present", wrong, back, right, code=wrong.code, quantity=1, on=wrong.day)


def _same_row_twice(setting: Setting) -> Told:
    once = replace(box(setting, "amlodipine", 50), statement=_STATEMENT)
    return _told("present", once, once, code=once.code, quantity=1, on=once.day)


def _supplement(setting: Setting) -> Told:
    day = setting.ago(45)
    seen = act("dr-garnier", day)
    more = replace(seen, nature="1126", supplement="2")
    return _told("present", seen, more, code="CSC", quantity=1, on=day, absent=("MCS",))


def _for_information(setting: Setting) -> Told:
    day = setting.ago(45)
    told = replace(imaging(day, "ZBQK002", setting.doctor), qualifier="71")
    return _told("absent", told, code="ZBQK002")


def _too_old(setting: Setting) -> Told:
    day = min(setting.since, setting.ago(_SHOWN)) - timedelta(days=40)
    old = analysis(day, "1104", setting.doctor)
    new = analysis(setting.ago(100), "1208", setting.doctor)
    return _told("present", old, new, code="1208", on=new.day, absent=("1104",))


def _unknown_code(setting: Setting) -> Told:
    known = box(setting, "amlodipine", 20)
    return _told("present", replace(known, code=UNKNOWN_CIP13), code=UNKNOWN_CIP13, on=known.day)


def _one_stay(setting: Setting) -> Told:
    stay = hospital_stay("cataract", setting.ago(120), CLINIC)
    billed = Line(
        day=stay.start,
        end=stay.end,
        nature="2111",
        detail=Detail.PLACE,
        performer=ACTORS["dr-lemoine"],
        place=CLINIC,
        ghs=stays()["cataract"].ghs,
    )
    told = expect("present", code=billed.ghs, on=stay.start, stays=1)
    return Told(claims=Claims(lines=[billed], stays=[stay]), expected=told)


def _wrong_key(matricule: str) -> str:
    return f"{matricule[:13]}{int(matricule[13:]) % 97 + 1:02d}"


def _invalid_ins(setting: Setting) -> Told:
    wrong = _wrong_key(setting.person.ins.matricule)
    bad = replace(box(setting, "amlodipine", 30), matricule=wrong)
    good = box(setting, "cetirizine", 30)
    return _told("rejected", good, bad, rejected=2, column="BEN_NIR_PSA", present=(good.code,))


def _orphan(setting: Setting) -> Told:
    alone = replace(box(setting, "amlodipine", 30), orphan=True)
    good = box(setting, "cetirizine", 31)
    return _told("rejected", good, alone, rejected=1, table="ER_PHA_F", present=(good.code,))


def _bad_date(setting: Setting) -> Told:
    bad = replace(act(setting.doctor, setting.ago(30)), written=NO_DAY)
    good = box(setting, "cetirizine", 31)
    return _told("rejected", good, bad, rejected=1, column="EXE_SOI_DTD", present=(good.code,))


def _unknown_person(setting: Setting) -> Told:
    """A matricule with a right key that was given to nobody: born in a month that is over, order 999."""
    first = f"{setting.person.ins.matricule[:10]}999"
    nobody = f"{first}{nir_key(first):02d}"
    stranger = replace(act(setting.doctor, setting.ago(30)), matricule=nobody)
    return _told("no-record", stranger, matricule=nobody)


def _nothing(setting: Setting) -> Told:
    line = box(setting, "amlodipine", 14)
    return _told("no-record", line, code=line.code)
