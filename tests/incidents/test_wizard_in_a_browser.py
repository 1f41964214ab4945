"""A file from the first page to its undoing, on a phone."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from est_site import jobs, tenancy
from incidents.models import Incident
from tests import cast
from tests.browser import Browse, assert_no_sideways_scroll


def test_a_file_is_taken_in_and_undone_on_a_phone(browse: Browse, tarnsund: cast.Town) -> None:
    at = timezone.now() - timedelta(days=1)
    rows = f"nr;tid;typ;plats;text\n1;{at:%Y-%m-%d %H:%M};Spray;Kiosken;Färg på väggen\n2;i går;Lampor;Torget;\n"
    page = browse(tarnsund.hanna, phone=True)

    page.goto("/g/tarnsund/imports/new/")
    page.locator("input[type=file]").set_input_files(
        {"name": "vakt.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    )
    page.get_by_role("button", name="Granska filen").tap()

    page.locator("input[name=name]").fill("vakt")
    expect(page.locator("select[name=time_from]")).to_have_value("tid")  # guessed from the header
    page.locator("select[name=category]").select_option("typ")
    page.locator("select[name=place]").select_option("plats")
    page.locator("select[name=words]").select_option("text")
    page.get_by_role("button", name="Vidare: värdena").tap()

    page.get_by_label("Spray").select_option("graffiti")
    page.get_by_label("Lampor").select_option("lighting")
    page.get_by_label("Kiosken").fill("Hamnplan, kiosken")
    page.get_by_role("button", name="Vidare: vad som skulle hända").tap()

    expect(page.locator("tbody tr")).to_contain_text("i går")  # the fault, with its row
    assert_no_sideways_scroll(page)
    page.get_by_role("button", name="Läs in de andra raderna").tap()
    expect(page.locator("progress")).to_be_visible()
    jobs.work_off(timezone.now())

    expect(page.get_by_text("En observation lästes in.")).to_be_visible()  # the page that waits went on by itself
    with tenancy.inside(tarnsund.group):
        row = Incident.objects.get()
    assert (row.category_id, row.place_id) == (tarnsund.categories["graffiti"].pk, tarnsund.places["kiosken"].pk)

    page.get_by_role("button", name="Ångra filen").tap()
    expect(page.locator(".standfirst")).to_contain_text("Ångrat. Observationer som är borta: 1. Som togs tillbaka: 0.")
    with tenancy.inside(tarnsund.group):
        assert not Incident.objects.exists()
