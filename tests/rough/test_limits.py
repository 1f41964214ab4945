"""What one request may bring, to the byte; beyond it a page says what the limits are, in the reader's language."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.cast import Town
from tests.conftest import SignIn

pytestmark = pytest.mark.django_db

URLENCODED = "application/x-www-form-urlencoded"
LIMIT = 2_621_440


@pytest.fixture
def browser(tarnsund: Town, signed_in: SignIn) -> Client:
    return signed_in(tarnsund.carin)


def sent(browser: Client, body: bytes) -> Any:
    return browser.generic("POST", "/g/tarnsund/report/", body, URLENCODED)


def test_the_limits_are_those_that_were_decided_on() -> None:
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE == LIMIT
    assert settings.DATA_UPLOAD_MAX_NUMBER_FIELDS == 1_500
    assert settings.DATA_UPLOAD_MAX_NUMBER_FILES == 3


@pytest.mark.parametrize(("size", "status"), [(LIMIT, 422), (LIMIT + 1, 413)])
def test_two_and_a_half_megabytes_are_read_and_not_one_byte_more(size: int, status: int, browser: Client) -> None:
    assert sent(browser, b"text=".ljust(size, b"n")).status_code == status


@pytest.mark.parametrize(("count", "status"), [(1_500, 422), (1_501, 413)])
def test_fifteen_hundred_fields_are_read_and_not_one_more(count: int, status: int, browser: Client) -> None:
    assert sent(browser, b"&".join([b"n=1"] * count)).status_code == status


@pytest.mark.parametrize(("count", "status"), [(3, 422), (4, 413)])
def test_three_files_are_read_and_not_one_more(count: int, status: int, browser: Client) -> None:
    part = '--b\r\nContent-Disposition: form-data; name="f{}"; filename="a.txt"\r\n\r\nx\r\n'
    body = "".join(part.format(n) for n in range(count)) + "--b--\r\n"
    response = browser.generic("POST", "/g/tarnsund/report/", body, "multipart/form-data; boundary=b")
    assert response.status_code == status


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("sv", ["Det var för mycket på en gång", "2,5 MB", "1\u00a0500 fält", "3 filer", "Inget har sparats"]),
        ("en", ["That was too much at once", "2.5 MB", "1,500 fields", "3 files", "Nothing has been saved"]),
    ],
)
def test_whoever_sends_too_much_reads_what_the_limits_are(language: str, words: list[str], browser: Client) -> None:
    browser.cookies["est-language"] = language
    page = sent(browser, b"n" * (LIMIT + 1)).content.decode()
    assert [word for word in words if word not in page] == []
    assert f'lang="{language}"' in page


def test_too_much_is_told_as_kindly_to_a_browser_that_must_prove_its_form(tarnsund: Town) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(tarnsund.carin.user)
    browser.get("/g/tarnsund/report/")  # which gives it the cookie
    response = sent(browser, b"n" * (LIMIT + 1))
    assert response.status_code == 413
    assert "Det var för mycket på en gång" in response.content.decode()


def test_a_request_that_cannot_be_read_is_a_page_too(browser: Client) -> None:
    response = browser.generic("POST", "/g/tarnsund/report/", b"--b", "multipart/form-data; boundary=")
    assert response.status_code == 400
    assert "Inget har sparats" in response.content.decode()
