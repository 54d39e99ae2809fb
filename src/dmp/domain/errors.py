"""Refusals: a closed set of reasons, each with its category and a safe sentence.

The domain raises `Refused(Reason.X, name=value)`. A door translates the reason to its wire (HTTP
status and OperationOutcome, SOAP fault, page) through one table of its own; this file knows none of
them. A sentence never holds health content, an INS or a person's name: parameters are limited to
codes, sizes, hashes and field names.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Category(StrEnum):
    """What kind of refusal this is, without a word of transport."""

    INCORRECT = "incorrect"  # the sender must change what was sent
    UNAUTHENTICATED = "unauthenticated"  # who asks is not proven
    FORBIDDEN = "forbidden"  # who asks may not
    NOT_FOUND = "not-found"  # no such thing for this caller
    CONFLICT = "conflict"  # contradicts what the record holds
    TOO_LARGE = "too-large"
    UNSUPPORTED = "unsupported"
    BUSY = "busy"  # try again later, nothing was done
    FAULT = "fault"  # ours


@dataclass(frozen=True, slots=True)
class Explanation:
    """One row of the table of reasons: its category and the sentence in English.

    The sentence says what to change. `{names}` are filled from the parameters of `Refused`. The
    French sentence stands in the gettext catalogue under the msgid `reason.<code>`.
    """

    category: Category
    sentence: str


class Reason(StrEnum):
    """Every reason for which the house refuses. The value is the public code."""

    # Identity
    INS_MALFORMED = "ins-malformed"
    INS_KEY_WRONG = "ins-key-wrong"
    INS_ROOT_UNKNOWN = "ins-root-unknown"
    INS_ROOT_NOT_ACCEPTED = "ins-root-not-accepted"
    IDENTIFIER_MALFORMED = "identifier-malformed"
    IDENTIFIER_KEY_WRONG = "identifier-key-wrong"
    TRAITS_INCOMPLETE = "traits-incomplete"
    IDENTITY_MISMATCH = "identity-mismatch"
    NOT_AUTHENTICATED = "not-authenticated"
    TOKEN_INVALID = "token-invalid"
    LOGIN_NOT_PROVEN = "login-not-proven"
    PASSKEY_NOT_POSSIBLE = "passkey-not-possible"
    # Rights
    ACT_NOT_ALLOWED = "act-not-allowed"
    INDIVIDUAL_AUTHENTICATION_REQUIRED = "individual-authentication-required"
    ACCESS_BLOCKED = "access-blocked"
    ACCESS_NOT_AUTHORISED = "access-not-authorised"
    EMERGENCY_OPPOSED = "emergency-opposed"
    EMERGENCY_REASON_MISSING = "emergency-reason-missing"
    EMERGENCY_ENDED = "emergency-ended"
    NOT_AUTHOR = "not-author"
    ACCESS_FORBIDDEN_BY_LAW = "access-forbidden-by-law"
    CEILING_REACHED = "ceiling-reached"
    SECRET_SESSION_NOT_POSSIBLE = "secret-session-not-possible"
    SECRET_SESSION_DEPOSIT = "secret-session-deposit"
    HEIRS_NOT_ENTITLED = "heirs-not-entitled"
    # Relations
    RELATION_ENDS_BEFORE_START = "relation-ends-before-start"
    RELATION_NOT_POSSIBLE = "relation-not-possible"
    RESTRICTIONS_NOT_TOLD = "restrictions-not-told"
    INVITATION_UNKNOWN = "invitation-unknown"
    TOO_MANY_CARERS = "too-many-carers"
    MASK_NOT_POSSIBLE = "mask-not-possible"
    REVIEW_NOT_POSSIBLE = "review-not-possible"
    SHARE_UNKNOWN = "share-unknown"
    SHARE_USED = "share-used"
    SHARE_NOT_POSSIBLE = "share-not-possible"
    CARD_UNKNOWN = "card-unknown"
    REPORT_NOT_FOUND = "report-not-found"
    REPORT_NOT_POSSIBLE = "report-not-possible"
    # Life of the record
    RECORD_NOT_FOUND = "record-not-found"
    RECORD_CLOSED = "record-closed"
    RECORD_SUSPENDED = "record-suspended"
    RECORD_REFUSED = "record-refused"
    RECORD_NOT_OPEN = "record-not-open"
    RECORD_ALREADY_OPEN = "record-already-open"
    TRANSITION_NOT_POSSIBLE = "transition-not-possible"
    CONSENT_MISSING = "consent-missing"
    # Documents
    DOCUMENT_NOT_FOUND = "document-not-found"
    CONTENT_MISSING = "content-missing"
    CONTENT_EMPTY = "content-empty"
    CONTENT_TOO_LARGE = "content-too-large"
    CONTENT_TYPE_UNSUPPORTED = "content-type-unsupported"
    CONTENT_TYPE_MISMATCH = "content-type-mismatch"
    CONTENT_UNREADABLE = "content-unreadable"
    CONTENT_DANGEROUS = "content-dangerous"
    HASH_MISMATCH = "hash-mismatch"
    SIZE_MISMATCH = "size-mismatch"
    METADATA_MISSING = "metadata-missing"
    METADATA_INVALID = "metadata-invalid"
    CODE_UNKNOWN = "code-unknown"
    CLASS_CONTRADICTS_TYPE = "class-contradicts-type"
    HEADER_CONTRADICTS_METADATA = "header-contradicts-metadata"
    PATIENT_MISMATCH = "patient-mismatch"
    UNIQUE_ID_TAKEN = "unique-id-taken"
    REPLACED_NOT_FOUND = "replaced-not-found"
    REPLACED_NOT_CURRENT = "replaced-not-current"
    VISIBILITY_CONFLICT = "visibility-conflict"
    CHANGE_NOT_ALLOWED = "change-not-allowed"
    FOLDER_NOT_FOUND = "folder-not-found"
    FOLDER_NAME_TAKEN = "folder-name-taken"
    FOLDER_NOT_POSSIBLE = "folder-not-possible"
    CORRECTION_NOT_FOUND = "correction-not-found"
    CORRECTION_NOT_POSSIBLE = "correction-not-possible"
    SUBMISSION_EMPTY = "submission-empty"
    SUBMISSION_TOO_LARGE = "submission-too-large"
    # Requests
    REQUEST_MALFORMED = "request-malformed"
    REQUEST_TOO_LARGE = "request-too-large"
    PARAMETER_MISSING = "parameter-missing"
    PARAMETER_INVALID = "parameter-invalid"
    PARAMETER_UNKNOWN = "parameter-unknown"
    INTERACTION_UNSUPPORTED = "interaction-unsupported"
    ADDRESS_UNKNOWN = "address-unknown"
    REQUEST_TYPE_UNSUPPORTED = "request-type-unsupported"
    ANSWER_TYPE_UNSUPPORTED = "answer-type-unsupported"
    VERSION_MISMATCH = "version-mismatch"
    CONCURRENT_CHANGE = "concurrent-change"
    UNAVAILABLE = "unavailable"
    INTERNAL = "internal"


_C = Category
EXPLANATIONS: dict[Reason, Explanation] = {
    reason: Explanation(category, sentence)
    for reason, category, sentence in (
        (Reason.INS_MALFORMED, _C.INCORRECT,
         "The INS matricule is not 13 characters followed by a key of 2 digits ({detail}); send the 15 characters as issued."),
        (Reason.INS_KEY_WRONG, _C.INCORRECT,
         "The key of the INS matricule does not match its 13 characters; check each character and send the matricule as issued."),
        (Reason.INS_ROOT_UNKNOWN, _C.INCORRECT,
         "The identifier system {root} is not an INS root; use urn:oid:1.2.250.1.213.1.4.8 (NIR) or .9 (NIA), or .10 / .11 for tests."),
        (Reason.INS_ROOT_NOT_ACCEPTED, _C.INCORRECT,
         "INS of the root {root} are not accepted by this server; production takes no test identity."),
        (Reason.IDENTIFIER_MALFORMED, _C.INCORRECT,
         "The identifier given as {kind} is malformed ({detail}); send it as registered."),
        (Reason.IDENTIFIER_KEY_WRONG, _C.INCORRECT,
         "The identifier given as {kind} has a wrong control key; check its digits and send it as registered."),
        (Reason.TRAITS_INCOMPLETE, _C.INCORRECT,
         "The identity lacks {field}; birth name, first given name, sex and birth date are required."),
        (Reason.IDENTITY_MISMATCH, _C.CONFLICT,
         "The identity given differs from the one known for this INS on: {traits}; verify the person's identity."),
        (Reason.NOT_AUTHENTICATED, _C.UNAUTHENTICATED,
         "Nobody is authenticated for this request; send a valid access token or log in."),
        (Reason.TOKEN_INVALID, _C.UNAUTHENTICATED,
         "The access token is not valid ({detail}); obtain a new one."),
        (Reason.LOGIN_NOT_PROVEN, _C.UNAUTHENTICATED,
         "What was shown proves nobody; try again, or log in by another way."),
        (Reason.PASSKEY_NOT_POSSIBLE, _C.CONFLICT,
         "This passkey cannot be kept or removed ({detail}); look at the list again."),
        (Reason.ACT_NOT_ALLOWED, _C.FORBIDDEN,
         "This kind of caller may not do this act."),
        (Reason.INDIVIDUAL_AUTHENTICATION_REQUIRED, _C.FORBIDDEN,
         "Reading needs a professional authenticated in person; a structure alone may only deposit."),
        (Reason.ACCESS_BLOCKED, _C.FORBIDDEN,
         "This record is not accessible. You may speak about it with the patient."),
        (Reason.ACCESS_NOT_AUTHORISED, _C.FORBIDDEN,
         "No authorisation in force for this record; record the patient's consent first (TD0.3)."),
        (Reason.EMERGENCY_OPPOSED, _C.FORBIDDEN,
         "This record is not accessible. You may speak about it with the patient."),
        (Reason.EMERGENCY_REASON_MISSING, _C.INCORRECT,
         "An emergency access needs its reason in words; send it with the request."),
        (Reason.EMERGENCY_ENDED, _C.FORBIDDEN,
         "The emergency access has ended: it lasts sixty minutes; state the emergency again if it goes on."),
        (Reason.ACCESS_FORBIDDEN_BY_LAW, _C.FORBIDDEN,
         "The law forbids every access from this place of work, whoever agrees (CSP L1111-18)."),
        (Reason.CEILING_REACHED, _C.FORBIDDEN,
         "Too many different records were opened within the hour or the day; the operator is told. Try again later, or state an emergency."),
        (Reason.SECRET_SESSION_NOT_POSSIBLE, _C.FORBIDDEN,
         "A secret session is a professional's with a minor; open the record in an ordinary session."),
        (Reason.SECRET_SESSION_DEPOSIT, _C.INCORRECT,
         "In a secret session only documents hidden from the legal representatives are deposited; add INVISIBLE_REPRESENTANTS_LEGAUX."),
        (Reason.HEIRS_NOT_ENTITLED, _C.FORBIDDEN,
         "Documents are given to heirs after a death recorded as such, on a request that was granted, unless the deceased objected."),
        (Reason.RELATION_ENDS_BEFORE_START, _C.INCORRECT,
         "The relation would end before it starts; correct its dates."),
        (Reason.RELATION_NOT_POSSIBLE, _C.INCORRECT,
         "This relation is not possible ({detail}); correct the request."),
        (Reason.RESTRICTIONS_NOT_TOLD, _C.INCORRECT,
         "The person must be told why and how the access can be restricted before she agrees; tell her, and state it with the request."),
        (Reason.INVITATION_UNKNOWN, _C.NOT_FOUND,
         "No invitation in force matches this code and this identity; check the code, or ask for a new invitation."),
        (Reason.TOO_MANY_CARERS, _C.CONFLICT,
         "The number of carers is limited to {limit}; end a relation first."),
        (Reason.MASK_NOT_POSSIBLE, _C.INCORRECT,
         "This mask is not possible ({detail}); correct the request."),
        (Reason.REVIEW_NOT_POSSIBLE, _C.CONFLICT,
         "This request is not waiting for such a decision ({detail}); look at the list again."),
        (Reason.SHARE_UNKNOWN, _C.NOT_FOUND,
         "No sharing in force matches this code; check it, or ask for a new one."),
        (Reason.SHARE_USED, _C.CONFLICT,
         "This code was used already, and it is used once; ask for a new one."),
        (Reason.SHARE_NOT_POSSIBLE, _C.INCORRECT,
         "This sharing is not possible ({detail}); change it."),
        (Reason.CARD_UNKNOWN, _C.NOT_FOUND,
         "No emergency card in force has this number; check it, or search by INS."),
        (Reason.REPORT_NOT_FOUND, _C.NOT_FOUND,
         "No such access, or no such report, for this caller; read the list again."),
        (Reason.REPORT_NOT_POSSIBLE, _C.INCORRECT,
         "This report is not possible ({detail}); change it."),
        (Reason.NOT_AUTHOR, _C.FORBIDDEN,
         "Only the author of this document, or the structure that deposited it, may make this change."),
        (Reason.RECORD_NOT_FOUND, _C.NOT_FOUND,
         "No record is known for this patient; check the INS, or have the record opened."),
        (Reason.RECORD_CLOSED, _C.FORBIDDEN,
         "The record is closed: it takes and shows no document until its holder reactivates it."),
        (Reason.RECORD_SUSPENDED, _C.FORBIDDEN,
         "The record is suspended by its operator: it takes and shows no document."),
        (Reason.RECORD_REFUSED, _C.FORBIDDEN,
         "The person refused the record: it takes and shows no document."),
        (Reason.RECORD_NOT_OPEN, _C.FORBIDDEN,
         "The record is not open yet: it takes and shows no document."),
        (Reason.RECORD_ALREADY_OPEN, _C.CONFLICT,
         "A record is already open for this person; use it."),
        (Reason.TRANSITION_NOT_POSSIBLE, _C.CONFLICT,
         "A record in the state {state} cannot be moved to {wanted}."),
        (Reason.CONSENT_MISSING, _C.INCORRECT,
         "The person's consent is not stated; collect it and send it with the request."),
        (Reason.DOCUMENT_NOT_FOUND, _C.NOT_FOUND,
         "No such document for this caller; search the record again for its current identifier."),
        (Reason.CONTENT_MISSING, _C.INCORRECT,
         "The content of a document is missing ({detail}); send the bytes with the metadata."),
        (Reason.CONTENT_EMPTY, _C.INCORRECT,
         "The content of a document is empty; send the document itself."),
        (Reason.CONTENT_TOO_LARGE, _C.TOO_LARGE,
         "The content has {size} octets and the limit is {limit}; reduce the document."),
        (Reason.CONTENT_TYPE_UNSUPPORTED, _C.UNSUPPORTED,
         "Documents of the type {content_type} are not accepted; send CDA R2 (text/xml) or PDF (application/pdf)."),
        (Reason.CONTENT_TYPE_MISMATCH, _C.INCORRECT,
         "The content is not of the announced type {content_type}; correct contentType or the content."),
        (Reason.CONTENT_UNREADABLE, _C.INCORRECT,
         "The content cannot be read ({detail}); correct the document and send it again."),
        (Reason.CONTENT_DANGEROUS, _C.INCORRECT,
         "The content holds a construct that is refused ({detail}); remove it and send the document again."),
        (Reason.HASH_MISMATCH, _C.INCORRECT,
         "The hash announced is not the SHA-1 of the content received; send the hash of the exact bytes."),
        (Reason.SIZE_MISMATCH, _C.INCORRECT,
         "The size announced is {announced} octets and the content has {found}; send the size of the exact bytes."),
        (Reason.METADATA_MISSING, _C.INCORRECT,
         "The metadata lack {field}; add it."),
        (Reason.METADATA_INVALID, _C.INCORRECT,
         "The value of {field} is not valid ({detail}); correct it."),
        (Reason.CODE_UNKNOWN, _C.INCORRECT,
         "The code {code} is not in the value set of {field} ({value_set}); use a code of that set."),
        (Reason.CLASS_CONTRADICTS_TYPE, _C.INCORRECT,
         "The class {found} contradicts the type {type}, whose class is {expected}; correct it or leave it out."),
        (Reason.HEADER_CONTRADICTS_METADATA, _C.INCORRECT,
         "The CDA header contradicts the metadata on {field}; make them equal."),
        (Reason.PATIENT_MISMATCH, _C.INCORRECT,
         "The {where} names another patient than the record; send the document to its own patient."),
        (Reason.UNIQUE_ID_TAKEN, _C.CONFLICT,
         "This uniqueId is taken; give the document its own uniqueId."),
        (Reason.REPLACED_NOT_FOUND, _C.INCORRECT,
         "The document to be replaced is not known in this record; check the identifier in relatesTo."),
        (Reason.REPLACED_NOT_CURRENT, _C.CONFLICT,
         "The document to be replaced is not its latest version; replace the current one."),
        (Reason.VISIBILITY_CONFLICT, _C.INCORRECT,
         "A document is not masked to professionals and hidden from the patient at once, and no new version is hidden from somebody who sees the document it replaces; choose one restriction, or send it as a new document."),
        (Reason.CHANGE_NOT_ALLOWED, _C.UNSUPPORTED,
         "{field} cannot be changed; only status, securityLabel and isArchived can."),
        (Reason.FOLDER_NOT_FOUND, _C.NOT_FOUND,
         "No such folder for this caller; read the list of folders again."),
        (Reason.FOLDER_NAME_TAKEN, _C.CONFLICT,
         "Another folder has this name; choose another name."),
        (Reason.FOLDER_NOT_POSSIBLE, _C.INCORRECT,
         "This folder is not possible ({detail}); correct the request."),
        (Reason.CORRECTION_NOT_FOUND, _C.NOT_FOUND,
         "No such request for correction for this caller; read the list again."),
        (Reason.CORRECTION_NOT_POSSIBLE, _C.INCORRECT,
         "This request for correction is not possible ({detail}); change it."),
        (Reason.SUBMISSION_EMPTY, _C.INCORRECT,
         "The submission holds no document; add at least one DocumentReference with its content."),
        (Reason.SUBMISSION_TOO_LARGE, _C.TOO_LARGE,
         "The submission holds {found} documents and the limit is {limit}; split it."),
        (Reason.REQUEST_MALFORMED, _C.INCORRECT,
         "The request cannot be read ({detail}); correct it."),
        (Reason.REQUEST_TOO_LARGE, _C.TOO_LARGE,
         "The request exceeds {limit} octets; reduce it."),
        (Reason.PARAMETER_MISSING, _C.INCORRECT,
         "The parameter {parameter} is required; add it."),
        (Reason.PARAMETER_INVALID, _C.INCORRECT,
         "The value of the parameter {parameter} is not valid ({detail}); correct it."),
        (Reason.PARAMETER_UNKNOWN, _C.INCORRECT,
         "The parameter {parameter} is not supported by this interaction; remove it."),
        (Reason.INTERACTION_UNSUPPORTED, _C.UNSUPPORTED,
         "This interaction is not supported ({detail}); see the CapabilityStatement at metadata."),
        (Reason.ADDRESS_UNKNOWN, _C.NOT_FOUND,
         "Nothing is served at this address; see the CapabilityStatement at metadata."),
        (Reason.REQUEST_TYPE_UNSUPPORTED, _C.UNSUPPORTED,
         "Requests of this media type are not read here; send {expected}."),
        (Reason.ANSWER_TYPE_UNSUPPORTED, _C.UNSUPPORTED,
         "The answer is not available in the form that is asked; accept {offered}."),
        (Reason.VERSION_MISMATCH, _C.CONFLICT,
         "The document is at version {found} and the request expects {expected}; read it again and repeat."),
        (Reason.CONCURRENT_CHANGE, _C.CONFLICT,
         "The record changed while this request was handled; read it again and repeat."),
        (Reason.UNAVAILABLE, _C.BUSY,
         "The service cannot answer now; nothing was done, try again in a moment."),
        (Reason.INTERNAL, _C.FAULT,
         "An error of the server; nothing was done. Give the reference of this answer to the operator."),
    )
}  # fmt: skip


class Refused(Exception):
    """A refusal with its reason; carries safe text only.

    `field` is the FHIR-like path of the faulty element when there is one, for the doors that can
    point at it. `values` fill the sentence.
    """

    def __init__(self, reason: Reason, *, field: str | None = None, **values: object) -> None:
        self.reason = reason
        self.field = field
        self.values: dict[str, str] = {name: str(value) for name, value in values.items()}
        if field is not None:
            self.values.setdefault("field", field)
        super().__init__(reason.value)

    @property
    def category(self) -> Category:
        """The category of the reason."""
        return EXPLANATIONS[self.reason].category

    @property
    def sentence(self) -> str:
        """The English sentence, filled; unknown names stay visible as `{name}`."""
        return fill(EXPLANATIONS[self.reason].sentence, self.values)


class _Visible(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def fill(sentence: str, values: dict[str, str]) -> str:
    """`sentence` with its `{names}` replaced by `values`; a missing name stays as it is."""
    return sentence.format_map(_Visible(values))
