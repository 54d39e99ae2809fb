"""Who acts on a record of the holders' pages: its holder, somebody who represents him, or a carer.

The record stands in the address of the page; who acts on it follows from the relations, asked anew at
each request. The session only remembers which record is one's own, and the rules verify even that.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from dmp.acts.perform import perform
from dmp.acts.relatives.list_profiles import ListProfiles, ProfileAccess, list_profiles
from dmp.acts.work import House
from dmp.domain.identity.caller import Caller, Carer, Holder, Representative


async def profile_at(house: House, caller: Caller, record: str) -> ProfileAccess | None:
    """The profile of a record that is not the caller's own; None when he has no relation with it.

    None too for what is no record's identifier: the rules then answer as for an unknown record.
    """
    try:
        record_id = UUID(record)
    except ValueError:
        return None
    profiles = await perform(house, list_profiles, ListProfiles(), caller)
    return next((profile for profile in profiles if profile.record_id == record_id), None)


def acting_for(caller: Caller, profile: ProfileAccess) -> Caller:
    """The person who is logged in, acting for somebody else."""
    who = caller.who
    if not isinstance(who, Holder):
        return caller
    if profile.relation == "representative":
        return replace(caller, who=Representative(ins=who.ins, name=who.name))
    return as_carer(caller)


def as_carer(caller: Caller) -> Caller:
    """The person who is logged in, as somebody's carer."""
    who = caller.who
    return (
        replace(caller, who=Carer(ins=who.ins, name=who.name))
        if isinstance(who, Holder)
        else caller
    )
