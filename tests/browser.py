"""A real browser for tests: `browse(town.rut, phone=True, theme="dark", language="en")` is a page where Rut is signed in.

Whatever a page does wrong on the way fails the test at its end: a violation of the content policy, an error in the console,
a request to another host, a file that is not there.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.signals import request_finished, request_started
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response

from est_site.partners.models import Membership

CHROMIUM = os.environ.get("EST_CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}

# Four rows in which every pair of theme, language and size occurs. A page meets axe in one of them, in the long suite in all.
COMBINATIONS: list[dict[str, Any]] = [
    {"theme": "light", "language": "sv", "phone": False},
    {"theme": "dark", "language": "en", "phone": False},
    {"theme": "light", "language": "en", "phone": True},
    {"theme": "dark", "language": "sv", "phone": True},
]

Browse = Callable[..., Page]


@dataclass
class Watch:
    """What went wrong in one browser window."""

    home: str
    faults: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        context.add_init_script(
            "document.addEventListener('securitypolicyviolation', (e) =>"
            " console.error('policy violation: ' + e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sourceFile))"
        )
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(f"script error: {error.error}"))
        context.on("request", lambda request: self._request(request.url))
        context.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        # a page that answers 404 or 422 is logged too; files that fail are seen in _response
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"console: {message.text}")

    def _request(self, url: str) -> None:
        if not url.startswith((self.home, "blob:")):
            self.faults.append(f"foreign request: {url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.request.resource_type not in ("document", "xhr", "fetch"):
            self.faults.append(f"{response.status}: {response.url}")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the driver keeps a loop in this thread; the test itself is plain
    return {"executable_path": CHROMIUM, "args": ARGUMENTS}


@contextmanager
def answered(longest: float = 10.0) -> Iterator[None]:
    """At the end nothing is under way in the server: the page's scripts ask by themselves, and the tables are emptied next."""
    open_requests = []
    began = lambda **_known: open_requests.append(1)  # noqa: E731
    ended = lambda **_known: open_requests and open_requests.pop()  # noqa: E731
    request_started.connect(began)
    request_finished.connect(ended)
    try:
        yield
        end = time.monotonic() + longest
        while open_requests and time.monotonic() < end:
            time.sleep(0.02)
    finally:
        request_started.disconnect(began)
        request_finished.disconnect(ended)


@pytest.fixture
def browse(browser: Browser, live_server: Any, signed_in: Any) -> Iterator[Browse]:
    """Opens windows; a person who is left out is not signed in. Pages take addresses without the host."""
    watches: list[Watch] = []
    contexts: list[BrowserContext] = []

    def open_window(
        member: Membership | None = None,
        *,
        phone: bool = False,
        theme: Literal["light", "dark"] = "light",
        language: str = "sv",
        **options: Any,
    ) -> Page:
        size = PHONE if phone else DESKTOP
        context = browser.new_context(
            base_url=live_server.url,
            viewport=options.pop("viewport", size),
            color_scheme=theme,
            locale="sv-SE" if language == "sv" else "en-GB",
            timezone_id="Europe/Stockholm",
            has_touch=phone,
            reduced_motion="reduce",
            **options,
        )
        contexts.append(context)
        context.set_default_timeout(15_000)
        cookies = {settings.LANGUAGE_COOKIE_NAME: language}
        if member is not None:
            cookies[settings.SESSION_COOKIE_NAME] = signed_in(member).cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()])
        watch = Watch(live_server.url)
        watch.over(context)
        watches.append(watch)
        return context.new_page()

    with answered():
        yield open_window
        for context in contexts:
            context.close()
    faults = [fault for watch in watches for fault in watch.faults]
    assert not faults, "\n".join(faults)


@pytest.fixture
def page(browse: Browse) -> Page:
    """A desktop window, nobody signed in."""
    return browse()


@pytest.fixture
def phone(browse: Browse) -> Page:
    """A phone, nobody signed in."""
    return browse(phone=True)


