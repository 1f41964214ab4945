"""Tests run as the application's database role, in a database named test_…, on services of their own."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import hypothesis
import psycopg
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test import Client
from psycopg.errors import DeadlockDetected

from est_site import tenancy
from est_site.partners.models import Membership
from tests import cast
from tests.browser import browse, browser_type_launch_args, page, phone  # noqa: F401  fixtures

hypothesis.settings.register_profile("long", deadline=None)  # a busy machine is not a wrong answer
hypothesis.settings.register_profile("short", deadline=None, max_examples=40)
OWNER = urlsplit(settings.DATABASE_OWNER_URL).username
APP = settings.DATABASES["default"]["USER"]
Path(settings.STATIC_ROOT).mkdir(
    parents=True, exist_ok=True
)  # files are served from their sources; a warning is an error


def pytest_configure(config: pytest.Config) -> None:
    hypothesis.settings.load_profile("short" if "not long" in (config.option.markexpr or "") else "long")
    gc.set_threshold(100_000, 50, 100)  # requests leave few cycles, and looking for them is a twelfth of the time


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    connection.settings_dict["USER"] = OWNER  # the plugin makes and migrates the test database as the owner
    connection.settings_dict["CONN_MAX_AGE"] = 0


def _end_other_sessions(where: dict[str, Any]) -> None:
    """A thread that a test left behind must not keep its database; the tests' own cluster lets its superuser in."""
    with psycopg.connect(host=where.get("host"), port=where.get("port"), user="postgres", dbname="postgres") as admin:
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [where["dbname"]])


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """After the owner made the test database, everything in it happens as the application."""
    here = connection.settings_dict

    def wipe(operations: Any, statements: list[str]) -> None:
        # what a transactional test leaves; the application may not truncate and the audit chain refuses it
        where = {key: connection.get_connection_params().get(key) for key in ("host", "port", "dbname")}
        for again in (True, True, False):
            try:
                with psycopg.connect(**where, user=OWNER) as owner:
                    owner.execute("ALTER TABLE est_site_auditevent DISABLE TRIGGER USER")
                    for statement in statements:
                        owner.execute(statement)
                    owner.execute("ALTER TABLE est_site_auditevent ENABLE TRIGGER USER")
                return
            except DeadlockDetected:  # with what a page's script still sent as its window closed
                if not again:
                    raise

    patch = pytest.MonkeyPatch()
    patch.setattr(DatabaseOperations, "execute_sql_flush", wipe)
    with django_db_blocker.unblock():
        connection.close()
        here["USER"] = APP
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_database(), current_user")
            name, user = cursor.fetchone()
        assert name.startswith("test_")
        assert user == APP
    yield
    patch.undo()
    with django_db_blocker.unblock():
        connection.close()
        _end_other_sessions(connection.get_connection_params())
        here["USER"] = OWNER  # the plugin drops it as the owner


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    """A slow hash is slow on purpose; nine people a town would be most of what the tests wait for."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


@pytest.fixture(autouse=True)
def _files_and_cache_of_its_own(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    cache.key_prefix = f"test-{os.getpid()}-{tmp_path.name}"


@pytest.fixture
def tarnsund(db: None) -> cast.Town:
    return cast.make_tarnsund()


@pytest.fixture
def bjorkvik(db: None) -> cast.Town:
    return cast.make_bjorkvik()


@pytest.fixture
def inside(tarnsund: cast.Town) -> Iterator[cast.Town]:
    """Tärnsund, with the test's own reads and writes inside its walls."""
    with tenancy.inside(tarnsund.group):
        yield tarnsund


SignIn = Callable[[Membership], Client]


@pytest.fixture
def signed_in(db: None) -> SignIn:
    """`signed_in(town.rut)` is a browser with Rut signed in."""

    def sign_in(member: Membership) -> Client:
        client = Client()
        client.force_login(member.user)
        return client

    return sign_in
