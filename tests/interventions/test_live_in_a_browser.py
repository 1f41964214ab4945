"""A coordinator, the wall and three followers, each in a window of their own: all see a decision at once."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from est_site import tenancy
from interventions.actions import prepare_meeting
from situation.actions import open_meeting
from situation.schedule import plan_meeting
from tests.browser import Browse, assert_accessible, assert_no_sideways_scroll
from tests.cast import NOW, Town

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]
TUESDAY = NOW + timedelta(days=1, hours=17)
SOON = 2500  # ms: UI-13


def test_a_decision_is_on_every_screen_within_two_and_a_half_seconds(tarnsund: Town, browse: Browse) -> None:
    with tenancy.inside(tarnsund.group):
        meeting = prepare_meeting(meeting=plan_meeting(group=tarnsund.group, period=tarnsund.periods[-1]), now=NOW)
        open_meeting(meeting=meeting, by=tarnsund.carin, now=TUESDAY)
    base = f"/g/tarnsund/meetings/{meeting.pk}/"
    wall = browse(tarnsund.carin, viewport={"width": 1920, "height": 1080})
    wall.goto(f"{base}present/")
    followers = [browse(person, phone=True) for person in (tarnsund.maja, tarnsund.hanna, tarnsund.anders)]
    for follower in followers:
        follower.goto(f"{base}follow/")
    paused = browse(tarnsund.maja)
    paused.goto(f"{base}follow/?paused")
    chair = browse(tarnsund.carin)
    chair.goto(base)

    fields = chair.locator(f'form[action$="/meetings/{meeting.pk}/decide/"]')
    fields.locator("[name=what]").fill("Kiosken släcker klockan 22")
    fields.locator("[name=area]").select_option(str(tarnsund.areas["Hamnen"].pk))
    fields.locator("[name=responsible]").select_option(str(tarnsund.organisations["guards"].pk))
    fields.get_by_role("button", name=re.compile("Spara beslut")).click()
    chair.wait_for_load_state()
    saved = time.monotonic()
    for screen in (wall, *followers):
        left = max(1, SOON - (time.monotonic() - saved) * 1000)
        expect(screen.get_by_text("Kiosken släcker klockan 22")).to_be_visible(timeout=left)

    section = chair.locator("#decisions")
    section.get_by_role("button", name=re.compile("Ta upp")).click()
    expect(wall.locator("h1")).to_contain_text("Beslut om insatser", timeout=SOON + 500)
    assert not paused.get_by_text("Kiosken släcker klockan 22").count()
    assert wall.locator(".stage .says").first.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") >= 28

    followers[1].context.clear_cookies()
    expect(followers[1].locator("#live-lost")).to_contain_text("utloggad", timeout=SOON + 500)
    for screen in (wall, followers[0], paused):
        assert_accessible(screen)
        assert_no_sideways_scroll(screen)
