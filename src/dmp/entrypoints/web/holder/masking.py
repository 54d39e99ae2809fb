"""Changes of confidentiality: made, remembered so that they can be undone, and taken back.

What is masked to every professional stands on the document; what is kept from some stands among the
holder's choices.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from uuid import UUID

from dmp.acts.documents.mask_documents import MaskDocuments, mask_documents
from dmp.acts.documents.update_metadata import Change, UpdateMetadata, update_metadata
from dmp.acts.sharing.keep_from import KeepFrom, ShowAgain, keep_from, show_again
from dmp.domain.record.preferences import Audience, Covered, Mask
from dmp.entrypoints.web.holder.audience import Kept, by_whom, to_whom
from dmp.entrypoints.web.holder.own_record import record_of
from dmp.entrypoints.web.login.sessions import MaskingDone
from dmp.entrypoints.web.visit import Visit
from dmp.locale import translate, word

PARENTS = "parents"
REMEMBERED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Masking:
    """A change of confidentiality: what, and from whom; `masked` False shows again.

    What: documents, or a category, or everything when neither is named. From whom: one profession or
    professional (`kept`), those who represent a minor (`from_parents`), else every professional.
    """

    masked: bool
    documents: tuple[UUID, ...] = ()
    category: str = ""
    future: bool = False
    kept: Kept | None = None
    from_parents: bool = False


async def do_masking(visit: Visit, masking: Masking, *, only_future: bool = False) -> str:
    """Make a change, and remember it; gives the key under which it can be undone.

    `future` tells that the choice for new documents was changed beside it, `only_future` that nothing
    else is to be.

    Raises Refused: MASK_NOT_POSSIBLE, VISIBILITY_CONFLICT, DOCUMENT_NOT_FOUND.
    """
    left = 0
    changed = masking.documents
    if masking.from_parents:
        await _hide_from_parents(visit, masking)
    elif masking.kept is not None:
        await _keep(visit, masking, masking.kept)
    elif not only_future:
        changed, left = await _mask(visit, masking)
    done = MaskingDone(
        record=str(record_of(visit)),
        masked=masking.masked,
        documents=tuple(document.bytes for document in changed),
        audience=PARENTS if masking.from_parents else _audience(masking.kept),
        audience_id=masking.kept.id if masking.kept else "",
        name=masking.kept.name if masking.kept else "",
        target=masking.category,
        future=masking.future,
        left=left,
    )
    return _remember(visit, done)


def _audience(kept: Kept | None) -> str:
    return kept.audience.value if kept is not None else ""


async def _mask(visit: Visit, masking: Masking) -> tuple[tuple[UUID, ...], int]:
    request = MaskDocuments(
        record_id=record_of(visit),
        documents=masking.documents,
        category=masking.category,
        masked=masking.masked,
    )
    result = await visit.do(mask_documents, request)
    first = set(masking.documents)
    changed = sorted((e.document_id for e in result.changed), key=lambda one: one not in first)
    return tuple(changed), len(result.left)


async def _keep(visit: Visit, masking: Masking, kept: Kept) -> None:
    """All documents in one act: all of them, or none."""
    covered = Covered.CATEGORY if masking.category else Covered.EVERYTHING
    target = masking.category
    also: tuple[str, ...] = ()
    if masking.documents:
        covered = Covered.DOCUMENT
        target, *others = map(str, masking.documents)
        also = tuple(others)
    request = KeepFrom(
        record_id=record_of(visit),
        audience=kept.audience,
        audience_id=kept.id,
        name=kept.name,
        covered=covered,
        target=target,
        also=also,
    )
    if masking.masked:
        await visit.do(keep_from, request)
        return
    again = ShowAgain(
        record_id=request.record_id,
        audience=request.audience,
        audience_id=request.audience_id,
        name=request.name,
        covered=request.covered,
        target=request.target,
        also=request.also,
    )
    await visit.do(show_again, again)


async def _hide_from_parents(visit: Visit, masking: Masking) -> None:
    change = Change.HIDE_FROM_REPRESENTATIVES if masking.masked else Change.SHOW_TO_REPRESENTATIVES
    for document in masking.documents:
        request = UpdateMetadata(document=document, changes=(change,), within=record_of(visit))
        await visit.do(update_metadata, request)


def _remember(visit: Visit, done: MaskingDone) -> str:
    kept = visit.live.state.masked
    key = secrets.token_urlsafe(9)
    kept[key] = done
    for old in list(kept)[:-REMEMBERED]:
        del kept[old]
    visit.live.changed = True
    return key


def remembered(visit: Visit, key: str) -> MaskingDone | None:
    """A change made in this session on the record of the address, or None."""
    done = visit.live.state.masked.get(key)
    return done if done is not None and done.record == str(record_of(visit)) else None


def done_of(done: MaskingDone) -> str:
    """What was done, in a sentence."""
    if done.audience == PARENTS:
        name = translate("vos représentants légaux")
        sentence = "Document non visible {by}." if done.masked else "Document visible {by}."
        return translate(sentence, by=translate("par {name}", name=name))
    if not done.name:
        if not done.target:
            return translate("Document masqué." if done.masked else "Document visible.")
        sentence = "« {what} » : masqué." if done.masked else "« {what} » : visible."
        return translate(sentence, what=word("category", done.target))
    what = translate("Tout le dossier")
    if done.target:
        what = translate("« {value} »", value=word("category", done.target))
    elif done.documents:
        what = translate("Document")
    sentence = "{what} : caché {to}." if done.masked else "{what} : de nouveau visible {by}."
    return translate(sentence, what=what, to=to_whom(done.name), by=by_whom(done.name))


def undoing(done: MaskingDone) -> Masking:
    """The change that takes this one back. Documents masked before stay masked: they did not change."""
    kept = None
    if done.audience and done.audience != PARENTS:
        kept = Kept(audience=Audience(done.audience), id=done.audience_id, name=done.name)
    documents = tuple(UUID(bytes=document) for document in done.documents)
    whole = kept is not None and not documents
    return Masking(
        masked=not done.masked,
        documents=documents,
        category=done.target if whole else "",
        kept=kept,
        from_parents=done.audience == PARENTS,
    )


def mask_reference(visit: Visit, mask: Mask) -> str:
    """A mask to some as pages of this record carry it."""
    value = (mask.audience.value, mask.audience_id, mask.covered.value, mask.target, mask.name)
    return visit.seal(f"mask:{record_of(visit)}", "\n".join(value))


async def take_back(visit: Visit, reference: str) -> str:
    """End a mask that a page carried; gives its key to undo that. Raises Refused: RECORD_NOT_FOUND."""
    value = visit.unseal(f"mask:{record_of(visit)}", reference)
    audience, audience_id, covered, target, name = value.split("\n")
    kept = Kept(audience=Audience(audience), id=audience_id, name=name)
    masking = Masking(
        masked=False,
        documents=(UUID(target),) if covered == Covered.DOCUMENT else (),
        category=target if covered == Covered.CATEGORY else "",
        kept=kept,
    )
    return await do_masking(visit, masking)
