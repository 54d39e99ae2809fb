"""The holder's general choices: visibility of new documents, the emergency switches, his word on heirs.

CSP L1111-15, L1111-17 I; L1110-4 V (objection of the deceased). Who: the holder; his representative, but
for the objection to heirs, which is the holder's own word.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from dmp.acts.act import Act, OfRecord, always
from dmp.acts.notices.security import tell_holder
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.documents.types import CATEGORIES
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId
from dmp.domain.identity.caller import Holder
from dmp.domain.record.confidences import told_to
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.notice import NoticeKind
from dmp.domain.record.preferences import EmergencySwitches, Preferences


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPreferences:
    """The choices. `masked_categories` are those whose new documents are masked to professionals;
    `heirs_opposed` keeps the documents from heirs. Of both, None leaves what was chosen before.
    """

    record_id: RecordId
    mask_new_documents: bool
    emergency: EmergencySwitches
    masked_categories: tuple[str, ...] | None = None
    heirs_opposed: bool | None = None


async def _set_preferences(request: SetPreferences, work: Work) -> HealthRecord:
    before = work.record.preferences
    preferences = replace(
        before,
        mask_new_documents=request.mask_new_documents,
        emergency=request.emergency,
        masked_categories=_categories(request, before),
        heirs_opposed=_heirs(request, before, work),
    )
    record = replace(work.record, preferences=preferences)
    work.records.change(record)
    if preferences != before:
        tell_holder(work, NoticeKind.CONFIDENTIALITY_CHANGED, work.now)
    return told_to(record, work.caller)


def _categories(request: SetPreferences, before: Preferences) -> tuple[str, ...]:
    if request.masked_categories is None:
        return before.masked_categories
    if not CATEGORIES.keys() >= set(request.masked_categories):
        raise Refused(Reason.MASK_NOT_POSSIBLE, detail="unknown category")
    return tuple(code for code in CATEGORIES if code in request.masked_categories)


def _heirs(request: SetPreferences, before: Preferences, work: Work) -> bool:
    if request.heirs_opposed in (None, before.heirs_opposed):
        return before.heirs_opposed
    if not isinstance(work.caller.who, Holder):
        raise Refused(Reason.ACT_NOT_ALLOWED)
    return bool(request.heirs_opposed)


set_preferences = Act(
    name="set-preferences",
    actions=always(Action.WRITE_CHOICES),
    target=lambda request: OfRecord(request.record_id),
    run=_set_preferences,
)
