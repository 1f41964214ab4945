"""The settings' tests stand on a Sunday afternoon in 2026-W47."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine

from est_site.partners.models import Membership
from tests.cast import NOW

DATA = Path(os.environ.get("EST_DATA", Path(__file__).resolve().parents[2] / "../shared/data"))


@pytest.fixture(autouse=True)
def _sunday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(autouse=True)
def _plain_http(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = False  # the test client speaks http
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}  # nobody collected the files


def real(name: str) -> bytes:
    """A real file, or a skip that says where it was looked for."""
    file = DATA / name
    if not file.exists():
        pytest.skip(f"{name} is not in {DATA} (EST_DATA names another folder)")
    return file.read_bytes()


def page(member: Membership, rest: str = "") -> str:
    """The address of a page of the settings in the member's group."""
    return f"/g/{member.group.slug}/settings/{rest}"
