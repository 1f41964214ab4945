"""The start of a web process or a worker: refused, one line for each reason, when the house would not be safe."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable
from typing import NoReturn

import django
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from environs import EnvError

log = logging.getLogger(__name__)


def start() -> None:
    """Read the settings, load the apps, run the start-up checks."""
    try:
        django.setup()
    except (EnvError, ImproperlyConfigured) as error:
        _refuse([str(error)])
    found = checks.run_checks(tags=[checks.Tags.security, checks.Tags.database], databases=["default"])
    connections.close_all()  # what forks from here must not share one
    faults = [message.msg for message in found if message.level >= checks.ERROR]
    if faults:
        _refuse(faults)
    for message in found:
        log.warning(message.msg)


def _refuse(reasons: Iterable[str]) -> NoReturn:
    for reason in reasons:
        print(f"EST does not start: {' '.join(reason.split())}", file=sys.stderr, flush=True)
    raise SystemExit(1)
