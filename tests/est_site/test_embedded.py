"""The servers of a checkout: real ones, in folders that are thrown away."""

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from est_site.embedded import PostgreSQL, Services, Unavailable, Valkey

ROOT = Path(__file__).resolve().parents[2]
GIVEN = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")


@contextlib.contextmanager
def services_in(base: Path, *, throwaway: bool = True) -> Iterator[Services]:
    services = Services(base, throwaway=throwaway)
    try:
        yield services
    finally:
        services.down()
        if services.postgresql.data.parent != services.base:
            shutil.rmtree(services.postgresql.data.parent)
        for folder in {services.postgresql.sockets, services.valkey.socket.parent}:
            if folder.parent == Path("/tmp"):  # noqa: S108
                shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def open_folder() -> Iterator[Path]:
    """Unlike pytest's own folders, one that the account of the server may enter."""
    with tempfile.TemporaryDirectory(prefix="est-", dir="/tmp") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture(autouse=True)
def _nothing_given(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in GIVEN:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def shared(open_folder: Path) -> Iterator[tuple[Services, dict[str, str]]]:
    with pytest.MonkeyPatch.context() as patch, services_in(open_folder / "shared") as services:
        for name in GIVEN:
            patch.delenv(name, raising=False)
        yield services, services.up()


@pytest.fixture(scope="module")
def urls(shared: tuple[Services, dict[str, str]]) -> dict[str, str]:
    return shared[1]


@pytest.fixture(scope="module")
def superuser(shared: tuple[Services, dict[str, str]]) -> str:
    return shared[0].postgresql.url("postgres")


def value(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def command_line(*arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "est_site.embedded", *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


# --- what the addresses lead to ----------------------------------------------------------------------------------


def test_the_application_and_the_owner_sign_in_through_their_addresses(urls: dict[str, str]) -> None:
    assert value(urls["DATABASE_URL"], "select current_user || ' ' || current_database()") == "est_app est"
    assert value(urls["DATABASE_OWNER_URL"], "select current_user || ' ' || current_database()") == "est_owner est"


def test_the_broker_answers_at_its_address_and_forgets_nothing_to_save_memory(urls: dict[str, str]) -> None:
    with contextlib.closing(redis.Redis.from_url(urls["REDIS_URL"])) as broker:
        assert broker.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert broker.config_get("appendonly") == {"appendonly": "yes"}


def test_the_database_listens_on_no_network_and_lives_in_utc(superuser: str) -> None:
    assert value(superuser, "show listen_addresses") == ""
    assert value(superuser, "show timezone") == "UTC"
    assert value(superuser, "show max_connections") == "100"


def test_swedish_letters_change_case(urls: dict[str, str]) -> None:
    assert value(urls["DATABASE_URL"], "select lower('ÅÄÖ') || upper('åäö')") == "åäöÅÄÖ"


def test_only_the_cluster_of_the_tests_gives_up_safety_for_speed(superuser: str, open_folder: Path) -> None:
    assert value(superuser, "show fsync") == "off"
    assert "fsync" not in PostgreSQL(open_folder)._settings()


# --- the roles ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "login", "inherits", "creates_databases"),
    [("est_owner", True, True, True), ("est_clock", False, True, False), ("est_app", True, False, False)],
)
def test_a_role_can_do_what_it_is_for_and_no_more(
    superuser: str, role: str, login: bool, inherits: bool, creates_databases: bool
) -> None:
    with psycopg.connect(superuser) as connection:
        found = connection.execute(
            "select rolcanlogin, rolinherit, rolcreatedb, rolsuper, rolbypassrls, rolcreaterole, rolreplication"
            " from pg_roles where rolname = %s",
            [role],
        ).fetchone()
    assert found == (login, inherits, creates_databases, False, False, False, False)


def test_the_application_is_the_clock_only_when_it_says_so(urls: dict[str, str]) -> None:
    assert value(urls["DATABASE_URL"], "select pg_has_role('est_app', 'est_clock', 'USAGE')") is False
    with psycopg.connect(urls["DATABASE_URL"]) as connection:
        connection.execute("set local role est_clock")
        assert connection.execute("select current_user").fetchone() == ("est_clock",)


def test_the_application_cannot_become_the_owner(urls: dict[str, str]) -> None:
    with psycopg.connect(urls["DATABASE_URL"]) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("set role est_owner")


def test_the_application_waits_only_so_long(urls: dict[str, str]) -> None:
    with psycopg.connect(urls["DATABASE_URL"]) as connection:
        limits = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
        found = [connection.execute(f"show {name}".encode()).fetchone() for name in limits]
    assert found == [("15s",), ("3s",), ("30s",)]


@pytest.mark.parametrize("database", ["est", "test_est"])
def test_the_application_uses_the_tables_of_the_owner_in_every_database_and_owns_nothing(
    urls: dict[str, str], database: str
) -> None:
    owner, app = (urls[name].replace("/est?", f"/{database}?") for name in ("DATABASE_OWNER_URL", "DATABASE_URL"))
    if database != "est":
        with psycopg.connect(urls["DATABASE_OWNER_URL"], autocommit=True) as connection:
            connection.execute(f"create database {database}".encode())
    with psycopg.connect(owner) as connection:
        connection.execute("create extension btree_gist")
        connection.execute("create table place (id serial primary key, name text)")
    with psycopg.connect(app) as connection:
        connection.execute("insert into place (name) values ('Torget')")
        connection.execute("update place set name = 'Stora torget'")
        assert connection.execute("select name from place").fetchone() == ("Stora torget",)
        connection.execute("delete from place")
        owned = connection.execute("select count(*) from pg_class where relowner = 'est_app'::regrole").fetchone()
        assert owned == (0,)
        for forbidden in ("create table mine (id int)", "truncate place", "drop table place"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(forbidden.encode())


# --- starting and stopping ---------------------------------------------------------------------------------------


def test_four_commands_at_once_start_one_of_each(open_folder: Path) -> None:
    base = open_folder / "four"
    with services_in(base) as services:
        commands = [command_line("env", "--dir", str(base)) for _ in range(4)]
        answers = {command.communicate(timeout=60)[0] for command in commands}
        assert [command.returncode for command in commands] == [0] * 4
        assert len(answers) == 1
        first = services.postgresql.pid, services.valkey.pid
        assert None not in first
        services.up()
        assert (services.postgresql.pid, services.valkey.pid) == first


def test_what_was_committed_survives_killed_servers(open_folder: Path) -> None:
    with services_in(open_folder / "killed", throwaway=False) as services:
        urls = services.up()
        with psycopg.connect(urls["DATABASE_OWNER_URL"]) as connection:
            connection.execute("create table kept as select generate_series(1, 2000) as n")
        with contextlib.closing(redis.Redis.from_url(urls["REDIS_URL"])) as broker:
            broker.set("kept", "yes")
        for server in (services.postgresql, services.valkey):
            assert server.pid is not None
            os.kill(server.pid, signal.SIGKILL)
        assert services.up() == urls
        assert value(urls["DATABASE_URL"], "select count(*) from kept") == 2000
        with contextlib.closing(redis.Redis.from_url(urls["REDIS_URL"])) as broker:
            assert broker.get("kept") == b"yes"


@pytest.mark.long
def test_the_process_id_of_a_killed_server_may_belong_to_somebody_else_now(open_folder: Path) -> None:
    with services_in(open_folder / "reused") as services:
        services.up()
        pid_file = services.postgresql.data / "postmaster.pid"
        lock_file = services.postgresql.sockets / ".s.PGSQL.5432.lock"
        left = pid_file.read_text(), lock_file.read_text()
        old = str(services.postgresql.pid)
        services.postgresql.down()
        account = services.postgresql.account
        with subprocess.Popen(["/bin/sleep", "60"], user=account.uid if account.lent else None) as stranger:
            try:
                pid_file.write_text(left[0].replace(old, str(stranger.pid)))
                lock_file.write_text(left[1].replace(old, str(stranger.pid)))
                assert services.postgresql.pid is None
                assert value(services.up()["DATABASE_URL"], "select 1") == 1
            finally:
                stranger.kill()


@pytest.mark.parametrize("name", ["with spaces, commas and 'quotes' å", "long " * 24])
def test_any_folder_will_do(open_folder: Path, name: str) -> None:
    with services_in(open_folder / name.strip()) as services:
        command = command_line("env", "--dir", str(services.base))
        lines = command.communicate(timeout=60)[0].splitlines()
        given = dict(shlex.split(line)[1].split("=", 1) for line in lines)
        assert set(given) == set(GIVEN)
        assert value(given["DATABASE_URL"], "select 1") == 1
        with contextlib.closing(redis.Redis.from_url(given["REDIS_URL"])) as broker:
            assert broker.ping()


@pytest.mark.skipif(os.geteuid() != 0, reason="others than root use their own account")
def test_root_may_work_in_a_folder_that_nobody_else_enters(open_folder: Path) -> None:
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    with services_in(closed / "var") as services:
        assert value(services.up()["DATABASE_URL"], "select 1") == 1
        assert services.postgresql.data.parts[:3] == ("/", "var", "tmp")


def test_a_folder_that_somebody_put_in_our_place_is_refused(open_folder: Path) -> None:
    base = open_folder / ("long" * 25)
    with services_in(base) as services:
        place = services.valkey.socket.parent
        place.rmdir()
        place.symlink_to("/tmp")  # noqa: S108
        try:
            with pytest.raises(Unavailable, match="in the way"):
                _ = Valkey(services.base).socket
        finally:
            place.unlink()


def test_stopped_is_stopped_and_may_be_stopped_again(open_folder: Path) -> None:
    with services_in(open_folder / "stopped") as services:
        urls = services.up()
        services.down()
        assert services.status() == "PostgreSQL: stopped\nValkey: stopped"
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(urls["DATABASE_URL"])
        services.down()


def test_a_service_that_is_named_is_not_started(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody@elsewhere/est")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere/0")
    with services_in(open_folder / "named") as services:
        assert services.up() == {}
        assert services.status() == "PostgreSQL: stopped\nValkey: stopped"
