"""People and organisations in a CDA header, read as authors.

Source: CI-SIS, volet structuration minimale (auteur, responsable); CDA R2 `AssignedAuthor`.
"""

from __future__ import annotations

from lxml import etree

from dmp.domain.codes import TRE_A00_AUTHOR_ROLE, Code
from dmp.domain.documents.entry import Author, AuthorKind
from dmp.domain.identifiers import InsRoot
from dmp.formats.cda.document import Path, child, plain_text, v3

_ID = v3("id")
_CODE = v3("code")
_FUNCTION = v3("functionCode")
_ASSIGNED_AUTHOR = v3("assignedAuthor")
_ASSIGNED_ENTITY = v3("assignedEntity")
_PERSON_NAME = Path("assignedPerson/name")
_DEVICE = v3("assignedAuthoringDevice")
_SOFTWARE = v3("softwareName")
_MODEL = v3("manufacturerModelName")
_ORGANISATION = v3("representedOrganization")
_NAME = v3("name")
_FAMILY = v3("family")
_GIVEN = v3("given")
_PATIENT_ROOTS = frozenset(root.value for root in InsRoot)


def read_code(element: etree._Element | None) -> Code | None:
    """A coded value, or None when the element is absent or says nothing (nullFlavor)."""
    if element is None:
        return None
    code = element.get("code", "").strip()
    if not code:
        return None
    return Code(code, element.get("codeSystem", "").strip(), element.get("displayName", "").strip())


def read_author(author: etree._Element) -> Author | None:
    """The author an `author` element of the header names; None when it names nobody."""
    assigned = child(author, _ASSIGNED_AUTHOR)
    return None if assigned is None else _read_assigned(assigned, child(author, _FUNCTION))


def read_authenticator(authenticator: etree._Element) -> Author | None:
    """The person an `authenticator` or `legalAuthenticator` element names; None for nobody."""
    assigned = child(authenticator, _ASSIGNED_ENTITY)
    return None if assigned is None else _read_assigned(assigned, None)


def read_person_name(name: etree._Element | None) -> tuple[str, str]:
    """Family and given name of a professional: several parts are joined by a blank."""
    if name is None:
        return "", ""
    family = " ".join(filter(None, map(plain_text, name.iterchildren(_FAMILY))))
    given = " ".join(filter(None, map(plain_text, name.iterchildren(_GIVEN))))
    return (family, given) if family or given else (plain_text(name), "")


def _read_assigned(assigned: etree._Element, function: etree._Element | None) -> Author | None:
    root, extension = _identifier(assigned)
    code = read_code(child(assigned, _CODE))
    role = read_code(function)
    specialty = code
    if code is not None and code.system == TRE_A00_AUTHOR_ROLE:
        specialty, role = None, role or code
    device = child(assigned, _DEVICE)
    if device is not None:
        family, given = plain_text(child(device, _SOFTWARE)), plain_text(child(device, _MODEL))
    else:
        family, given = read_person_name(_PERSON_NAME.first(assigned))
    given = "" if given == "." else given  # a dot stands where a producer has no value
    organisation = child(assigned, _ORGANISATION)
    structure_root, structure_id, structure_name = "", "", ""
    if organisation is not None:
        structure_root, structure_id = _identifier(organisation)
        structure_name = plain_text(child(organisation, _NAME))
    if not (extension or family or given or structure_id or structure_name):
        return None
    return Author(
        kind=_kind(root, is_device=device is not None, is_named=bool(extension or family or given)),
        id=extension,
        id_root=root,
        family=family,
        given=given,
        specialty=specialty,
        role=role,
        structure_id=structure_id,
        structure_root=structure_root,
        structure_name=structure_name,
    )


def _kind(root: str, *, is_device: bool, is_named: bool) -> AuthorKind:
    if is_device:
        return AuthorKind.DEVICE
    if not is_named:
        return AuthorKind.ORGANISATION
    return AuthorKind.PATIENT if root in _PATIENT_ROOTS else AuthorKind.PROFESSIONAL


def _identifier(holder: etree._Element) -> tuple[str, str]:
    """Root and extension of the first `id`; an identifier without extension is its root."""
    found = child(holder, _ID)
    if found is None:
        return "", ""
    root, extension = found.get("root", "").strip(), found.get("extension", "").strip()
    return ("", root) if root and not extension else (root, extension)
