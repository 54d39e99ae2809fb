"""Where an entry stands: its identifier, and the narrative that says the same.

Source: CDA R2 §4.3.5.1 (linking narrative and entries).
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from dmp.domain.codes import Code
from dmp.formats.cda.writing.elements import TYPE, add, add_code


@dataclass(frozen=True, slots=True)
class EntryPlace:
    """The number of an entry in its document, and the identifier of the narrative of its section."""

    root: str
    extension: str
    narrative: str

    def identify(self, element: etree._Element) -> None:
        """Append the identifier of the entry."""
        add(element, "id", root=self.root, extension=self.extension)

    def refer(self, element: etree._Element, words: str = "") -> None:
        """Append the text of the entry: its words, and where people read it."""
        add(add(element, "text", words), "reference", value=f"#{self.narrative}")

    def original(self, element: etree._Element, words: str = "") -> None:
        """Append the original text of a coded element: its words, and where people read it."""
        add(add(element, "originalText", words), "reference", value=f"#{self.narrative}")

    def coded(
        self, parent: etree._Element, name: str, code: Code | None, words: str
    ) -> etree._Element:
        """Append a coded element that people call `words`; without a code the words stand for it."""
        if code is None:
            element = add(parent, name, nullFlavor="UNK")
            self.original(element, words)
        else:
            element = add_code(parent, name, Code(code.code, code.system, words))
            self.original(element)
        return element

    def value(self, parent: etree._Element, code: Code | None, words: str) -> None:
        """Append a coded value that people call `words`."""
        self.coded(parent, "value", code, words).set(TYPE, "CD")
