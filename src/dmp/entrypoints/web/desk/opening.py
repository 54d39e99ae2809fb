"""The opening of a record: information, agreement, emergencies, for a minor who agrees; and her code at once.

Source: DMP transaction TD1.1 (EX_1.1-1010: an explicit agreement; EX_1.1-1050: both emergency boxes are offered
ticked); CSP R1111-40 (minors: holders of parental authority).
"""

from __future__ import annotations

from collections.abc import Mapping

from dmp.acts.life.open_record import OpenRecord, open_record
from dmp.acts.life.reopen_record import ReopenRecord, reopen_record
from dmp.domain.record.health_record import HealthRecord
from dmp.entrypoints.web.desk.deeds import OPENING, Deed
from dmp.entrypoints.web.desk.letters import LETTER, SMS, code_values, handed_over, way_of
from dmp.entrypoints.web.desk.persons import SeenPerson, is_minor
from dmp.entrypoints.web.visit import Visit

CONSENTS = {
    "oral": "oral, recueilli au guichet en présence de la personne",
    "ecrit": "écrit, bordereau signé conservé par la structure",
}
CONSENT_LABELS = {
    "oral": "Accord donné de vive voix, en ma présence",
    "ecrit": "Accord écrit, bordereau signé",
}
LATER = "plus-tard"
LONGEST_NAME = 200


def opening_values(visit: Visit, deed: Deed, person: SeenPerson) -> Mapping[str, object]:
    """What the form of an opening or a reactivation needs."""
    values = dict(code_values(visit))
    ways = values["ways"]
    if isinstance(ways, list):
        values["ways"] = [*ways, (LATER, "Pas maintenant", "")]
    is_sent = visit.request.method == "POST"
    return {
        **values,
        "consents": CONSENT_LABELS,
        "is_minor": is_minor(visit, person),
        "sets_emergency": deed is OPENING,
        "break_glass": not _refuses(visit, "urgence"),
        "regulation": not _refuses(visit, "samu"),
        "way": visit.form.text("remise") if is_sent else LETTER,
    }


def _refuses(visit: Visit, box: str) -> bool:
    """Whether a box that was offered ticked came back without its tick."""
    return visit.form.checked("urgences") and not visit.form.checked(box)


def missing(visit: Visit, deed: Deed, person: SeenPerson) -> dict[str, str]:
    """What must be corrected in the form, by field."""
    errors: dict[str, str] = {}
    form = visit.form
    if not form.checked("information"):
        errors["information"] = "Cochez la case après avoir remis l’information."
    if deed is OPENING and person.has_twin and not form.checked("homonyme"):
        errors["homonyme"] = (
            "Un dossier existe avec ces traits sous un autre matricule. Vérifiez, puis cochez la case."
        )
    if form.text("accord") not in CONSENTS:
        errors["accord"] = "Indiquez comment la personne a donné son accord."
    if is_minor(visit, person):
        if not form.text("representant"):
            errors["representant"] = "Saisissez le nom du représentant légal qui donne l’accord."
    elif form.text("remise") not in ("", LATER):
        way_of(visit, errors)
    return errors


async def open_or_reopen(
    visit: Visit, deed: Deed, person: SeenPerson, record: HealthRecord | None
) -> HealthRecord:
    """Do it, with the agreement in words and what is refused for emergencies."""
    form = visit.form
    consent = CONSENTS[form.text("accord")]
    if is_minor(visit, person):
        consent = f"{consent} ; représentant légal : {form.text('representant')[:LONGEST_NAME]}"
    if deed is OPENING or record is None:
        request = OpenRecord(
            ins=person.ins,
            traits=person.traits,
            consent=consent,
            no_break_glass=_refuses(visit, "urgence"),
            no_regulation=_refuses(visit, "samu"),
        )
        return await visit.do(open_record, request)
    return await visit.do(reopen_record, ReopenRecord(record_id=record.record_id, consent=consent))


async def code_at_once(visit: Visit, person: SeenPerson) -> bool:
    """Hand the code over that the form asks for. False when it is left for later, or no SMS leaves now."""
    way = visit.form.text("remise")
    if is_minor(visit, person) or way not in (LETTER, SMS):
        return False
    errors: dict[str, str] = {}
    if await handed_over(visit, person, way, errors) is None:
        visit.notice(errors["telephone"])
        return False
    return True
