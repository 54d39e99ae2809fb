"""People, devices and organisations of a document: contained resources, and back to authors.

Written: a professional in his structure is a PractitionerRole with its Practitioner and
Organization. Read: whichever of these a sender chose.

Source: PDSm ComprehensiveDocumentReference (author, authenticator); Annuaire Santé profiles.
"""

from __future__ import annotations

from dataclasses import replace

from dmp.domain.codes import Code
from dmp.domain.documents.entry import Author, AuthorKind
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import PS_ROOT, STRUCTURE_ROOT
from dmp.formats.fhir.elements import INS_SYSTEMS, Element, concept, read_concept
from dmp.formats.fhir.strict_json import Json, JsonObject
from dmp.formats.fhir.systems import oid_of, url_of

RPPS_SYSTEM = "https://rpps.esante.gouv.fr"
FINESS_SYSTEM = "https://finess.esante.gouv.fr"
SIRENE_SYSTEM = "https://sirene.fr"

# --- Written -----------------------------------------------------------------------------------


def write_author(author: Author, name: str) -> list[JsonObject]:
    """The contained resources of an author; the first has the id `name` and stands for him."""
    match author.kind:
        case AuthorKind.PATIENT:
            return [_resource("Patient", name, author)]
        case AuthorKind.DEVICE:
            return _with_structure(_device(author, name), "owner", author)
        case AuthorKind.ORGANISATION:
            return [_structure(author, name)]
        case AuthorKind.PROFESSIONAL:
            return _professional(author, name)


def _professional(author: Author, name: str) -> list[JsonObject]:
    has_structure = author.structure_id or author.structure_name
    if not (has_structure or author.specialty or author.role):
        return [_resource("Practitioner", name, author)]
    person = f"{name}-person"
    role: JsonObject = {
        "resourceType": "PractitionerRole",
        "id": name,
        "practitioner": {"reference": f"#{person}"},
    }
    resources = _with_structure(role, "organization", author)
    if author.role is not None:
        role["code"] = [concept(author.role)]
    if author.specialty is not None:
        role["specialty"] = [concept(author.specialty)]
    return [*resources, _resource("Practitioner", person, author)]


def _with_structure(resource: JsonObject, field: str, author: Author) -> list[JsonObject]:
    if not (author.structure_id or author.structure_name):
        return [resource]
    name = f"{resource['id']}-structure"
    resource[field] = {"reference": f"#{name}"}
    return [resource, _structure(author, name)]


def _device(author: Author, name: str) -> JsonObject:
    device: JsonObject = {"resourceType": "Device", "id": name}
    if author.id:
        device["identifier"] = _identifier(author.id, author.id_root)
    names: list[Json] = []
    if author.family:
        names.append({"name": author.family, "type": "user-friendly-name"})
    if author.given:
        names.append({"name": author.given, "type": "model-name"})
    if names:
        device["deviceName"] = names
    code = author.role or author.specialty
    if code is not None:
        device["type"] = concept(code)
    return device


def _structure(author: Author, name: str) -> JsonObject:
    organisation: JsonObject = {"resourceType": "Organization", "id": name}
    if author.structure_id:
        organisation["identifier"] = _identifier(author.structure_id, author.structure_root)
    if author.structure_name:
        organisation["name"] = author.structure_name
    return organisation


def _resource(kind: str, name: str, author: Author) -> JsonObject:
    person: JsonObject = {"resourceType": kind, "id": name}
    if author.id:
        person["identifier"] = _identifier(author.id, author.id_root)
    written: JsonObject = {}
    if author.family:
        written["family"] = author.family
    if author.given:
        written["given"] = [author.given]
    if written:
        person["name"] = [written]
    return person


def _identifier(value: str, root: str) -> list[Json]:
    written: JsonObject = {"system": url_of(root)} if root else {}
    written["value"] = value
    return [written]


# --- Read --------------------------------------------------------------------------------------


class Contained:
    """The resources a resource contains, by their id, and those of its Bundle by their fullUrl."""

    def __init__(self, resource: Element, bundled: dict[str, Element]) -> None:
        self._bundled = bundled
        self._own: dict[str, Element] = {}
        for one in resource.children("contained"):
            name = "#" + one.required("id")
            if name in self._own:
                raise one.wrong("id", "two contained resources have this id")
            self._own[name] = one

    def resolve(self, reference: Element) -> Element | None:
        """The resource that a `Reference` names; None when it is not at hand.

        Raises:
            Refused: METADATA_INVALID, a contained resource is named and not there.
        """
        target = reference.text("reference")
        found = self._own.get(target) or self._bundled.get(target)
        if found is None and target.startswith("#"):
            raise reference.wrong("reference", "no contained resource has this id")
        return found


