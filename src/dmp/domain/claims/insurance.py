"""The health insurance as the national feed names it.

Source: CI-SIS, CNAM-HR 2021.01 (author, custodian and legal authenticator of the document).
"""

from __future__ import annotations

from typing import Final

from dmp.domain.identity.caller import StructureRef

INSURANCE: Final = StructureRef(id_nat="318003502400041", name="Assurance Maladie", sector="SA24")
FEED_ID: Final = "518003502400041/1.2.250.1.215.1.2"
"""The feed itself, numbered by the insurance (PS_IdNat of kind 5: SIRET and internal identifier)."""
