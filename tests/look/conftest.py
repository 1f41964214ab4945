"""One world for all pages of a file, as for the walls, and windows that are opened once in each size, language and theme."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.conf import settings as django_settings
from django.db import transaction
from playwright.sync_api import Browser

from est_site import tenancy
from est_site.partners.models import Organisation
from tests import cast
from tests.cast import NOW
from tests.look.visits import SIZES, Look
from tests.look.window import Window
from tests.walls import world as worlds
from tests.walls.world import Person, World

Windows = Callable[[Look], Window]


@pytest.fixture(scope="module")
def _world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, Person, str]]:
    media = tmp_path_factory.mktemp("media")
    with (
        django_db_blocker.unblock(),
        pytest.MonkeyPatch.context() as patch,
        transaction.atomic(),
    ):
        hasher = "django.contrib.auth.hashers.MD5PasswordHasher"
        patch.setattr(django_settings, "PASSWORD_HASHERS", [hasher, *django_settings.PASSWORD_HASHERS])
        patch.setattr(django_settings, "MEDIA_ROOT", media)
        with time_machine.travel(NOW, tick=False):
            made = worlds.build()
            made.media = media
            new = cast.make_group("nyvik", "Nyvik", first_period=NOW.date())
            with tenancy.inside(new):
                kommun = Organisation.objects.create(group=new, name="Nyviks kommun", kind="municipality")
                nora = cast.make_person(new, kommun, "Nora", "coordinator")
            newcomer = worlds._enter(nora.user, nora)
        yield made, newcomer, new.slug
        transaction.set_rollback(True)


@pytest.fixture
def world(_world: tuple[World, Person, str], db: None, settings: Any) -> World:
    settings.MEDIA_ROOT = _world[0].media
    return _world[0]


@pytest.fixture
def newcomer(_world: tuple[World, Person, str]) -> tuple[Person, str]:
    """Nora, who coordinates a group in which nothing is yet, and its slug."""
    return _world[1:]


@pytest.fixture(scope="module")
def _windows(browser: Browser) -> Iterator[dict[Look, Window]]:
    opened: dict[Look, Window] = {}
    yield opened
    for window in opened.values():
        window.close()


@pytest.fixture
def windows(browser: Browser, _windows: dict[Look, Window], db: None) -> Iterator[Windows]:
    used: list[Window] = []

    def of(look: Look) -> Window:
        size, language, theme = look
        if look not in _windows:
            width, height = SIZES[size]
            _windows[look] = Window(browser, theme=theme, language=language, width=width, height=height)
        window = _windows[look]
        window.watch.faults.clear()
        used.append(window)
        return window

    yield of
    for window in used:
        window.rest()
    faults = [fault for window in used for fault in window.watch.faults]
    assert not faults, "\n".join(faults)
