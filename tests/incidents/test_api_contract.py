"""The document and the routes say the same: a machine that reads the document tries to prove the opposite."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from est_site import tenancy
from est_site.partners.calendar import extend_periods
from incidents import api
from tests.cast import NOW, Town
from tests.incidents.test_api import make

# What the document cannot know is refused with 422: which categories, places and periods a group has.
SETTINGS = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", 401, 403, 404, 409, 422]
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seconds", [5, pytest.param(240, marks=pytest.mark.long)])
def test_no_request_proves_the_document_wrong(
    tarnsund: Town, live_server: Any, settings: Any, tmp_path: Path, seconds: int
) -> None:
    settings.API_A_MINUTE = 1_000_000
    with tenancy.inside(tarnsund.group):
        extend_periods(tarnsund.group, NOW.date())
    (tmp_path / "openapi.json").write_text(json.dumps(api.document()))
    (tmp_path / "schemathesis.toml").write_text(SETTINGS)
    command = [
        *(str(Path(sys.executable).parent / "st"), "--config-file", str(tmp_path / "schemathesis.toml"), "run"),
        *(str(tmp_path / "openapi.json"), "--url", live_server.url, "--checks", "all", "--max-time", str(seconds)),
        *("-H", f"Authorization: Bearer {make(tarnsund)}", "--seed", "1", "--no-color", "--continue-on-failure"),
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=seconds + 120)
    assert done.returncode == 0, done.stdout[-6000:]
