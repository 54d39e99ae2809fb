"""What of a record is told to whom: a secret of the minor stays one towards those who act for him."""

from __future__ import annotations

from dataclasses import replace

from dmp.domain.identity.caller import Caller, Carer, Representative
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.preferences import Preferences
from dmp.domain.record.relations import Relations


def told_to(record: HealthRecord, caller: Caller) -> HealthRecord:
    """The record as this caller may know it.

    A representative is not told what was agreed in a minor's secret session, nor of masks of documents
    that are hidden from him, nor what the holder shared himself; a carer knows of no choice and of no
    relation but his own. The version is left out for both: it would count the changes that are not told.
    """
    relations, preferences = record.relations, record.preferences
    match caller.who:
        case Representative():
            consents = tuple(c for c in relations.consents if not c.secret)
            masks = tuple(m for m in preferences.masks if not m.secret)
            shares = tuple(s for s in relations.shares if not s.by_holder)
            return replace(
                record,
                relations=replace(relations, consents=consents, shares=shares),
                preferences=replace(preferences, masks=masks),
                version=0,
            )
        case Carer(ins=ins):
            own = tuple(c for c in relations.carers if c.matricule == ins.matricule)
            return replace(
                record, relations=Relations(carers=own), preferences=Preferences(), version=0
            )
        case _:
            return record
