"""A typical observation on a phone: a tile, a place one has been at before, now. In a browser, beside the bare requests."""

from __future__ import annotations

import http.client
import os
import statistics
import time
from typing import Any
from urllib.parse import urlencode

from bench import walk

ROUNDS = 7
WINDOW: Any = {"width": 390, "height": 844}
CHROMIUM = os.environ.get("EST_CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage"]
PLACE = "Kajen"
STEPS = [".tile", f".option:has-text('{PLACE}')", ".savebar button"]  # what a person presses, in order


def measure(port: int, reporter: walk.Reporter) -> None:
    """Seconds from the address to the thanks, and how many presses; the floor asks for the same pages and draws nothing."""
    from playwright.sync_api import sync_playwright

    form = furnish(reporter)
    bare(port, reporter, form)  # once at the place: it stands among one's own from then on
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser's loop runs in this thread, beside the database's
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = chromium.new_context(
            base_url=f"http://127.0.0.1:{port}", viewport=WINDOW, has_touch=True, reduced_motion="reduce"
        )
        cookies = [one.split("=", 1) for one in reporter.cookies.split("; ")]
        context.add_cookies(
            [{"name": name, "value": value, "domain": "127.0.0.1", "path": "/"} for name, value in cookies]
        )
        page = context.new_page()
        pairs = [(log(page, reporter), bare(port, reporter, form)) for _ in range(ROUNDS + 1)][1:]  # the first warms up
        chromium.close()
    took, floor = (statistics.median(times) for times in zip(*pairs, strict=True))
    name = f"a typical report on a phone, {len(STEPS)} presses"
    print(f"{name:44}{took:>9.2f} s {floor:>9.2f} s {took / floor:>8.1f}", flush=True)


def furnish(reporter: walk.Reporter) -> dict[str, Any]:
    """A place to be at, and what a report of it says."""
    from est_site import tenancy
    from est_site.partners.models import Group, Place

    group = Group.objects.get(slug=reporter.slug)
    with tenancy.inside(group):
        place = Place.objects.create(group=group, name=PLACE, lon=12.005, lat=57.005)
    return {"where": "place", "place_name": place.name}


def log(page: Any, reporter: walk.Reporter) -> float:
    start = time.perf_counter()
    page.goto(f"/g/{reporter.slug}/report/")
    for step in STEPS:
        page.locator(step).first.tap()
    page.locator("[role=status] .message").first.wait_for()
    return time.perf_counter() - start


def bare(port: int, reporter: walk.Reporter, form: dict[str, Any]) -> float:
    """The page, the form, and the page that thanks."""
    visitor = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    address, own = f"/g/{reporter.slug}/report/", {"Cookie": reporter.cookies}
    body = f"{reporter.form()}&{urlencode(form)}"  # the last of a name is the one that counts
    start = time.perf_counter()
    for method, sent, headers in (
        ("GET", None, own),
        ("POST", body, own | {"Content-Type": "application/x-www-form-urlencoded"}),
        ("GET", None, own),
    ):
        visitor.request(method, address, sent, headers)
        answer = visitor.getresponse()
        answer.read()
        if answer.status >= 400:
            raise SystemExit(f"{address} answered {answer.status}")
        address = answer.headers.get("Location", address)
    took = time.perf_counter() - start
    visitor.close()
    return took
