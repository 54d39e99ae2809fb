"""Why a delivery is not taken: one sentence, without anybody's data."""

from __future__ import annotations


class DeliveryRefused(Exception):
    """The delivery cannot be taken; the text names the file and says what to change."""
