"""What is looked at on a page: whether anything that somebody typed has become more than text."""

import re
from collections import Counter
from typing import Any

from playwright.sync_api import Locator, Page, TimeoutError, expect

from tests.attacks.hostile import MARK, MARKUP, TAIL
from tests.browser.waiting import ANSWER_MS

_WANTED = f" {MARKUP} {TAIL}"
_CUT = 12  # characters of a text that is shortened on purpose, with an ellipsis after it
_ICON = "home icon"  # no page shows this one in its text
_OPEN_ALL = (
    "document.querySelectorAll('[data-testid=stExpander] details:not([open]) > summary').forEach(s => s.click())"
)
_SEEN = (
    """() => {
  const own = location.origin, all = what => [...document.querySelectorAll(what)];
  const typed = '[data-testid=stMarkdownContainer]';
  const body = document.body.cloneNode(true);
  body.querySelectorAll('svg, style, script, [data-testid=stBidiComponentRegular]').forEach(part => part.remove());
  return {
    owned: window.owned || 0,
    links: all('a, area').map(one => one.getAttribute('href'))
      .filter(link => link && !new URL(link, location.href).href.startsWith(own)),
    fetched: all('img, iframe, object, embed, video, audio, source').map(one => one.src || one.data || '')
      .filter(source => !/^(data:|blob:|$)/.test(source) && !source.startsWith(own)),
    made: all(`${typed} :is(.katex, em, del, sup, b, blockquote, table, pre, code, hr, input, img, form, iframe),
        ${typed} [aria-label='"""
    + _ICON
    + """'], ${typed} [style*='rainbow']`).map(one => one.outerHTML.slice(0, 120)),
    coloured: all(`${typed} :is(.stMarkdownColoredText, .stMarkdownBadge)`).map(one => one.textContent)
      .filter(text => /^(r|s|h)?$/.test(text)),
    text: body.textContent,
  };
}"""
)


def look(page: Page, where: str) -> Counter[str]:
    """How often each text was found, whole, on the page as it is now; every failing raises."""
    found: dict[str, Any] = page.evaluate(_SEEN)
    text = " ".join(found.pop("text").split())
    assert found == {"owned": 0, "links": [], "fetched": [], "made": [], "coloured": []}, where
    whole: Counter[str] = Counter()
    for mark in re.finditer(rf"{MARK}\d+", text):
        rest = text[mark.end() : mark.end() + len(_WANTED)]
        is_short = "…" in rest and rest[:_CUT] == _WANTED[:_CUT]
        assert rest == _WANTED or is_short, (
            f"{where}: {text[max(0, mark.start() - 30) : mark.start()]!r} before {rest!r}"
        )
        whole[mark[0]] += not is_short
    return whole


def settled(page: Page) -> None:
    """Nothing runs any more, and what was on its way is drawn."""
    expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_visible(timeout=ANSWER_MS)
    page.wait_for_timeout(1_500)


def look_into_everything(page: Page, where: str) -> Counter[str]:
    """The page with every part of it opened, every help read and every list let down."""
    settled(page)
    seen = look(page, where)
    page.evaluate(_OPEN_ALL)
    settled(page)
    seen += look(page, f"{where}, opened")
    for icon in page.locator("[data-testid=stTooltipIcon]:visible").all():
        seen += _hovered(page, icon, where)
    for choice in page.locator("[data-testid=stSelectbox]:visible, [data-testid=stMultiSelect]:visible").all():
        seen += _let_down(page, choice, where)
    return seen


def _let_down(page: Page, choice: Locator, where: str) -> Counter[str]:
    try:
        choice.get_by_role("combobox").click(timeout=3_000)
        page.get_by_role("option").first.wait_for(timeout=3_000)
    except TimeoutError:  # nothing to choose from, or gone while the page was drawn anew
        return Counter()
    seen = look(page, f"{where}, a list")
    page.keyboard.press("Escape")
    return seen


def _hovered(page: Page, icon: Locator, where: str) -> Counter[str]:
    try:
        icon.hover(timeout=1_000)
        page.locator("[data-testid=stTooltipContent]").first.wait_for(timeout=1_000)
    except TimeoutError:  # covered, or gone while the page was drawn anew
        return Counter()
    seen = look(page, f"{where}, help")
    page.mouse.move(0, 0)
    return seen
