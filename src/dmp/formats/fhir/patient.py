"""Patient: the answer of TD0.2, and the identity with which a record is opened (TD1.1).

Source: PDSM4DMP TD0.2 (extensions of the DMP); FR Core `fr-core-patient` (INS, names, birth place). The
authorisation of the caller, which PDSM4DMP leaves open, and the consent to the opening are
extensions of our own.
"""

from __future__ import annotations

from typing import Final

import orjson

from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import Ins
from dmp.domain.identity.patient import Sex, Traits
from dmp.domain.record.health_record import ClosingMotive, Closure, HealthRecord, State
from dmp.domain.record.relations import Authorisation
from dmp.formats.fhir.dates import PARIS, read_date
from dmp.formats.fhir.elements import Element, ins_identifier, read_coding
from dmp.formats.fhir.strict_json import Json, JsonObject
from dmp.formats.fhir.subject import read_patient_ins
from dmp.formats.fhir.systems import OURS, nos

FR_CORE: Final = "https://hl7.fr/ig/fhir/core/StructureDefinition"
DMP: Final = "https://interop.esante.gouv.fr/ig/fhir/dmp"
CLOSURE: Final = f"{DMP}/StructureDefinition/dmp-fermeture"
ATTACHED: Final = f"{DMP}/StructureDefinition/dmp-rattachement-mes"
ATTENDING_DOCTOR: Final = f"{DMP}/StructureDefinition/dmp-medecin-traitant"
AUTHORISATION: Final = f"{OURS}:StructureDefinition:dmp-autorisation"
AUTHORISATIONS: Final = f"{OURS}:CodeSystem:dmp-autorisation"
CONSENT: Final = f"{OURS}:StructureDefinition:dmp-consentement"
MOTIVES: Final = f"{OURS}:CodeSystem:dmp-motif-fermeture"
BIRTH_NAMES: Final = f"{FR_CORE}/fr-core-patient-birth-list-given-name"
BIRTH_PLACE: Final = "http://hl7.org/fhir/StructureDefinition/patient-birthPlace"
INSEE: Final = f"{FR_CORE}/fr-core-address-insee-code"

_GENDERS: Final = {Sex.MALE: "male", Sex.FEMALE: "female", Sex.UNKNOWN: "unknown"}
_SEXES: Final = {gender: sex for sex, gender in _GENDERS.items()} | {"other": Sex.UNKNOWN}
# One motive is published; the others have no published code.
_PUBLISHED_MOTIVES: Final = {ClosingMotive.HOLDER_REQUEST: "patient-demande"}


def write_patient(
    record: HealthRecord,
    authorisation: Authorisation | None = None,
    *,
    is_attending_doctor: bool | None = None,
) -> bytes:
    """A record as the Patient it is about, without a version: it would count what this reader is not told.

    Args:
        record: the record, open or not.
        authorisation: the caller's, when he is a professional.
        is_attending_doctor: whether the caller is the attending doctor, when he is a professional.
    """
    is_open = record.state is State.OPEN
    extensions: list[Json] = []
    if record.closure is not None:
        extensions.append(_closure(record.closure))
    extensions.append({"url": ATTACHED, "valueBoolean": is_open})
    if is_attending_doctor is not None:
        extensions.append({"url": ATTENDING_DOCTOR, "valueBoolean": is_attending_doctor})
    if authorisation is not None:
        code: JsonObject = {"system": AUTHORISATIONS, "code": authorisation.value}
        extensions.append({"url": AUTHORISATION, "valueCoding": code})
    if record.traits.birth_place:
        extensions.append(_birth_place(record.traits.birth_place))
    patient: JsonObject = {
        "resourceType": "Patient",
        "id": str(record.record_id),
        "meta": {"profile": [f"{FR_CORE}/fr-core-patient"]},
        "extension": extensions,
        "identifier": [ins_identifier(record.ins)],
        "active": is_open,
        "name": _names(record.traits),
        "gender": _GENDERS[record.traits.sex],
        "birthDate": record.traits.birth_date.isoformat(),
    }
    return orjson.dumps(patient)


