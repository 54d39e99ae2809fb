"""Everything that is known beside a person's facts: medicines, interactions, labels and rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from dmp.domain.clinical.knowledge.editions import Edition, ReferenceKind
from dmp.domain.clinical.knowledge.medicines import Medicines, NoMedicines
from dmp.domain.clinical.knowledge.rules import FollowUpRule, RedundancyRule
from dmp.domain.clinical.knowledge.thesaurus import Thesaurus

_EMPTY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """French labels by code of one system; an unknown code is shown with "libellé inconnu", never dropped."""

    known: Mapping[str, str] = field(default_factory=lambda: _EMPTY)

    def of(self, code: str) -> str:
        """The label, or "libellé inconnu"."""
        return self.known.get(code, UNKNOWN_LABEL)


UNKNOWN_LABEL = "libellé inconnu"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagingAct:
    """What a CCAM imaging act shows: DICOM modality and region in words."""

    modality: str
    region: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Knowledge:
    """Reference data in memory; `editions` says which are in force. `labels` by kind of reference.

    `loinc_of` are the LOINC codes of an NABM act; `most_per_order` how often an NABM act may stand on one
    order; `long_term_of` the ALD number of a CIM-10 code; `letter_of` the B2 letter of a PRS_NAT_REF.
    Compared by identity: one object holds for as long as no edition is loaded.
    """

    editions: Mapping[ReferenceKind, Edition] = field(default_factory=lambda: MappingProxyType({}))
    medicines: Medicines = field(default_factory=NoMedicines)
    thesaurus: Thesaurus = field(default_factory=Thesaurus)
    labels: Mapping[ReferenceKind, Labels] = field(default_factory=lambda: MappingProxyType({}))
    imaging: Mapping[str, ImagingAct] = field(default_factory=lambda: MappingProxyType({}))
    loinc_of: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    most_per_order: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    long_term_of: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    letter_of: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    redundancy: tuple[RedundancyRule, ...] = ()
    follow_up: tuple[FollowUpRule, ...] = ()

    def label(self, kind: ReferenceKind, code: str) -> str:
        """The French label of a code, or "libellé inconnu"."""
        labels = self.labels.get(kind)
        return UNKNOWN_LABEL if labels is None else labels.of(code)

    def cited(self, kind: ReferenceKind) -> str:
        """How the edition in force is cited on what comes from it."""
        edition = self.editions.get(kind)
        return "" if edition is None else edition.label
