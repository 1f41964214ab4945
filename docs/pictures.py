"""The README's pictures, taken from a running demo: `.venv/bin/python docs/pictures.py http://127.0.0.1:8000`.

Needs what `./est test` installs. Opens next week's meeting in that demo to show it going on.
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).resolve().parent / "pictures"
PASSWORD = "trygga-tarnsund-2026"  # noqa: S105  the demo's, printed for everybody
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]


def sign_in(browser: Browser, base: str, who: str, *, phone: bool = False) -> Page:
    size = {"width": 390, "height": 844} if phone else {"width": 1440, "height": 900}
    page = browser.new_page(base_url=base, viewport=size)  # type: ignore[arg-type]
    page.goto("/")
    page.locator("input[name=login]").fill(f"{who}@tarnsund.example")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button").click()
    page.wait_for_url("**/g/tarnsund/")
    return page


def take(page: Page, path: str, name: str) -> None:
    page.goto(path)
    page.screenshot(path=HERE / f"{name}.png")
    print(name)


def main(base: str) -> None:
    HERE.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        take(sign_in(browser, base, "rapportor", phone=True), "/g/tarnsund/report/", "report")
        carin = sign_in(browser, base, "samordnare")
        frozen = (
            carin.locator("main a[href*='/situation/meeting/']").first.get_attribute("href") or ""
        )  # Home leads there
        take(carin, frozen, "situation")
        take(carin, "/g/tarnsund/incidents/", "observations")
        take(carin, "/g/tarnsund/interventions/", "interventions")
        take(carin, "/g/tarnsund/settings/areas/", "areas")
        carin.goto("/g/tarnsund/documents/")
        minutes = carin.locator("main th a", has_text="Protokoll").first.get_attribute("href") or ""
        take(carin, minutes, "minutes")
        carin.goto("/g/tarnsund/meetings/")
        carin.locator("main a.button").first.click()
        if carin.get_by_role("button", name="Öppna mötet").count():
            carin.get_by_role("button", name="Öppna mötet").click()
        if carin.get_by_role("button", name="Öppna det nu ändå").count():  # it is planned for another day
            carin.get_by_role("button", name="Öppna det nu ändå").click()
        carin.locator(".rail").wait_for()
        meeting = carin.url.split("#")[0].split("?")[0].removeprefix(base)
        take(carin, meeting, "meeting")
        take(carin, f"{meeting}present/?item=4", "wall")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
