"""Every template as somebody wants it who set everything, and its colours in every dress."""

from __future__ import annotations

import pytest

from dmp.entrypoints.web.preferences import COOKIE, Preferences
from tests.browser.conftest import Entered, Sent
from tests.browser.visitor import Visitor
from tests.entrypoints.web.site import Site

pytestmark = pytest.mark.browser

OTHER_LOOKS = Preferences(
    language="fr_SIMPLE", size="tres-grande", contrast="fort", density="dense"
)


def test_every_template_bears_the_other_looks(
    entered: Entered, site: Site, sent: list[Sent]
) -> None:
    """Simplified French, the largest letters, high contrast and density together, once for each template."""
    cookie = {"name": COOKIE, "value": OTHER_LOOKS.written(), "url": site.address}
    visitor = Visitor(entered(reduced_motion="reduce"), site)
    first = {one.template: one.stop for one in reversed(sent)}
    wrong = [one for stop in first.values() for one in visitor.wrong_in_other_looks(stop, cookie)]
    assert not wrong, "\n".join(wrong)
