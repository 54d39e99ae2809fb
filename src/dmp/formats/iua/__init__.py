"""Access tokens in the form of IHE IUA: claims to caller, and back.

A professional is named by his national identifier, his profession (TRE_G15) and know-how (TRE_R01); who
coordinates care by his role (TRE_R85, TRE_R94); a holder, a representative or a carer by the INS in
`person_id` and a role; a structure's software, or the insurer's feed, by the structure alone. What IUA has
no place for (capacity, secret session, motive of an emergency, sector) stands in an extension of our own.

Source: IHE IUA, JWT access token option (`extensions.ihe_iua`); VIHF of the DMP (roles, mode of
access); RFC 9068.
"""

from __future__ import annotations

from dmp.formats.iua.read import caller_of
from dmp.formats.iua.vocabulary import MEANS
from dmp.formats.iua.write import claims_of

__all__ = ["MEANS", "caller_of", "claims_of"]
