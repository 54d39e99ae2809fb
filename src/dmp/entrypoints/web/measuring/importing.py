"""Take over measures from a file: limits first, then a preview of each row, then what is right is added.

Nothing is kept before it is confirmed. Rows that are wrong stay in a field to be put right; what is there
already is never added twice, however often the form is sent.
"""

from __future__ import annotations

from collections.abc import Sequence

from starlette.responses import Response

from dmp.acts.person.change_profile import change_profile
from dmp.acts.person.profile import read_profile
from dmp.domain.record.declared.changes import PutMeasures
from dmp.domain.record.declared.measures import SCALES
from dmp.entrypoints.web.declaring.fields import SENTENCES
from dmp.entrypoints.web.declaring.measures import title_of
from dmp.entrypoints.web.declaring.visiting import kept, life_of, medical, tried
from dmp.entrypoints.web.forms import MAX_FIELD_LENGTH
from dmp.entrypoints.web.holder.own_record import record_of
from dmp.entrypoints.web.measuring.rows import (
    COLUMNS,
    MOST_ROWS,
    Row,
    State,
    decoded,
    rows_of,
    said_value,
    written_row,
)
from dmp.entrypoints.web.page import Authentication, form_page
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import size
from dmp.locale import plural, translate

MOST_OCTETS = 100_000
_BLOCK = 80
"""Rows that one hidden field of the preview carries."""
_CARRIED = "lignes"
_TYPED = "texte"
_LEFT = "reste"


async def importing(visit: Visit) -> Response:
    """The file is asked for; then shown row by row; then its right rows are added."""
    if visit.request.method == "GET":
        return _ask(visit, {})
    if visit.form.texts(_CARRIED) or visit.form.text("faire") == "ajouter":
        return await _confirmed(visit)
    text, errors = _given(visit)
    if errors:
        return _ask(visit, errors)
    profile = await kept(visit)
    rows = rows_of(text, profile.measures, life_of(visit))
    if not rows:
        return _ask(visit, {"fichier": "Aucune ligne n’a été trouvée : vérifiez le fichier."})
    if len(rows) > MOST_ROWS:
        words = translate(
            "Ce fichier a {number} lignes ; {most} au plus à la fois : partagez-le en plusieurs.",
            number=len(rows),
            most=MOST_ROWS,
        )
        return _ask(visit, {"fichier": words})
    return _preview(visit, rows)


def _given(visit: Visit) -> tuple[str, dict[str, str]]:
    """The text of the file, else what was pasted; what is wrong with it, by field."""
    upload, pasted = visit.form.files.get("fichier"), visit.form.text(_TYPED)
    too_large = translate(
        "Ce fichier est trop lourd : {limit} au plus. Partagez-le en plusieurs.",
        limit=size(MOST_OCTETS),
    )
    if visit.form.is_too_large or (upload is not None and len(upload.content) > MOST_OCTETS):
        return "", {"fichier": too_large}
    if upload is not None and upload.content:
        text = decoded(upload.content)
        if text is None:
            return "", {"fichier": "Ce fichier n’est pas un texte : enregistrez-le au format CSV."}
        return text, {}
    if len(pasted) >= MAX_FIELD_LENGTH:
        return "", {_TYPED: "Ce texte est trop long pour être collé : envoyez un fichier."}
    if not pasted:
        return "", {"fichier": "Choisissez un fichier, ou collez des lignes ci-dessous."}
    return pasted, {}


def _ask(visit: Visit, errors: dict[str, str]) -> Response:
    return visit.render(
        "measuring/import.html",
        "Importer des mesures",
        status=400 if errors else 200,
        record_id=record_of(visit),
        measures=f"{medical(visit)}/mesures",
        path=f"{medical(visit)}/mesures/importer",
        columns=";".join(COLUMNS),
        kinds=[
            (what.value, title_of(what), scale.unit)
            for what, scale in SCALES.items()
            if not scale.computed
        ],
        most_rows=MOST_ROWS,
        most_size=size(MOST_OCTETS),
        pasted=visit.form.text(_TYPED),
        errors=errors,
    )


def _preview(visit: Visit, rows: Sequence[Row], *, told: str = "") -> Response:
    """Each row and what becomes of it; `told` is what was done just before."""
    new = [row for row in rows if row.state is State.NEW]
    wrong = [row for row in rows if row.state is State.FAULTY]
    left = "\n".join(row.text for row in wrong)
    return visit.render(
        "measuring/preview.html",
        "Vérifier avant d’importer",
        status=400 if wrong else 200,
        record_id=record_of(visit),
        measures=f"{medical(visit)}/mesures",
        path=f"{medical(visit)}/mesures/importer",
        rows=rows,
        new=new,
        wrong=wrong,
        known=len(rows) - len(new) - len(wrong),
        blocks=_blocks(new),
        # What does not fit into a field is put right in the file itself.
        left=left if len(left) < MAX_FIELD_LENGTH else "",
        columns=";".join(COLUMNS),
        title_of=title_of,
        said_value=said_value,
        told=told,
        errors={},
    )


def _blocks(rows: Sequence[Row]) -> list[str]:
    written = [written_row(row.measure) for row in rows if row.measure is not None]
    return ["\n".join(written[start : start + _BLOCK]) for start in range(0, len(written), _BLOCK)]


async def _confirmed(visit: Visit) -> Response:
    """Add what the preview showed as right; what was put right since is shown first."""
    profile, life = await kept(visit), life_of(visit)
    text = "\n".join(visit.form.texts(_CARRIED))
    rows = rows_of(text, profile.measures, life)
    if visit.form.text("faire") == "verifier":
        carried = [row.measure for row in rows if row.measure is not None]
        typed = rows_of(visit.form.text(_TYPED), (*profile.measures, *carried), life)
        return _preview(visit, (*rows, *typed))
    measures = tuple(row.measure for row in rows if row.state is State.NEW and row.measure)
    if measures:
        outcome = await tried(visit, profile, PutMeasures(lines=measures))
        if outcome.faults:
            return _ask(visit, {"fichier": SENTENCES[next(iter(outcome.faults.values()))]})
        if outcome.now is not None:  # somebody else wrote meanwhile: shown again, nothing is lost
            return _preview(visit, rows_of(text, outcome.now.measures, life))
    told = (
        plural("%(num)d mesure est ajoutée.", "%(num)d mesures sont ajoutées.", len(measures))
        % {"num": len(measures)}
        if measures
        else translate("Rien n’a été ajouté : tout était déjà dans le profil.")
    )
    left = rows_of(visit.form.text(_LEFT), (await kept(visit)).measures, life)
    if left:  # what was wrong is still there to be put right
        return _preview(visit, left, told=told)
    visit.notice(told)
    return visit.go_to(f"{medical(visit)}/mesures")


PAGES = form_page(
    "/espace/{record}/profil-medical/mesures/importer",
    importing,
    Authentication.HOLDER,
    read_profile,
    change_profile,
    takes_file=True,
)
