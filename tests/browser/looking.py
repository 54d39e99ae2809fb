"""What a page is asked in a browser: its structure, its accessibility, what it complains of, whom it calls.

A page is loaded once. Every rule of the checker runs in each of two windows, one light and one dark, and one
comes to everything by keyboard in both. Then the page is enlarged to 400 % and its text is spaced out.

What a colour scheme changes is colours and nothing else (`test_colours.py` proves it on the style sheet), so
the rules that are not about colours would say the same in the other scheme of the same window. Colours
themselves are looked at in each scheme on every page, and in all four dresses once for each template: what
one window alone shows (a menu that slides, a table turned into cards) belongs to templates.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import axe_playwright_python
from playwright.sync_api import CDPSession, ConsoleMessage, Page, Request

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]

WIDE, NARROW = {"width": 1366, "height": 768}, {"width": 320, "height": 640}
ENLARGED = {"width": 320, "height": 256}
"""A window of 1280 by 1024 at 400 %. Source: WCAG 2.2, 1.4.10."""
Scheme = Literal["light", "dark"]
Dress = tuple[Scheme, dict[str, int]]
DRESSES: tuple[Dress, ...] = (("light", WIDE), ("dark", NARROW))
"""In which every page is looked at by every rule."""
CROSSED: tuple[Dress, ...] = (("light", NARROW), ("dark", WIDE))
"""In which every template is looked at for its colours as well."""

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
      .filter(s => s.getAttribute('aria-hidden') !== 'true' && s.getAttribute('role') !== 'img')
      .filter(s => !s.closest('[role=group][aria-label]')).length,
  };
}"""

AXE = """async ([kind, values]) => {
  const found = await axe.run({runOnly: {type: kind, values}, resultTypes: ['violations']});
  const told = [found.violations, found.passes, found.incomplete, found.inapplicable];
  const ran = told.flat().map(rule => rule.id);
  const usual = rule => !rule.tags.includes('experimental') && !rule.tags.includes('deprecated');
  const wanted = kind === 'rule' ? values : axe.getRules(values).filter(usual).map(rule => rule.ruleId);
  return [
    ...wanted.filter(rule => !ran.includes(rule)).map(rule => 'did not run: ' + rule),
    ...found.violations.flatMap(v => v.nodes.map(n => v.id + ' ' + n.html.slice(0, 160))),
  ];
}"""

REMEMBER = """(() => {
  const colour = axe.commons.color.Color.prototype;
  const parse = colour.parseString;
  const known = new Map();
  colour.parseString = function (text) {
    const parts = known.get(text);
    if (parts) [this.r, this.g, this.b, this.alpha] = parts;
    else {
      parse.call(this, text);
      known.set(text, [this.r, this.g, this.b, this.alpha]);
    }
    return this;
  };
})();"""
"""The checker reads each colour of a page once: a page has a dozen, and it read them for each element anew."""

SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important; '
    + 'word-spacing: .16em !important; } p { margin-block-end: 2em !important; }');
  document.adoptedStyleSheets.push(sheet);
  const wide = document.documentElement.scrollWidth;
  document.adoptedStyleSheets.pop();
  return wide;
}"""
"""How wide a page is when its text is spaced out. Source: WCAG 2.2, 1.4.12."""

FOCUS = """() => {
  const told = e => e.outerHTML.slice(0, 120);
  const lit = (e, box) => {
    const [left, top] = [Math.max(box.left, 0), Math.max(box.top, 0)];
    const [right, bottom] = [Math.min(box.right, innerWidth), Math.min(box.bottom, innerHeight)];
    if (right - left < 1 || bottom - top < 1) return false;
    const whose = hit => hit && (e.contains(hit) || [...(e.labels || [])].some(label => label.contains(hit)));
    for (const x of [.5, .1, .9]) for (const y of [.5, .1, .9])
      if (whose(document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y))) return true;
    return false;
  };
  const wrong = new Set();
  const down = [...document.querySelectorAll('a[href],button,input,select,textarea,summary,[tabindex="0"]')]
    .filter(e => !e.disabled && e.type !== 'hidden' && e.checkVisibility({visibilityProperty: true}));
  // What lies under a bar at the top is met on the way back.
  for (const e of [...down, ...down.toReversed()]) {
    e.focus();
    if (document.activeElement !== e) { wrong.add('takes no focus: ' + told(e)); continue; }
    const style = getComputedStyle(e);
    const width = parseFloat(style.outlineWidth);
    if (style.outlineStyle === 'none' || width < 2) wrong.add('shows no focus: ' + told(e));
    const boxes = [e, ...(e.labels || [])].flatMap(one => [...one.getClientRects()]);
    if (!boxes.some(box => lit(e, box))) wrong.add('has the focus out of sight: ' + told(e));
  }
  document.activeElement.blur();
  scrollTo(0, 0);
  return [...wrong];
}"""
"""What cannot be seen to have the focus, or has it under something else.

