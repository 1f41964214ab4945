"""Photos: what is kept of a file, what is refused, and who may see it."""

from __future__ import annotations

import io
import struct
import uuid
import zipfile
import zlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pillow_heif
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, PngImagePlugin

from est_site import jobs, tenancy
from est_site.models import Job
from incidents import photos
from incidents.models import Photo
from incidents.photos.pixels import MOST_BYTES, BadPhoto, read
from tests import cast
from tests.conftest import SignIn
from tests.incidents.conftest import Fill

URL = "/g/tarnsund/report/"
CANARY = b"KANARIE57.9N"


def picture(width: int = 60, height: int = 40, colour: str = "teal") -> Image.Image:
    return Image.new("RGB", (width, height), colour)


def saved(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def with_exif(image: Image.Image) -> bytes:
    exif = Image.Exif()
    exif[0x010E] = CANARY.decode()
    exif.get_ifd(0x8825)[29] = CANARY.decode()  # the position's date, as a stand-in for all of it
    return saved(image, exif=exif, comment=CANARY)


def with_segment(marker: int, content: bytes) -> bytes:
    whole = saved(picture())
    return whole[:2] + bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content + whole[2:]


def with_png_text() -> bytes:
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", CANARY.decode())
    told.add_itxt("XML:com.adobe.xmp", CANARY.decode())
    return saved(picture(), "PNG", pnginfo=told)


def with_a_zip_behind() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("x.txt", CANARY)
    return saved(picture()) + out.getvalue()


def heic() -> bytes:
    out = io.BytesIO()
    pillow_heif.from_pillow(picture(64, 48)).save(out, exif=b"Exif\0\0" + CANARY)
    return out.getvalue()


CARRIERS: dict[str, Callable[[], bytes]] = {
    "position, camera and comment": lambda: with_exif(picture()),
    "XMP": lambda: with_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + CANARY),
    "IPTC": lambda: with_segment(0xED, b"Photoshop 3.0\0" + CANARY),
    "a thumbnail of its own": lambda: with_segment(0xE0, b"JFXX\0\x10" + CANARY),
    "a comment": lambda: with_segment(0xFE, CANARY),
    "text in a PNG": with_png_text,
    "a ZIP behind the picture": with_a_zip_behind,
    "a page behind the picture": lambda: saved(picture()) + b"<html><script>" + CANARY,
    "a telephone's own kind": heic,
    "WebP": lambda: saved(picture(), "WEBP", xmp=CANARY),
}


@pytest.mark.parametrize("name", CARRIERS)
def test_only_the_pixels_are_kept(name: str) -> None:
    data = CARRIERS[name]()
    assert CANARY in data
    kept = read(data)
    assert CANARY not in kept.jpeg
    again = Image.open(io.BytesIO(kept.jpeg))
    assert (again.format, again.getexif(), set(again.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}) == (
        "JPEG",
        {},
        set(),
    )