def read_author(reference: Element, contained: Contained) -> Author:
    """The author that a `Reference` names.

    Raises:
        Refused: METADATA_INVALID, the reference leads to nothing that says who it is.
    """
    resource = contained.resolve(reference)
    if resource is None:
        return _logical(reference)
    match resource.text("resourceType"):
        case "PractitionerRole":
            author = _read_role(resource, contained)
        case "Practitioner":
            author = _read_person(resource, AuthorKind.PROFESSIONAL, PS_ROOT)
            specialties = [
                code
                for one in resource.children("qualification")
                if (code := read_concept(one.child("code"))) is not None
            ]
            author = replace(author, specialty=specialties[0] if specialties else None)
        case "Patient" | "RelatedPerson":
            author = _read_person(resource, AuthorKind.PATIENT, "")
        case "Device":
            author = _read_device(resource, contained)
        case "Organization":
            author = _read_structure(resource, Author(kind=AuthorKind.ORGANISATION))
        case _:
            raise reference.wrong("reference", "neither a person, a device nor an organisation")
    if not (author.id or author.display):
        raise reference.wrong("", "the resource names nobody: an identifier or a name is needed")
    return author


def _logical(reference: Element) -> Author:
    """A reference by identifier or name alone."""
    identifier = reference.child("identifier")
    value, root = _read_identifier([identifier] if identifier else [], PS_ROOT)
    name = reference.text("display")
    if not (value or name):
        raise reference.wrong(
            "reference", "the resource is not at hand: contain it, or name it by its identifier"
        )
    if root == STRUCTURE_ROOT or reference.text("type") == "Organization":
        return Author(
            kind=AuthorKind.ORGANISATION,
            structure_id=value,
            structure_root=root,
            structure_name=name,
        )
    kind = AuthorKind.PATIENT if f"urn:oid:{root}" in INS_SYSTEMS else AuthorKind.PROFESSIONAL
    return Author(kind=kind, id=value, id_root=root, family=name)


def _read_role(resource: Element, contained: Contained) -> Author:
    author = Author(kind=AuthorKind.PROFESSIONAL)
    practitioner = resource.child("practitioner")
    if practitioner is not None:
        person = contained.resolve(practitioner)
        author = (
            _read_person(person, AuthorKind.PROFESSIONAL, PS_ROOT)
            if person is not None
            else _named_aside(practitioner, author)
        )
    if not author.id:
        # Published examples give the person's identifier on the role.
        value, root = _read_identifier(resource.children("identifier"), PS_ROOT)
        author = replace(author, id=value, id_root=root)
    author = _read_owner(resource.child("organization"), contained, author)
    return replace(
        author,
        role=_first_code(resource.children("code")),
        specialty=_first_code(resource.children("specialty")),
    )


def _named_aside(reference: Element, author: Author) -> Author:
    """What a reference to an absent resource says by itself."""
    identifier = reference.child("identifier")
    value, root = _read_identifier([identifier] if identifier else [], PS_ROOT)
    return replace(author, id=value, id_root=root, family=reference.text("display"))


def _first_code(concepts: list[Element]) -> Code | None:
    return next((code for one in concepts if (code := read_concept(one)) is not None), None)


def _read_person(resource: Element, kind: AuthorKind, prefer: str) -> Author:
    value, root = _read_identifier(resource.children("identifier"), prefer)
    names = resource.children("name")
    name = next(
        (one for one in names if one.text("use") == "official"), names[0] if names else None
    )
    family = (name.text("family") or name.text("text")) if name else ""
    given = " ".join(name.texts("given")) if name else ""
    return Author(kind=kind, id=value, id_root=root, family=family, given=given)


def _read_device(resource: Element, contained: Contained) -> Author:
    value, root = _read_identifier(resource.children("identifier"), "")
    family, given = "", ""
    for one in resource.children("deviceName"):
        if one.text("type") == "model-name":
            given = given or one.text("name")
        else:
            family = family or one.text("name")
    author = Author(
        kind=AuthorKind.DEVICE,
        id=value,
        id_root=root,
        family=family,
        given=given or resource.text("modelNumber"),
        role=read_concept(resource.child("type")),
    )
    return _read_owner(resource.child("owner"), contained, author)


def _read_owner(reference: Element | None, contained: Contained, author: Author) -> Author:
    if reference is None:
        return author
    organisation = contained.resolve(reference)
    if organisation is not None:
        return _read_structure(organisation, author)
    identifier = reference.child("identifier")
    value, root = _read_identifier([identifier] if identifier else [], STRUCTURE_ROOT)
    return replace(
        author, structure_id=value, structure_root=root, structure_name=reference.text("display")
    )


def _read_structure(resource: Element, author: Author) -> Author:
    value, root = _read_identifier(resource.children("identifier"), STRUCTURE_ROOT)
    return replace(
        author, structure_id=value, structure_root=root, structure_name=resource.text("name")
    )


# A register's own number becomes the national identifier by its first character.
_NATIONAL = {RPPS_SYSTEM: ("8", PS_ROOT), FINESS_SYSTEM: ("1", STRUCTURE_ROOT)}


def _read_identifier(identifiers: list[Element], prefer: str) -> tuple[str, str]:
    """Value and root: the national identifier when it is there, else the first."""
    found: list[tuple[str, str]] = []
    for one in identifiers:
        system, value = one.text("system"), one.text("value")
        if not value:
            raise Refused(Reason.METADATA_MISSING, field=f"{one.path}.value")
        prefix, root = _NATIONAL.get(system, ("", oid_of(system)))
        if system == SIRENE_SYSTEM and len(value) in (9, 14):
            prefix, root = ("2" if len(value) == 9 else "3"), STRUCTURE_ROOT
        found.append((prefix + value, root))
    return next((one for one in found if one[1] == prefer), found[0] if found else ("", ""))
