"""Once through the real work of the method, as four signed-in people: from an observation to the minutes as a PDF."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests import town
from tests.browser import DESKTOP, PHONE, Watch, assert_accessible, assert_no_sideways_scroll

SignedIn = Callable[..., Page]


@pytest.fixture(scope="module")
def tarnsund(tmp_path_factory: pytest.TempPathFactory) -> Iterator[town.Served]:
    with town.served(tmp_path_factory.mktemp("town")) as served:
        yield served


@pytest.fixture
def enter(browser: Browser, tarnsund: town.Served) -> Iterator[SignedIn]:
    """`enter("polis")` opens a window of its own and signs in there through the form."""
    watches: list[Watch] = []
    contexts: list[Any] = []

    def sign_in(
        who: str, *, phone: bool = False, theme: Any = "light", language: str = "sv", at: str = "tarnsund"
    ) -> Page:
        context = browser.new_context(
            base_url=tarnsund.url, viewport=PHONE if phone else DESKTOP, color_scheme=theme, has_touch=phone
        )
        context.set_default_timeout(30_000)
        context.add_cookies([{"name": "est-language", "value": language, "url": tarnsund.url}])
        contexts.append(context)
        watch = Watch(tarnsund.url)
        watch.over(context)
        watches.append(watch)
        page = context.new_page()
        page.goto("/")
        page.locator("input[name=login]").fill(f"{who}@{at}.example")
        page.locator("input[name=password]").fill(tarnsund.password)
        page.locator("main form button").click()
        page.wait_for_url(f"**/g/{at}/")
        return page

    yield sign_in
    for context in contexts:
        context.close()
    faults = [fault for watch in watches for fault in watch.faults]
    assert not faults, "\n".join(faults)


def stop_at(page: Page) -> None:
    """Every stop of the walk is a page that anyone can use."""
    # a doubt, not a fault: figures drawn on a map lie on more than one ground; the look's own test knows their colours
    assert_accessible(page, reviewed=("color-contrast",))
    assert_no_sideways_scroll(page)


def test_an_observation_becomes_a_decision_and_a_file(enter: SignedIn, tarnsund: town.Served) -> None:
    # Rut, outdoors with a phone
    rut = enter("rapportor", phone=True)
    stop_at(rut)
    rut.goto("/g/tarnsund/report/")
    stop_at(rut)
    rut.locator(".tile input").first.check()
    rut.locator("fieldset .rows input").first.check()
    rut.locator("textarea").fill("Glas på marken vid bryggan.")
    rut.locator("button[type=submit], form button", has_text="Spara").first.click()
    expect(rut.locator("body")).to_contain_text(re.compile(r"Tack"))
    stop_at(rut)
    assert rut.goto("/g/tarnsund/situation/").status == 403  # type: ignore[union-attr]

    # Pontus of the police, at his desk
    pontus = enter("polis", theme="dark")
    pontus.goto("/g/tarnsund/incidents/")
    stop_at(pontus)
    expect(pontus.locator("main")).to_contain_text("Glas på marken vid bryggan.")
    expect(pontus.locator("main")).not_to_contain_text("Rut Öberg")
    pontus.goto("/g/tarnsund/situation/")
    stop_at(pontus)

    # Carin, with the projector on and ten people waiting
    carin = enter("samordnare")
    carin.goto("/g/tarnsund/meetings/")
    stop_at(carin)
    carin.locator("main a.button").first.click()
    meeting = carin.url
    if carin.locator("text=Gör dagordningen nu").count():
        carin.locator("text=Gör dagordningen nu").click()
        _until(carin, lambda: carin.goto(meeting) and carin.locator(".rail").count() > 0)
    stop_at(carin)
    carin.get_by_role("button", name="Öppna mötet").click()
    carin.locator("#attendance").get_by_label("Polisen", exact=True).check()
    carin.get_by_role("button", name="Spara närvaron").click()
    expect(carin.locator(".bar")).to_contain_text("1 av 6")
    stop_at(carin)
    row = carin.locator(".follow-row").first
    what = row.locator("h3").inner_text()
    row.locator("input[value=done]").check()
    row.locator("input[value=continue]").check()
    row.get_by_role("button", name="Spara beslut").click()
    expect(carin.locator(".follow-row", has_text=what)).to_contain_text("Fortsätt")
    carin.locator("#colours li:has(form)").first.locator("input[value=red]").check()
    carin.locator("#colours li:has(form)").first.get_by_role("button").click()
    decide = carin.locator("#decisions form:has(input[name=what])").first
    decide.locator("input[name=what]").fill("Väktarna går bryggorna till 02")
    decide.locator("select[name=responsible]").select_option(label="Väktarna")
    decide.get_by_role("button", name="Spara beslut").click()
    expect(carin.locator("aside")).to_contain_text("Väktarna går bryggorna till 02")
    stop_at(carin)
    # later in the week more is due than she has decided, and the button says so
    carin.get_by_role("button", name=re.compile("^Avsluta .*frys protokollet$")).click()
    carin.wait_for_url("**/documents/*/")
    minutes = carin.url
    stop_at(carin)

    # Stina of the steering group, on the train; the worker has made the file meanwhile
    stina = enter("styrgrupp", phone=True, theme="dark", language="en")
    stina.goto("/g/tarnsund/documents/")
    stop_at(stina)
    stina.goto(minutes)
    stop_at(stina)
    text = _pdf(stina, minutes)
    assert "Väktarna går bryggorna till 02" in text
    assert what in text
    assert "Glas på marken" not in text
    assert stina.goto(meeting).status == 403  # type: ignore[union-attr]

    # everybody who was called to the meeting got links, and no content
    letters = [path.read_text() for path in tarnsund.mail.glob("*")]
    assert [letter for letter in letters if "/documents/" in letter]
    assert not [letter for letter in letters if "Glas" in letter]

    # and Olle of the other group finds nothing of it
    olle = enter("samordnare", at="bjorkvik")
    for address in (meeting, minutes, minutes + "pdf/", tarnsund.url + "/g/tarnsund/"):
        assert olle.goto(address).status == 404  # type: ignore[union-attr]


def _until(page: Page, holds: Callable[[], Any], tries: int = 60) -> None:
    for _ in range(tries):
        if holds():
            return
        page.wait_for_timeout(1000)
    raise AssertionError(f"waited in vain at {page.url}")


def _pdf(page: Page, minutes: str) -> str:
    """The text of the file, asked for until the worker has made it."""

    def made() -> Any:
        return page.context.request.get(minutes + "pdf/").headers["content-type"] == "application/pdf"

    _until(page, made)
    body = page.context.request.get(minutes + "pdf/").body()
    return " ".join(part.extract_text() for part in PdfReader(io.BytesIO(body)).pages).replace("\n", " ")
