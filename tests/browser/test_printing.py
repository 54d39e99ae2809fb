"""What is printed of a full record fits one or two sheets; receipt, letter and journal: see the tasks."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Entered
from tests.browser.printing import sheets
from tests.browser.stops import reference, session_of
from tests.entrypoints.web.people import Someone
from tests.entrypoints.web.site import Site

pytestmark = pytest.mark.browser


def test_what_is_printed_of_a_full_record_fits_two_sheets(
    entered: Entered, site: Site, durand: Someone
) -> None:
    doctor, holder = site.browser("medecin"), site.browser(durand.key)
    holder.post(durand.home + "/carte-urgence/preparer", page=durand.home + "/carte-urgence")
    page = entered(session_of(doctor)).new_page()
    page.goto(reference(doctor, durand) + "/synthese")
    assert sheets(page) == 1
    page = entered(session_of(holder)).new_page()
    for end, most in {"ma-sante": 2, "carte-urgence": 1, "carte-urgence?format=a5": 1}.items():
        page.goto(f"{durand.home}/{end}")
        assert 1 <= sheets(page) <= most, end
