from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.faults.house import House


@pytest.fixture(scope="package")
def standing() -> Iterator[House]:
    """The house that all fault tests of this process break, one after the other."""
    base = Path(settings.VAR) / f"faults-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    house = House(base, Path(tempfile.mkdtemp(prefix="est-faults-")))
    try:
        yield house
    finally:
        house.close()


@pytest.fixture
def house(standing: House) -> House:
    """The house, whole: whatever the test before did to it is mended."""
    standing.mend()
    return standing