def assert_accessible(page: Page, *, reviewed: tuple[str, ...] = (), colours: bool = True) -> None:
    """axe finds nothing wrong and is in doubt about nothing; `reviewed` names doubts that a person has looked at.

    Without `colours` it leaves contrast, more than half of its time, to whoever measures it otherwise.
    """
    options = {
        "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
        "rules": {"target-size": {"enabled": True}, "color-contrast": {"enabled": colours}},
        "resultTypes": ["violations", "incomplete"],
    }
    found = Axe().run(page, options=options).response
    doubts = [doubt for doubt in found["incomplete"] if doubt["id"] not in reviewed and not _is_lettering(doubt)]
    faults = found["violations"] + doubts
    assert not faults, "\n".join([page.url, *map(_told, faults)])


def _is_lettering(doubt: dict[str, Any]) -> bool:
    """Letters in a drawing: axe cannot tell what lies under them; a test of the colours does."""
    return doubt["id"] == "color-contrast" and all(node["html"].startswith("<text") for node in doubt["nodes"])


def _told(fault: dict[str, Any]) -> str:
    nodes = "; ".join(f"{node['target']} {node.get('failureSummary', '')}" for node in fault["nodes"][:4])
    return f"{fault['id']}: {fault['help']} in {len(fault['nodes'])}: {nodes}"


def assert_no_sideways_scroll(page: Page, *, width: int = 320) -> None:
    """The page itself never scrolls sideways, down to 320 px; wide tables do so in a part of their own."""
    before = page.viewport_size
    for narrow in (before["width"] if before else width, width):
        page.set_viewport_size({"width": narrow, "height": 800})
        over = page.evaluate(
            """() => {
              const wide = document.documentElement.clientWidth;
              if (document.documentElement.scrollWidth <= wide) return [];
              return Array.from(document.querySelectorAll("body *"))
                .filter((e) => e.getBoundingClientRect().right > wide + 1 && !e.closest(".scroll, .vh, .defs"))
                .slice(0, 5).map((e) => e.outerHTML.slice(0, 120));
            }"""
        )
        assert not over, "\n".join([f"{page.url} is wider than {narrow} px", *over])
    if before:
        page.set_viewport_size(before)


def assert_targets_are_large_enough(page: Page, *, least: int = 24) -> None:
    """Everything to press is at least 24 px (44 on what is used standing up), but for links inside a sentence."""
    small = page.evaluate(
        """(least) => {
          const box = (e) => {
            const own = e.getBoundingClientRect();
            const label = e.labels && e.labels[0] && e.labels[0].getBoundingClientRect();
            return label && e.matches("input") ? [Math.max(own.width, label.width), Math.max(own.height, label.height)]
                                               : [own.width, own.height];
          };
          const inSentence = (e) => e.matches("a") && getComputedStyle(e).display === "inline"
            && e.parentElement.textContent.trim().length > e.textContent.trim().length;
          return Array.from(document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary"))
            .filter((e) => e.checkVisibility() && !e.matches(".skip, .vh") && !inSentence(e))
            .map((e) => [e.outerHTML.slice(0, 100), ...box(e)])
            .filter(([, width, height]) => width + 0.5 < least || height + 0.5 < least)
            .map(([html, width, height]) => `${Math.round(width)}x${Math.round(height)} ${html}`);
        }""",
        least,
    )
    assert not small, "\n".join([page.url, *small])


def assert_focus_is_somewhere(page: Page) -> None:
    """After a part of the page was exchanged, the keyboard still stands somewhere."""
    lost = page.evaluate("document.activeElement === null || document.activeElement === document.body")
    assert not lost, f"the focus fell to the page as a whole on {page.url}"


def assert_focus_is_visible_all_the_way(page: Page, *, most: int = 150) -> None:
    """Tab through the page: each stop is outlined, and nothing sticky lies over it."""
    page.evaluate("document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')")
    for _stop in range(most):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            """() => {
              const e = document.activeElement;
              if (!e || e === document.body) return null;
              const drawn = [e, e.nextElementSibling].filter(Boolean).some((x) => {
                const s = getComputedStyle(x);
                return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2;
              });
              const r = e.getBoundingClientRect();
              const top = document.elementFromPoint(r.left + Math.min(r.width, 20) / 2, r.top + Math.min(r.height, 20) / 2);
              const free = e.closest('svg') || !top || top === e || e.contains(top) || top.contains(e) || (e.labels && [...e.labels].some((l) => l.contains(top)));
              return [drawn && free, e.outerHTML.slice(0, 120)];
            }"""
        )
        if seen is None:
            return
        assert seen[0], f"no visible focus on {seen[1]} ({urlsplit(page.url).path})"
