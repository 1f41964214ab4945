"""One world for all cases of a file, in one transaction; what a case writes is taken back after it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.conf import settings as django_settings
from django.db import transaction

from tests.cast import NOW
from tests.walls import world as worlds


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[worlds.World]:
    """Made once a file; the clock stands still in it."""
    media = tmp_path_factory.mktemp("media")
    with (
        django_db_blocker.unblock(),
        time_machine.travel(NOW, tick=False),
        pytest.MonkeyPatch.context() as patch,
        transaction.atomic(),
    ):
        hasher = "django.contrib.auth.hashers.MD5PasswordHasher"
        patch.setattr(django_settings, "PASSWORD_HASHERS", [hasher, *django_settings.PASSWORD_HASHERS])
        patch.setattr(django_settings, "MEDIA_ROOT", media)
        made = worlds.build()
        made.media = media
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def case(world: worlds.World, db: None, settings: Any) -> worlds.World:
    """The world, for one case."""
    settings.MEDIA_ROOT = world.media
    return world
