"""The words of a message: that something happened in the record, never what, and where to look; or a code.

No name, no INS, no title, no professional: a mail may be read by others.
"""

from __future__ import annotations

from dmp.domain.record.notice import NoticeKind
from dmp.locale import translate

SUBJECT = "Votre dossier médical partagé : un avis vous attend"


def said(kind: NoticeKind) -> str:
    """What happened, in one sentence."""
    return translate(f"message.{kind.value}")


def mail_text(kind: NoticeKind, address: str) -> str:
    """The body of a mail; `address` is that of the service."""
    return (
        "Bonjour,\n\n"
        f"{said(kind)}\n\n"
        f"Pour en savoir plus, connectez-vous à votre dossier : {address}/connexion\n\n"
        "Ce message ne contient aucune information de santé. Il ne vous demandera jamais un code ni un "
        "mot de passe. Pour ne plus recevoir ces messages : Mon compte, puis Être prévenu.\n"
    )


def sms_text(kind: NoticeKind, address: str) -> str:
    """The text of an SMS."""
    return f"Dossier médical partagé : {said(kind)} Détail après connexion : {address}"


def code_text(code: str, address: str) -> str:
    """The text of an SMS with an access code: it opens nothing without the birth date, which is not in it."""
    return (
        f"Dossier médical partagé : votre code d’accès est {code[:5]}-{code[5:]}. "
        f"Il sert une fois, pendant 3 jours, avec votre date de naissance, sur {address}/connexion/code. "
        "Ne le donnez à personne."
    )
