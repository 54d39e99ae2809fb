"""Every page in a browser: well made, accessible, to be used by keyboard, and calling nobody outside."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Entered, Tour
from tests.browser.tour import GROUPS
from tests.browser.visitor import Visitor
from tests.entrypoints.web.site import Site

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("group", GROUPS)
def test_every_page_is_well_made_in_every_window(
    entered: Entered, tour: Tour, site: Site, group: str
) -> None:
    visitor = Visitor(entered(reduced_motion="reduce"), site)
    wrong = [one for stop in tour(group) for one in visitor.wrong_at(stop)]
    assert not wrong, "\n".join(wrong)
