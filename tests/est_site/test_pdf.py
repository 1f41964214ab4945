"""A set of minutes as the file a registry keeps: valid, readable aloud, the same each time, and closed to the world."""

import hashlib
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path

import page
import pikepdf
import pytest
from pypdf import PdfReader
from shapely.geometry import box

from est_site import charts, documents, maps
from est_site.documents import DocumentError, DocumentTooLarge, GlyphMissing, ReferenceRefused, render

MINUTES = Path(__file__).with_name("minutes_sv.html").read_text(encoding="utf-8")
SETTLED = datetime(2026, 11, 24, 10, 12, tzinfo=timezone(timedelta(hours=1)))


def a_map():
    fills = ["more-sure", "plain", "more-maybe", "less-maybe", "thin", "changed"]
    names = ["Hamnen", "Centrum", "Stationsområdet", "Ekhagen", "Lotsholmen", "Badviken"]
    areas = [
        maps.MapArea(
            n,
            name,
            box(16.0 + n % 3 * 0.02, 58.0 + n // 3 * 0.01, 16.02 + n % 3 * 0.02, 58.01 + n // 3 * 0.01),
            fill,
            str(12 - n),
        )
        for n, (name, fill) in enumerate(zip(names, fills, strict=True))
    ]
    return maps.map_svg(areas, idn="karta", title="Karta över sex områden. Hamnen har tydligt fler.", for_pdf=True)


def a_chart():
    weeks = [f"v {n}" for n in range(36, 48)]
    counts = charts.Series("Alla slag", [81, 77, 90, 84, 79, None, 88, 92, 83, 80, 79, 86])
    return charts.line(weeks, [counts], [(70, 97)] * 12, idn="veckor", title="Händelser per vecka.", for_pdf=True)


def minutes_html():
    figures = f'<figure class="map">{a_map()}<figcaption>Antal händelser vecka 47.</figcaption></figure>'
    figures += f'<figure class="chart">{a_chart()}<figcaption>Bandet är det normala.</figcaption></figure>'
    return MINUTES.replace("<!-- map --><!-- chart -->", figures)


def made(html, **changes):
    values = {
        "stylesheets": [documents.document_css()],
        "title": "Protokoll från veckomöte vecka 48",
        "language": "sv",
        "created": SETTLED,
        "identifier": "EST Tärnsund, protokoll 2026:48, version 1",
    }
    return render(html, **values | changes)


@pytest.fixture(scope="module")
def minutes():
    return made(minutes_html())


@pytest.mark.parametrize("profile", ["2a", "ua1"])
def test_the_minutes_are_valid_for_the_archive_and_for_accessibility(minutes, tmp_path, profile):
    path = tmp_path / "minutes.pdf"
    path.write_bytes(minutes)
    report = page.validate_pdf(str(path), profile=profile)
    assert [(failure.rule_id, failure.message) for failure in report.failures] == []
    assert report.is_compliant


def test_the_minutes_say_their_title_language_date_and_identifier(minutes):
    with pikepdf.open(BytesIO(minutes)) as pdf:
        xmp = pdf.Root.Metadata.read_bytes().decode()
        assert str(pdf.Root.Lang) == "sv"
        assert str(pdf.docinfo["/Title"]) == "Protokoll från veckomöte vecka 48"
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20261124091200")
        assert "<dc:identifier>EST Tärnsund, protokoll 2026:48, version 1</dc:identifier>" in xmp
        assert "<pdfuaid:part>1</pdfuaid:part>" in xmp


def test_every_font_is_the_documents_own_and_embedded(minutes):
    with pikepdf.open(BytesIO(minutes)) as pdf:
        fonts = [
            item
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor"
        ]
        assert {str(font.FontName).split("+")[1] for font in fonts} == {"EST-Document", "EST-Document-Bold"}
        assert all("/FontFile2" in font or "/FontFile3" in font for font in fonts)


def structure(data, tag):
    with pikepdf.open(BytesIO(data)) as pdf:
        return [
            dict(item.items()) for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/S") == tag
        ]


def test_head_cells_and_figures_are_tagged(minutes):
    assert len(structure(minutes, "/TH")) == 4 + 4 + 5 + 5
    assert [str(one["/Alt"]) for one in structure(minutes, "/Figure")] == [
        "Karta över sex områden. Hamnen har tydligt fler.",
        "Händelser per vecka.",
    ]


def test_a_mark_beside_its_word_is_silent(minutes):
    silent = [one for one in structure(minutes, "/Span") if "/ActualText" in one]
    assert len(silent) == MINUTES.count("aria-hidden")
    assert {str(one["/ActualText"]) for one in silent} == {""}


def test_each_page_has_its_number_and_the_name_of_the_document(minutes):
    pages = [one.extract_text() for one in PdfReader(BytesIO(minutes)).pages]
    assert len(pages) > 1
    for number, text in enumerate(pages, start=1):
        assert f"Sida {number} av {len(pages)}" in text
        assert "Protokoll 2026:48, version 1" in text


def test_the_page_words_follow_the_documents_language():
    html = MINUTES.replace('data-page="Sida" data-of="av"', 'data-page="Page" data-of="of"')
    text = PdfReader(BytesIO(made(html, language="en"))).pages[0].extract_text()
    assert "Page 1 of 2" in text


def test_long_swedish_words_are_divided_in_a_narrow_cell():
    cell = '<table class="table"><tr><td style="width: 24mm">Samhällsbyggnadsnämnden trygghetssamordnaren</td></tr></table>'
    text = PdfReader(BytesIO(made(cell))).pages[0].extract_text()
    assert "samhällsbyggnads" in text.lower().split("\n")[0] or "-\n" in text or "\u2010\n" in text


def test_the_same_input_gives_the_same_bytes_whatever_was_made_before(minutes):
    made(
        "<h1>Något annat</h1><p><i>kursivt</i> och <b>fett</b> ΑΒΓ Жук → ≥ ✓ ☐</p>", created=SETTLED + timedelta(days=1)
    )
    assert hashlib.sha256(made(minutes_html())).hexdigest() == hashlib.sha256(minutes).hexdigest()


def test_the_same_input_gives_the_same_bytes_in_another_process(minutes):
    script = "import sys; from tests.est_site.test_pdf import made, minutes_html; sys.stdout.buffer.write(made(minutes_html()))"
    again = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, cwd=Path(__file__).parents[2]
    )
    assert again.stdout == minutes