def png_header(width: int, height: int) -> bytes:
    body = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + body
    begun = b"IDAT"
    return b"".join(
        [
            *(b"\x89PNG\r\n\x1a\n", struct.pack(">I", len(body)), chunk, struct.pack(">I", zlib.crc32(chunk))),
            *(struct.pack(">I", 0), begun, struct.pack(">I", zlib.crc32(begun))),
        ]
    )


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "empty"),
    "text": (lambda: b"hello", "kind"),
    "a page": (lambda: b"<html><body>GIF89a", "kind"),
    "a GIF": (lambda: saved(picture().convert("P"), "GIF"), "kind"),
    "a PDF": (lambda: b"%PDF-1.7 " + saved(picture()), "kind"),
    "an SVG": (lambda: b'<svg xmlns="http://www.w3.org/2000/svg"/>', "kind"),
    "four hundred million pixels": (lambda: png_header(20_000, 20_000), "pixels"),
    "a billion pixels": (lambda: png_header(60_000, 60_000), "pixels"),
    "half a picture": (lambda: saved(picture(600, 400, "red").rotate(13))[:900], "broken"),
    "ten megabytes and a byte": (lambda: b"\xff" * (MOST_BYTES + 1), "bytes"),
    "ten megabytes of nonsense": (lambda: b"\xff\xd8\xff\xe0" + b"9" * (MOST_BYTES - 4), "kind"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_photo_is_refused_with_its_reason(name: str) -> None:
    make, why = BAD[name]
    with pytest.raises(BadPhoto) as refused:
        read(make())
    assert str(refused.value) == why or (why == "kind" and str(refused.value) == "broken")


@pytest.mark.parametrize(("width", "height", "taken"), [(6000, 4000, True), (6000, 4001, False)])
def test_twenty_four_million_pixels_are_the_most(width: int, height: int, taken: bool) -> None:
    data = saved(picture(width, height))
    if not taken:
        with pytest.raises(BadPhoto):
            read(data)
        return
    kept = read(data)
    assert (kept.width, kept.height) == (1600, 1067)


def test_a_photo_is_turned_as_the_camera_was_held() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    kept = read(saved(picture(60, 40), exif=exif))
    assert (kept.width, kept.height) == (40, 60)


def test_what_was_transparent_is_white() -> None:
    kept = read(saved(Image.new("RGBA", (20, 20), (0, 0, 0, 0)), "PNG"))
    assert Image.open(io.BytesIO(kept.jpeg)).getpixel((10, 10)) == (255, 255, 255)


def file(name: str = "bild.jpg", data: bytes | None = None, colour: str = "teal") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data or saved(picture(colour=colour)))


@pytest.fixture
def rut(tarnsund: cast.Town, signed_in: SignIn) -> Client:
    return signed_in(tarnsund.rut)


def rows(town: cast.Town) -> list[Photo]:
    with tenancy.inside(town.group):
        return list(Photo.objects.select_related("incident"))


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def test_a_photo_is_saved_with_the_report_and_shown_on_its_page(tarnsund: cast.Town, rut: Client, filled: Fill) -> None:
    rut.post(URL, filled(photos=[file()]))
    (row,) = rows(tarnsund)
    page = rut.get(f"/g/tarnsund/incidents/{row.incident_id}/").content.decode()
    assert f'src="/g/tarnsund/incidents/photos/{row.pk}/"' in page
    answer = rut.get(f"/g/tarnsund/incidents/photos/{row.pk}/")
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert answer["Content-Disposition"].startswith("attachment")
    assert Image.open(io.BytesIO(answer.content)).size == (60, 40)


def test_the_file_has_a_random_name_and_lies_where_no_address_leads(
    tarnsund: cast.Town, rut: Client, filled: Fill
) -> None:
    rut.post(URL, filled(photos=[file("semester på Öland.jpg")]))
    (row,) = rows(tarnsund)
    path = photos.where(row)
    assert path.is_relative_to(settings.MEDIA_ROOT)
    assert "semester" not in str(path)
    assert not path.is_relative_to(settings.STATIC_ROOT)


@pytest.mark.parametrize(("count", "status"), [(3, 303), (4, 422)])
def test_three_photos_are_the_most(tarnsund: cast.Town, rut: Client, filled: Fill, count: int, status: int) -> None:
    colours = ("red", "green", "blue", "black")
    answer = rut.post(URL, filled(photos=[file(colour=colours[n]) for n in range(count)]))
    assert answer.status_code in ((status,) if count == 3 else (413, 422))
    assert len(rows(tarnsund)) == (count if status == 303 else 0)


def test_a_file_that_is_no_photo_is_said_by_name_and_nothing_is_stored(
    tarnsund: cast.Town, rut: Client, filled: Fill, media: Path
) -> None:
    answer = rut.post(URL, filled(text="Trasig lampa", photos=[file("brev.jpg", b"hello")]))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "”brev.jpg” är ingen bild som går att läsa." in page
    assert "Trasig lampa" in page
    assert rows(tarnsund) == []
    assert not list(media.rglob("*.jpg"))


def sent(client: Client, form: uuid.UUID, *files: SimpleUploadedFile) -> Any:
    return client.post(f"{URL}photos/", {"photos": list(files), "client_uuid": str(form)})


