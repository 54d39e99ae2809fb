"""Checks that no single field answers: the bytes, the patient, the class, the visibility.

Source: IHE ITI TF-3 (hash, size); CI-SIS ASS_X16 (class from type); CSP R1111-49, R1111-53.
"""

from __future__ import annotations

from hashlib import sha1, sha256

from dmp.domain.codes import Code
from dmp.domain.documents.deposit import Deposit
from dmp.domain.documents.entry import Content
from dmp.domain.documents.types import document_types
from dmp.domain.documents.visibility import Restriction, Visibility
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import InsRoot
from dmp.domain.identity.patient import folded


def content_facts(deposit: Deposit) -> Content:
    """Size and hashes of the bytes received, held against what was announced."""
    octets, claimed = deposit.claimed.content, deposit.claimed
    if not octets:
        raise Refused(Reason.CONTENT_EMPTY, field=deposit.path("content.attachment"))
    # SHA-1 is the hash of the XDS metadata, not a protection; SHA-256 stands beside it.
    xds_hash = sha1(octets, usedforsecurity=False).hexdigest()
    if claimed.size is not None and claimed.size != len(octets):
        field = deposit.path("content.attachment.size")
        raise Refused(Reason.SIZE_MISMATCH, field=field, announced=claimed.size, found=len(octets))
    if claimed.hash is not None and claimed.hash.strip().lower() != xds_hash:
        raise Refused(Reason.HASH_MISMATCH, field=deposit.path("content.attachment.hash"))
    return Content(size=len(octets), sha1=xds_hash, sha256=sha256(octets).hexdigest())


def same_patient(deposit: Deposit, notes: list[str]) -> None:
    """The record, the submission, the metadata and the content name one and the same person."""
    ins, header = deposit.record.ins, deposit.header
    named = ((deposit.submission.ins, "submission"), (deposit.claimed.ins, "document's metadata"))
    for claimed, where in named:
        if claimed is not None and claimed != ins:
            raise Refused(Reason.PATIENT_MISMATCH, field=deposit.path("subject"), where=where)
    national = {
        (root, "".join(extension.split()).upper())
        for root, extension in header.patient_ids
        if root in tuple(InsRoot)
    }
    if any(found != (ins.root.value, ins.matricule) for found in national):
        field = deposit.path("content.attachment")
        raise Refused(Reason.PATIENT_MISMATCH, field=field, where="recordTarget of the CDA header")
    if header.is_cda and not national:
        notes.append("The CDA header names the patient without an INS; it could not be compared.")
    names = [folded(name) for name in header.patient_names]
    traits = deposit.record.traits
    known = [folded(name) for name in (traits.birth_name, traits.used_name) if name]
    if names and not any(name.startswith(own) for name in names for own in known):
        notes.append(
            "The CDA header names the patient otherwise than the record; verify the identity."
        )


def class_of(type_code: Code, deposit: Deposit, notes: list[str]) -> Code:
    """The class that goes with the type; the sender may repeat it, not choose it."""
    known = document_types()[type_code.code]
    claimed = deposit.claimed.class_code
    if claimed is None or claimed.code == known.class_code.code:
        return known.class_code
    if claimed.code in known.older_classes:
        notes.append("The class is that of an earlier table; the current one was registered.")
        return known.class_code
    raise Refused(
        Reason.CLASS_CONTRADICTS_TYPE,
        field=deposit.path("category"),
        found=claimed.code[:64],
        type=type_code.code,
        expected=known.class_code.code,
    )


_LEVELS = ("N", "R", "V")


def visibility_of(type_code: Code, deposit: Deposit, notes: list[str]) -> Visibility:
    """The visibility asked for, the holder's choice for new documents, the stricter level."""
    claimed, header = deposit.claimed, deposit.header
    field = deposit.path("securityLabel")
    if claimed.level not in _LEVELS:
        raise Refused(
            Reason.CODE_UNKNOWN, field=field, code=claimed.level[:64], value_set="JDV_J58"
        )
    level = claimed.level
    if header.confidentiality in _LEVELS and _LEVELS.index(header.confidentiality) > _LEVELS.index(
        level
    ):
        level = header.confidentiality
        notes.append("The CDA header has a stricter confidentiality; it was registered.")
    asked = set(claimed.restrictions or ())
    if deposit.by_patient and Restriction.HIDDEN_FROM_PATIENT in asked:
        raise Refused(
            Reason.METADATA_INVALID, field=field, detail="a patient hides nothing from himself"
        )
    stated_by_patient = deposit.by_patient and claimed.restrictions is not None
    category = document_types()[type_code.code].category
    mask_new = deposit.record.preferences.masks_new(category) and not stated_by_patient
    hidden = Restriction.HIDDEN_FROM_REPRESENTATIVES in asked
    if deposit.depositor.secret and not hidden:
        raise Refused(Reason.SECRET_SESSION_DEPOSIT, field=field)
    if not hidden and claimed.restrictions is None and deposit.is_of_a_minor:
        notes.append(
            "The record is a minor's: it was not said whether legal representatives may see the "
            "document; they may."
        )
    # The two restrictions exclude each other; a document first waits for its announcement.
    if mask_new and Restriction.HIDDEN_FROM_PATIENT not in asked:
        asked.add(Restriction.MASKED)
    try:
        return Visibility.of(asked, level)
    except Refused as refusal:
        raise Refused(refusal.reason, field=field) from refusal
