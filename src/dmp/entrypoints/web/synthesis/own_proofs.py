"""Proof links on the pages of the holder and of whoever acts for him: one way to make them, for every page."""

from __future__ import annotations

from dmp.entrypoints.web.holder.own_record import home_of, record_of
from dmp.entrypoints.web.synthesis.proofs import Proofs, narrowed_by
from dmp.entrypoints.web.visit import Visit
from dmp.locale import translate


def own_proofs(visit: Visit, page: str, *, named: bool = False) -> Proofs:
    """The proof links of a page of the record of the address; they lead back to it as it is narrowed.

    `page` is the end of its address. What the holder declared is said to be of "vous" to himself; `named` where
    the page goes to others, as on paper.
    """
    if named:
        who = translate("le patient")
    else:
        who = translate("vous") if visit.profile is None else translate("le titulaire")
    narrowed = narrowed_by(visit.request.query_params)
    return Proofs(f"{home_of(record_of(visit))}/documents", page, who, narrowed)