def test_a_character_without_a_glyph_is_named_instead_of_drawn_as_a_box():
    with pytest.raises(GlyphMissing, match=r"U\+6C34, U\+1F600") as caught:
        made("<p>Glad 😀 vid 水</p>")
    assert caught.value.characters == ["水", "😀"]


def test_a_character_that_would_stand_in_the_margin_is_checked_too():
    with pytest.raises(GlyphMissing):
        made('<article class="doc" data-group="EST 水"><p>x</p></article>')


def test_no_compressed_stream_ends_in_a_line_break():
    for n in range(12):
        assert b"\r\nendstream" not in made(f"<p>{n}</p>" * n)


def test_a_form_can_ask_which_characters_a_document_could_not_show():
    assert documents.missing_glyphs("Räcke → tänt ≥ 3 ✓ på Gåsö\u00ad\t") == []
    assert documents.missing_glyphs("😀") == ["😀"]


def test_a_table_too_long_for_paper_is_refused_with_its_length():
    with pytest.raises(DocumentTooLarge, match="1501 table rows"):
        made(f"<table>{'<tr><td>1</td></tr>' * 1501}</table>")


def test_a_figure_without_words_is_refused():
    with pytest.raises(DocumentError, match="neither a title nor aria-hidden"):
        made('<svg viewBox="0 0 1 1"><path d="M0 0h1"/></svg>')


def test_an_image_comes_from_memory_only():
    png = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
        "1f15c4890000000d49444154789c636060606000000005000157a7dd760000000049454e44ae426082"
    )
    data = made('<p><img alt="Gruppens märke" src="est:image/mark"></p>', images={"est:image/mark": png})
    assert [str(one["/Alt"]) for one in structure(data, "/Figure")] == ["Gruppens märke"]


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        made("<p>x</p>", created=datetime(2026, 11, 24))


CLOUD = "http://169.254.169.254/latest/meta-data/"
PAYLOADS = [
    '<img alt="x" src="{file}">',
    f'<img alt="x" src="{CLOUD}">',
    '<img alt="x" src="ftp://127.0.0.1/x.png">',
    f'<base href="{CLOUD}"><img alt="x" src="x.png">',
    f'<link rel="stylesheet" href="{CLOUD}">',
    f"<style>@import url({CLOUD});</style>",
    f'<p style="background: url({CLOUD})">x</p>',
    '<style>p::before {{ content: url("{file}") }}</style><p>x</p>',
    '<style>@font-face {{ font-family: z; src: url("{file}") }} p {{ font-family: z }}</style><p>x</p>',
    '<link rel="attachment" href="{file}">',
    '<a rel="attachment" href="{file}">x</a>',
    '<object data="{file}"></object>',
    '<embed src="{file}">',
    f'<svg viewBox="0 0 9 9"><title>x</title><image width="9" height="9" href="{CLOUD}"/></svg>',
    '<img alt="x" src="data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22/%3E">',
]


@pytest.fixture
def no_way_out(monkeypatch):
    attempts = []

    def refuse(*args, **kwargs):
        attempts.append(args)
        raise OSError("no network in this test")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return attempts


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_document_cannot_be_made_to_reach_out(payload, no_way_out, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("hemligheten")
    with pytest.raises(ReferenceRefused):
        made("<p>x</p>" + payload.replace("{{", "{").replace("}}", "}").replace("{file}", secret.as_uri()))
    assert no_way_out == []


def test_a_foreign_part_of_a_drawing_is_not_even_asked_for(no_way_out, tmp_path):
    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg"><text id="x">hemligheten</text></svg>')
    data = made(f'<svg viewBox="0 0 9 9"><title>x</title><use href="{secret.as_uri()}#x"/></svg>')
    assert no_way_out == []
    assert "hemligheten" not in PdfReader(BytesIO(data)).pages[0].extract_text()


def test_a_stylesheet_cannot_reach_out_either(no_way_out):
    with pytest.raises(ReferenceRefused, match=r"169\.254"):
        made("<p>x</p>", stylesheets=[f"@import url({CLOUD});"])
    assert no_way_out == []


def test_nothing_is_attached_to_the_minutes(minutes):
    assert PdfReader(BytesIO(minutes)).attachments == {}


def test_created_is_written_in_utc(minutes):
    with pikepdf.open(BytesIO(minutes)) as pdf:
        assert SETTLED.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") in pdf.Root.Metadata.read_bytes().decode()
