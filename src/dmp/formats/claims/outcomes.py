"""What becomes of a row: the parts of a delivery, and how each of its rows ends.

Source: SNDS, rules of cleaning; CSP L1111-14 and following for what stays secret.
"""

from __future__ import annotations

from enum import IntEnum


class Part(IntEnum):
    """The tables that are read, as numbers of the working tables."""

    PRS = 0
    PHA = 1
    BIO = 2
    CAM = 3
    TIP = 4
    UCD = 5
    ETE = 6
    IMB = 7
    MCO_C = 8
    MCO_B = 9
    MCO_D = 10
    MCO_A = 11


class Outcome(IntEnum):
    """How a row ends. From NO_SERVICE to NO_GROUP it is rejected, with its reason, in the reject file.

    A service TOLD_BY_DETAIL is neither counted nor rejected: its detail is its line. One that an earlier
    delivery made of the service alone is taken out.
    """

    LOADED = 0
    SUPPLEMENT = 1
    INFORMATION = 2
    SECRET = 3
    ELSEWHERE = 4
    NO_SERVICE = 5
    SERVICE_REJECTED = 6
    PERSON_REJECTED = 7
    NO_STAY = 8
    NO_GROUP = 9
    TOLD_BY_DETAIL = 10


LEFT_OUT: dict[Outcome, str] = {
    Outcome.SUPPLEMENT: "supplements of an act (CPL_MAJ_TOP)",
    Outcome.INFORMATION: "rows for information only (DPN_QLF, PRS_DPN_QLP)",
    Outcome.SECRET: "secret care",
    Outcome.ELSEWHERE: "rows without a place in the record",
}
"""Left out by a rule: counted, not rejected."""

REJECTED: dict[Outcome, tuple[str, str]] = {
    Outcome.NO_SERVICE: ("DCT_ORD_NUM", "no ER_PRS_F row with these nine keys"),
    Outcome.SERVICE_REJECTED: ("DCT_ORD_NUM", "its ER_PRS_F row is rejected"),
    Outcome.PERSON_REJECTED: ("", ""),  # the person says why
    Outcome.NO_STAY: ("RSA_NUM", "no T_MCOaaC row that can be taken for this stay"),
    Outcome.NO_GROUP: ("RSA_NUM", "no T_MCOaaB row that can be taken for this stay"),
}
"""The column and the reason of a rejected row."""
