"""Passkeys, letters with a code, PINs, and what is noted of logins."""
