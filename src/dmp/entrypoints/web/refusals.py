"""How a refusal is shown: its status, its heading, and whether it is shown neutrally."""

from __future__ import annotations

from dmp.domain.errors import Category, Reason, Refused

STATUS: dict[Category, int] = {
    Category.INCORRECT: 400,
    Category.UNAUTHENTICATED: 401,
    Category.FORBIDDEN: 403,
    Category.NOT_FOUND: 404,
    Category.CONFLICT: 409,
    Category.TOO_LARGE: 413,
    Category.UNSUPPORTED: 415,
    Category.BUSY: 503,
    Category.FAULT: 500,
}

RETRY_AFTER: dict[int, int] = {429: 15 * 60, 503: 2 * 60}
"""Seconds after which it is worth trying again, for the programs behind a browser; people read a sentence."""

HEADINGS: dict[int, str] = {
    400: "Demande à corriger",
    401: "Connexion nécessaire",
    403: "Accès non autorisé",
    404: "Page introuvable",
    405: "Action impossible ici",
    409: "Modifié entre-temps",
    413: "Envoi trop volumineux",
    415: "Type de fichier non accepté",
    429: "Trop de demandes",
    500: "Erreur du service",
    503: "Service momentanément indisponible",
}

NEUTRAL = frozenset(
    {
        Reason.RECORD_NOT_FOUND,
        Reason.RECORD_CLOSED,
        Reason.RECORD_SUSPENDED,
        Reason.RECORD_REFUSED,
        Reason.RECORD_NOT_OPEN,
        Reason.ACCESS_BLOCKED,
        Reason.EMERGENCY_OPPOSED,
    }
)
"""Refusals among which a professional cannot tell: no record, closed, opposed, blocked."""


def status_of(refused: Refused) -> int:
    """The status of a refusal: of its category, except where people are asked to wait."""
    return 429 if refused.reason is Reason.CEILING_REACHED else STATUS[refused.category]
