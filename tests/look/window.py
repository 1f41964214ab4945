"""A real browser on pages that are answered in this process: no server, and whatever a page writes is taken back with the test.

The window is the same as of `browse`: a violation of the content policy, an error in the console, a request to another
host or a file that is not there fails the test.
"""

from __future__ import annotations

import contextvars
import mimetypes
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import time_machine
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Route

from tests.browser import Watch
from tests.cast import NOW
from tests.walls.world import Person

HOME = "http://localhost"
EYES = Path(__file__).with_name("eyes.js")
MOVED = (301, 302, 303)


class Window:
    """One browser window with somebody before it; `status` is that of the last page that was asked for."""

    def __init__(self, browser: Browser, *, theme: str, language: str, width: int, height: int) -> None:
        self.language, self.status = language, 0
        self.person = Person(Client(), signed_in=False)
        self._posting: dict[str, Any] | None = None
        # the driver answers in a context of its own, which has no connection to the database
        self._test = contextvars.copy_context()
        self._client = Client()
        self.context: BrowserContext = browser.new_context(
            base_url=HOME,
            viewport={"width": width, "height": height},
            color_scheme="dark" if theme == "dark" else "light",
            locale="sv-SE" if language == "sv" else "en-GB",
            timezone_id="Europe/Stockholm",
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(15_000)
        self.context.add_init_script(path=EYES)
        self.watch = Watch(HOME)
        self.watch.over(self.context)
        self.context.route("**/*", self._answer)
        self.page: Page = self.context.new_page()

    def open(self, url: str, person: Person, posted: dict[str, Any] | None = None) -> Page:
        """The page at an address, or what it answers to a form posted there."""
        self.person, self._posting = person, posted
        self._test = contextvars.copy_context()
        self._client.cookies.clear()
        self._client.cookies.load(person.cookies | {settings.LANGUAGE_COOKIE_NAME: self.language})
        self.page.goto(url)
        return self.page

    def rest(self) -> None:
        """Leave the page while the test's tables are still there: some pages ask for news by themselves."""
        self.page.goto("about:blank")

    def _answer(self, route: Route) -> None:
        asked, url = route.request, urlsplit(route.request.url)
        if url.path.startswith(settings.STATIC_URL):
            self._file(route, url.path.removeprefix(settings.STATIC_URL))
            return
        path = f"{url.path}?{url.query}" if url.query else url.path
        method, data = asked.method, asked.post_data_buffer or b""
        kind = asked.headers.get("content-type", "")
        if self._posting is not None and asked.is_navigation_request():
            method, data, kind = (
                "POST",
                urlencode(self._posting, doseq=True).encode(),
                "application/x-www-form-urlencoded",
            )
            self._posting = None
        own = {name: value for name, value in asked.headers.items() if name.startswith("hx-")}
        answer = self._ask(method, path, data, kind, own)
        while answer.status_code in MOVED and not own:
            answer = self._ask("GET", answer["Location"], b"", "", own)
        if asked.is_navigation_request():
            self.status = answer.status_code
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        route.fulfill(status=answer.status_code, headers=dict(answer.items()), body=body)

    def _ask(self, method: str, path: str, data: bytes, kind: str, own: dict[str, str]) -> HttpResponse:
        def ask() -> HttpResponse:
            with time_machine.travel(NOW, tick=False):
                return self._client.generic(method, path, data, kind or "text/plain", headers=own)  # type: ignore[return-value]

        return self._test.run(ask)

    def _file(self, route: Route, name: str) -> None:
        found = finders.find(name)
        if found is None:
            route.fulfill(status=404)
            return
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        route.fulfill(body=Path(found).read_bytes(), content_type=kind)

    def close(self) -> list[str]:
        """What went wrong in it."""
        self.context.close()
        return self.watch.faults
