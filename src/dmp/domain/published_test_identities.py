"""Identities of published examples whose control key is wrong; a test server takes them.

Source: ANS, public CDA and XDM examples, 2025-2026; Pro Santé Connect documentation.
"""

from __future__ import annotations

from typing import Final

MATRICULES_WITH_WRONG_KEY: Final = frozenset(
    {
        "147720425367411",
        "221042545611404",
        "222127505611201",
        "223042545611404",
        "224027511583555",
        "276059205062865",
        "289057545611404",
    }
)

RPPS_WITH_WRONG_KEY: Final = frozenset(
    {
        "00100200300", "01101201301", "01101203565", "01234512345", "01234534765", "01234536598",
        "01234545872", "01234560812", "01234562121", "01234566565", "01234567123", "01234567801",
        "01234567833", "01234567843", "01234567866", "01234567890", "01234567892", "01234567893",
        "01234567896", "01234567898", "01234568875", "01234576521", "01234576543", "01236479367",
        "01984758437", "02926406900", "03103203303", "07505123456", "10003461033",
    }
)  # fmt: skip
