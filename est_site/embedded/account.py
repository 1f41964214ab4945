"""Who a server runs as, and where that account can keep its files."""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

SOCKET_PATH_LIMIT = 107  # bytes the kernel takes


class Unavailable(Exception):
    """A service cannot be had; the message says why and what to do about it."""


@dataclass(frozen=True)
class Account:
    """The account that PostgreSQL runs under."""

    uid: int
    gid: int

    @classmethod
    def ours(cls) -> "Account":
        return cls(os.geteuid(), os.getegid())

    @classmethod
    def for_data(cls, data: Path) -> "Account":
        """Ours. PostgreSQL refuses root, so root lends it to the owner of the data or to an unprivileged account."""
        owner = data.stat() if data.exists() else None
        if os.geteuid():
            if owner and owner.st_uid != os.geteuid():
                raise Unavailable(f"{data} belongs to another user: run this as the user who ran it the first time.")
            return cls.ours()
        if owner and owner.st_uid:
            return cls(owner.st_uid, owner.st_gid)
        for name in ("postgres", "nobody"):
            with contextlib.suppress(KeyError):
                entry = pwd.getpwnam(name)
                return cls(entry.pw_uid, entry.pw_gid)
        raise Unavailable("PostgreSQL does not run as root, and there is no account 'postgres' or 'nobody' for it.")

    @property
    def lent(self) -> bool:
        return self.uid != os.geteuid()

    def own(self, path: Path) -> None:
        if self.lent:
            os.chown(path, self.uid, self.gid)

    def run(self, *command: str | Path, cwd: Path, text: str = "") -> "subprocess.CompletedProcess[str]":
        """Run as this account, deaf to the PG* variables of the caller and to the signals of its terminal."""
        return subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            env={"PATH": os.environ.get("PATH", os.defpath), "HOME": str(cwd), "LC_ALL": "C.UTF-8", "PGTZ": "UTC"},
            input=text,
            capture_output=True,
            text=True,
            start_new_session=True,
            user=self.uid if self.lent else None,
            group=self.gid if self.lent else None,
            extra_groups=[] if self.lent else None,
            check=False,
        )

    def reaches(self, path: Path) -> bool:
        """Whether this account may enter a folder or execute a file, all folders above it included."""
        return not self.lent or self.run("test", "-x", path, cwd=Path("/")).returncode == 0


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One process at a time for a folder; the kernel lets go when the process ends, however it ends."""
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


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
    account.own(folder)
    folder.chmod(mode)
    return folder


def socket_folder(preferred: Path, name: str, account: Account) -> Path:
    """The preferred folder if a socket in it can be addressed, else a short one; to libpq a comma begins another."""
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
