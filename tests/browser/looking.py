"""What a page is asked in a browser: its structure, its accessibility, what it complains of, whom it calls.

A page is loaded once and looked at in four dresses. Every rule of the checker runs in two of them, wide and
light, narrow and dark. In the other two only those run that a change of colours can break: the layout of a
width does not depend on its colours.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.sync_api import CDPSession, ConsoleMessage, Page, Request

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]

WIDE, NARROW = {"width": 1366, "height": 768}, {"width": 320, "height": 640}
Scheme = Literal["light", "dark"]
DRESSES: tuple[tuple[Scheme, dict[str, int], dict[str, Any]], ...] = (
    ("light", WIDE, {"type": "tag", "values": TAGS}),
    ("dark", WIDE, {"type": "rule", "values": COLOURS}),
    ("dark", NARROW, {"type": "tag", "values": TAGS}),
    ("light", NARROW, {"type": "rule", "values": COLOURS}),
)

MOST_REQUESTS = 12
MOST_OCTETS_OF_HTML = 100_000

STRUCTURE = """() => {
  const heads = [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => +h.tagName[1]);
  const links = {};
  for (const a of document.querySelectorAll('a[href]')) {
    const text = a.textContent.trim().replace(/\\s+/g, ' ');
    (links[text] ||= new Set()).add(a.getAttribute('href'));
  }
  return {
    title: document.title,
    lang: document.documentElement.lang,
    heads,
    width: document.documentElement.scrollWidth,
    twice: Object.entries(links).filter(([, to]) => to.size > 1).map(([text]) => text),
    unlabelled: [...document.querySelectorAll('input:not([type=hidden]),select,textarea')]
      .filter(field => !field.labels.length && !field.getAttribute('aria-label')).length,
    small: [...document.querySelectorAll('button,.button,summary,.menu a,.chips a')]
      .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.5)
      .map(e => e.textContent.trim()),
    bare: [...document.querySelectorAll('table')]
      .filter(t => !t.closest('.reader') && (!t.caption || !t.querySelector('th[scope]'))).length,
    silent: [...document.querySelectorAll('svg')]
      .filter(s => s.getAttribute('aria-hidden') !== 'true' && s.getAttribute('role') !== 'img').length,
  };
}"""

AXE = """rules => axe.run({runOnly: rules}).then(
  found => found.violations.map(v => v.id + ' ' + v.nodes[0].html)
)"""


def structure(page: Page) -> dict[str, Any]:
    """The structure of a page as it stands, by the debugger: the policy of the page does not bind it."""
    found: dict[str, Any] = page.evaluate(STRUCTURE)
    return found


class Checker:
    """The checker of accessibility in one page, brought in by the debugger so that the policy stays whole."""

    def __init__(self, page: Page, source: str) -> None:
        self._session: CDPSession = page.context.new_cdp_session(page)
        self._source = source

    def load(self) -> None:
        """Bring the checker into the document that is open, and unfold what is folded: it is looked at too."""
        self._run(self._source + ";0")
        self._run("document.querySelectorAll('details').forEach(one => { one.open = true; })")

    def violations(self, rules: dict[str, Any]) -> list[str]:
        """What these rules object to."""
        call = f"({AXE})({_json(rules)})"
        found: list[str] = self._run(call)
        return found

    def _run(self, expression: str) -> Any:
        answer = self._session.send(
            "Runtime.evaluate",
            {"expression": expression, "awaitPromise": True, "returnByValue": True},
        )
        assert "exceptionDetails" not in answer, str(answer["exceptionDetails"])[:500]
        return answer["result"].get("value")


def _json(value: object) -> str:
    return json.dumps(value)


@dataclass
class Watch:
    """What a page says on its console and whom it calls, while it is watched."""

    page: Page
    host: str
    complaints: list[str] = field(default_factory=list)
    requests: int = 0

    def __post_init__(self) -> None:
        self.page.on("console", self._said)
        self.page.on("request", self._asked)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def begin(self) -> None:
        """Forget what was; another page comes."""
        self.complaints, self.requests = [], 0

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "server responded" not in message.text:
            self.complaints.append(message.text)

    def _asked(self, request: Request) -> None:
        if request.url.startswith(("chrome-extension:", "chrome:", "blob:", "data:")):
            return
        self.requests += 1
        if urlsplit(request.url).netloc != self.host:
            self.complaints.append(f"another host: {request.url}")


def ill_made(seen: dict[str, Any]) -> list[str]:
    """What is wrong with the structure of a page in a narrow window."""
    wrong = []
    heads = seen["heads"]
    if heads.count(1) != 1 or heads[0] != 1 or any(b > a + 1 for a, b in pairwise(heads)):
        wrong.append(f"headings {heads}")
    if seen["width"] > NARROW["width"]:
        wrong.append(f"{seen['width']} pixels wide")
    if seen["lang"] != "fr" or not seen["title"].endswith("Dossier médical partagé"):
        wrong.append(f"{seen['lang']} {seen['title']}")
    wrong += [f"link text twice: {text}" for text in seen["twice"]]
    wrong += [f"small target: {text}" for text in seen["small"]]
    if seen["unlabelled"] or seen["bare"] or seen["silent"]:
        wrong.append("an unlabelled field, a bare table, or a figure without a label")
    return wrong
