"""`dmp corrections`: listed without health content, shown on purpose, answered to the holder."""

from __future__ import annotations

from dmp.acts.corrections.ask_correction import AskCorrection, ask_correction
from dmp.acts.corrections.list_corrections import ListCorrections, list_corrections
from dmp.acts.documents.provide_documents import provide_documents
from dmp.acts.perform import perform
from dmp.domain.documents.entry import Author, AuthorKind
from dmp.domain.documents.submission import ClaimedDocument, Submission
from dmp.domain.documents.types import document_types
from dmp.domain.identifiers import STRUCTURE_ROOT
from dmp.formats.pdf import write_pdf
from dmp.remote.simulated.directory import caller_of
from tests.cli.test_operating import INS, Operating, operating
from tests.scenarios.telling import PATIENT, Story

__all__ = ["operating"]
TEXT = "Ce n’est pas mon groupe sanguin."


def test_a_request_to_a_structure_is_passed_on_and_answered(operating: Operating) -> None:
    async def ask(tale: Story) -> None:
        record = await tale.opened()
        laboratory = Author(
            kind=AuthorKind.ORGANISATION,
            structure_id="1750000024",
            structure_root=STRUCTURE_ROOT,
            structure_name="Laboratoire du Port",
        )
        claimed = ClaimedDocument(
            content=write_pdf("Groupe sanguin", ["B positif"]),
            content_type="application/pdf",
            title="Groupe sanguin",
            type_code=document_types()["11502-2"].code,
            created_at=tale.house.at,
            authors=(laboratory,),
        )
        submission = Submission(ins=record.ins, documents=(claimed,))
        receipt = await perform(tale.house, provide_documents, submission, caller_of("dr-martin"))
        entry = receipt.documents[0].entry
        request = AskCorrection(record_id=record.record_id, document=entry.document_id, text=TEXT)
        await perform(tale.house, ask_correction, request, caller_of(PATIENT))

    operating.tell(ask)
    listed = operating.dmp("corrections", "list")
    assert "state    waiting" in listed and "1 requests" in listed
    assert TEXT not in listed and "Groupe" not in listed and INS not in listed
    assert "a holder asks for a correction" in operating.dmp("notices")
    fields = dict(line.split(maxsplit=1) for line in listed.splitlines() if "  " in line)
    named = (fields["record"], fields["request"])
    shown = operating.dmp("corrections", "show", *named)
    assert f"says     {TEXT}" in shown
    silent = operating.dmp("corrections", "answer", *named, "--answer", "refused", code=2)
    assert "correction-not-possible" in silent
    words = ("--answer", "noted", "--text", "Transmis au laboratoire.")
    assert "state    noted" in operating.dmp("corrections", "answer", *named, *words)
    assert "0 requests" in operating.dmp("corrections", "list")
    assert "1 requests" in operating.dmp("corrections", "list", "--all")

    async def follow(tale: Story) -> None:
        record = await tale.known()
        asked = ListCorrections(record_id=record.record_id)
        (done,) = await perform(tale.house, list_corrections, asked, caller_of(PATIENT))
        assert done.answers[0].text == "Transmis au laboratoire."

    operating.tell(follow)
