"""Coded values: a code, the system that issued it, and a label for people."""

from __future__ import annotations

from dataclasses import dataclass, field

LOINC = "2.16.840.1.113883.6.1"
TRE_A01_PRACTICE = "1.2.250.1.213.1.1.4.9"
TRE_A03_CLASS = "1.2.250.1.213.1.1.4.1"
TRE_A05_TYPE = "1.2.250.1.213.1.1.4.12"
TRE_A06_FORMAT = "1.2.250.1.213.1.1.4.2.282"
TRE_A07_VISIBILITY = "1.2.250.1.213.1.1.4.13"
TRE_A11_IHE_FORMAT = "1.3.6.1.4.1.19376.1.2.3"
TRE_A00_AUTHOR_ROLE = "1.2.250.1.213.1.1.4.6"
TRE_A02_SPECIALTY = "1.2.250.1.213.1.1.4.5"
HL7_CONFIDENTIALITY = "2.16.840.1.113883.5.25"
TRE_R02_SECTOR = "1.2.250.1.71.4.2.4"
TRE_G15_PROFESSION = "1.2.250.1.71.1.2.7"
TRE_R01_KNOW_HOW = "1.2.250.1.71.4.2.5"
TRE_R85_ROLE = "1.2.250.1.213.1.6.1.107"
TRE_R94_SOCIAL = "1.2.250.1.213.1.6.1.4"
ACCESS_MODE = "1.2.250.1.213.1.1.4.248"


@dataclass(frozen=True, slots=True)
class Code:
    """A coded value. `system` is an OID without prefix; `display` takes no part in equality.

    Source: CI-SIS value sets; display names change between editions, so only code and system count.
    """

    code: str
    system: str
    display: str = field(default="", compare=False)

    @property
    def token(self) -> str:
        """`system|code`, the form in which codes are indexed and searched."""
        return f"{self.system}|{self.code}"