def test_a_photo_sent_before_the_form_is_with_it_when_it_is_saved(
    tarnsund: cast.Town, rut: Client, filled: Fill
) -> None:
    form = uuid.uuid4()
    assert "1 bild är med i rapporten." in sent(rut, form, file()).content.decode()
    (row,) = rows(tarnsund)
    assert row.incident is None
    rut.post(URL, filled(client_uuid=str(form)))
    (row,) = rows(tarnsund)
    assert row.incident is not None
    assert row.incident.client_uuid == form


def test_a_photo_is_shown_again_when_the_form_has_faults(tarnsund: cast.Town, rut: Client, filled: Fill) -> None:
    form = uuid.uuid4()
    sent(rut, form, file())
    page = rut.post(URL, filled(client_uuid=str(form), where="")).content.decode()
    (row,) = rows(tarnsund)
    assert f"/g/tarnsund/incidents/photos/{row.pk}/" in page


def test_a_photo_taken_out_again_is_gone_with_its_file(
    tarnsund: cast.Town, rut: Client, filled: Fill, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    form = uuid.uuid4()
    sent(rut, form, file(colour="red"), file(colour="blue"))
    first, second = rows(tarnsund)
    with django_capture_on_commit_callbacks(execute=True):
        rut.post(URL, filled(client_uuid=str(form), dropped=[str(first.pk)]))
    assert [row.pk for row in rows(tarnsund)] == [second.pk]
    assert [path.stem for path in media.rglob("*.jpg")] == [second.name]


def test_the_same_photo_sent_twice_is_one(tarnsund: cast.Town, rut: Client) -> None:
    form = uuid.uuid4()
    for _ in range(2):
        sent(rut, form, file())
    assert len(rows(tarnsund)) == 1


def test_what_is_not_saved_yet_is_seen_by_its_sender_alone(tarnsund: cast.Town, rut: Client, signed_in: SignIn) -> None:
    sent(rut, uuid.uuid4(), file())
    (row,) = rows(tarnsund)
    url = f"/g/tarnsund/incidents/photos/{row.pk}/"
    assert rut.get(url).status_code == 200
    for other in (tarnsund.hanna, tarnsund.carin):
        assert signed_in(other).get(url).status_code == 404


def test_nobody_takes_over_a_photo_by_sending_its_forms_number(
    tarnsund: cast.Town, rut: Client, signed_in: SignIn, filled: Fill
) -> None:
    form = uuid.uuid4()
    sent(rut, form, file())
    signed_in(tarnsund.viktor).post(URL, filled(client_uuid=str(form)))
    (row,) = rows(tarnsund)
    assert row.incident is None


def test_a_photo_of_a_limited_observation_is_for_those_who_may_see_it(
    tarnsund: cast.Town, rut: Client, signed_in: SignIn, filled: Fill
) -> None:
    rut.post(URL, filled(photos=[file()], visibility="organisation"))
    (row,) = rows(tarnsund)
    url = f"/g/tarnsund/incidents/photos/{row.pk}/"
    assert [signed_in(one).get(url).status_code for one in (tarnsund.hanna, tarnsund.carin)] == [200, 404]


def test_what_was_never_saved_is_swept_away_after_a_day(
    tarnsund: cast.Town, rut: Client, filled: Fill, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    sent(rut, uuid.uuid4(), file(colour="red"))
    rut.post(URL, filled(photos=[file(colour="blue")]))
    stray = media / str(tarnsund.group.pk) / "photos" / "ab" / "abc.jpg"
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_bytes(b"x")
    with tenancy.inside(tarnsund.group):
        job = Job.objects.get(kind="photos.sweep")
        soon, later = job.created_at + timedelta(hours=23), job.created_at + timedelta(hours=25)
        photos.sweep(job, soon)
        assert len(rows(tarnsund)) == 2
        with django_capture_on_commit_callbacks(execute=True):
            photos.sweep(job, later)
            photos.sweep(job, later)
    (kept,) = rows(tarnsund)
    assert [path.stem for path in media.rglob("*.jpg")] == [kept.name]
    assert "photos.sweep" in jobs.KINDS