Source: WCAG 2.2, 2.4.7, 2.4.11 and 2.4.13.
"""


def dress(page: Page, scheme: Scheme, size: dict[str, int]) -> None:
    """Put a page that is open into this colour scheme and a window of this size."""
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size(size)  # type: ignore[arg-type] # a plain dict of sizes


def structure(page: Page) -> dict[str, Any]:
    """The structure of a page as it stands, by the debugger: the policy of the page does not bind it."""
    found: dict[str, Any] = page.evaluate(STRUCTURE)
    return found


def unseen(page: Page) -> list[str]:
    """What cannot be seen to have the focus when one comes to it by keyboard."""
    page.keyboard.press("Tab")  # from here on the browser shows it
    found: list[str] = page.evaluate(FOCUS)
    return found


def too_wide(page: Page) -> list[str]:
    """What does not fit into the window, as it is and with its text spaced out."""
    widths = {
        "enlarged": page.evaluate("document.documentElement.scrollWidth"),
        "spaced out": page.evaluate(SPACED),
    }
    most = ENLARGED["width"]
    return [f"{how}: {width} pixels wide" for how, width in widths.items() if width > most]


@cache
def axe_source() -> str:
    """The checker of accessibility, and what makes it faster."""
    folder = Path(axe_playwright_python.__file__).parent
    return (folder / "axe.min.js").read_text(encoding="utf-8") + REMEMBER


class Checker:
    """The checker of accessibility in one window, there before each document comes.

    The debugger brings it, so that the policy of the pages stays whole; it stays in the window, since to send
    it anew costs as much as to let it run.
    """

    def __init__(self, page: Page) -> None:
        self._session: CDPSession = page.context.new_cdp_session(page)
        self._session.send("Page.enable")
        self._session.send("Page.addScriptToEvaluateOnNewDocument", {"source": axe_source()})

    def load(self) -> None:
        """Bring the checker into a document that was open before it."""
        self._run(axe_source() + ";0")

    def unfold(self) -> None:
        """Open what is folded in the document: it is looked at too."""
        self._run("document.querySelectorAll('details').forEach(one => { one.open = true; })")

    def forget(self, origin: str) -> None:
        """Throw away what a site keeps in this browser."""
        asked = {"origin": origin, "storageTypes": "all"}
        self._session.send("Storage.clearDataForOrigin", asked)

    def violations(
        self, kind: Literal["tag", "rule"] = "tag", values: list[str] = TAGS
    ) -> list[str]:
        """What these rules object to, and which of them did not run; all there are, when none is named."""
        found: list[str] = self._run(f"({AXE})({json.dumps([kind, values])})")
        return found

    def _run(self, expression: str) -> Any:
        answer = self._session.send(
            "Runtime.evaluate",
            {"expression": expression, "awaitPromise": True, "returnByValue": True},
        )
        assert "exceptionDetails" not in answer, str(answer["exceptionDetails"])[:500]
        return answer["result"].get("value")


def violations(page: Page) -> list[str]:
    """What the whole checker objects to in a page as it stands."""
    checker = Checker(page)
    checker.load()
    checker.unfold()
    return checker.violations()


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
    if seen["lang"] not in ("fr", "en") or not seen["title"].endswith("Dossier médical partagé"):
        wrong.append(f"{seen['lang']} {seen['title']}")
    wrong += [f"link text twice: {text}" for text in seen["twice"]]
    wrong += [f"small target: {text}" for text in seen["small"]]
    if seen["unlabelled"] or seen["bare"] or seen["silent"]:
        wrong.append("an unlabelled field, a bare table, or a figure without a label")
    return wrong
