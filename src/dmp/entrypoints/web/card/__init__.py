"""The emergency card: the holder's pages, the neutral page behind its QR code, the professional's way in."""