def entry_of(patient: bytes, full_url: str) -> bytes:
    """A Patient as an entry of a searchset."""
    return b"".join(
        (
            b'{"fullUrl":', orjson.dumps(full_url),
            b',"resource":', patient,
            b',"search":{"mode":"match"}}',
        )
    )  # fmt: skip


def _closure(closure: Closure) -> JsonObject:
    published = _PUBLISHED_MOTIVES.get(closure.motive)
    coded: JsonObject = (
        {"system": f"{DMP}/CodeSystem/dmp-motif-fermeture", "code": published}
        if published
        else {"system": MOTIVES, "code": closure.motive.value}
    )
    day = closure.at.astimezone(PARIS).date().isoformat()
    parts: list[Json] = [
        {"url": "dateFermeture", "valueDate": day},
        {"url": "motifFermeture", "valueCodeableConcept": {"coding": [coded]}},
    ]
    if closure.reason:
        parts.append({"url": "raisonFermeture", "valueString": closure.reason})
    return {"url": CLOSURE, "extension": parts}


def _names(traits: Traits) -> list[Json]:
    official: JsonObject = {
        "use": "official",
        "family": traits.birth_name,
        "given": [traits.first_given_name],
        "extension": [{"url": BIRTH_NAMES, "valueString": traits.given_names}],
    }
    if not (traits.used_name or traits.used_given_name):
        return [official]
    usual: JsonObject = {
        "use": "usual",
        "family": traits.used_name or traits.birth_name,
        "given": [traits.used_given_name or traits.first_given_name],
    }
    return [usual, official]


def _birth_place(insee: str) -> JsonObject:
    code: JsonObject = {"system": nos("TRE_R13-Commune"), "code": insee}
    address: JsonObject = {"extension": [{"url": INSEE, "valueCoding": code}]}
    return {"url": BIRTH_PLACE, "valueAddress": address}


# --- Read --------------------------------------------------------------------------------------


def read_identity(patient: Element, *, test_mode: bool) -> tuple[Ins, Traits, str]:
    """INS, strict traits, and the consent to the opening in words.

    Raises:
        Refused: METADATA_MISSING, METADATA_INVALID, TRAITS_INCOMPLETE, CONSENT_MISSING, or what
            `Ins.parse` refuses.
    """
    if patient.text("resourceType") != "Patient":
        raise patient.wrong("resourceType", "Patient is expected")
    ins = read_patient_ins(patient, test_mode=test_mode)
    if ins is None:
        raise Refused(Reason.METADATA_MISSING, field="Patient.identifier", detail="INS")
    consent = patient.extension(CONSENT)
    given = consent.text("valueString") if consent is not None else ""
    if not given:
        raise Refused(Reason.CONSENT_MISSING, field="Patient.extension")
    return ins, _traits(patient), given


def _traits(patient: Element) -> Traits:
    names = patient.children("name")
    official = next((one for one in names if one.text("use") == "official"), None)
    if official is None:
        raise Refused(Reason.METADATA_MISSING, field="Patient.name", detail="use official")
    usual = next((one for one in names if one.text("use") == "usual"), None)
    listed = official.extension(BIRTH_NAMES)
    all_given = listed.text("valueString") if listed is not None else ""
    sex = _SEXES.get(patient.required("gender"))
    if sex is None:
        raise patient.wrong("gender", "male, female or unknown")
    return Traits(
        birth_name=official.text("family"),
        given_names=all_given or " ".join(official.texts("given")),
        sex=sex,
        birth_date=read_date(patient.required("birthDate"), "Patient.birthDate"),
        birth_place=_read_birth_place(patient),
        used_name=usual.text("family") if usual is not None else "",
        used_given_name=" ".join(usual.texts("given")) if usual is not None else "",
    )


def _read_birth_place(patient: Element) -> str:
    extension = patient.extension(BIRTH_PLACE)
    address = extension.child("valueAddress") if extension is not None else None
    insee = address.extension(INSEE) if address is not None else None
    coded = insee.child("valueCoding") if insee is not None else None
    if coded is None:
        return ""
    code = read_coding(coded).code
    if len(code) != 5 or not code.isalnum():
        raise coded.wrong("code", "the 5 characters of the INSEE code are expected")
    return code
