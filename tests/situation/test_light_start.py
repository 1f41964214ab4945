"""What a web worker carries: the figures need SciPy, answering does not."""

from __future__ import annotations

import subprocess
import sys

START = """
import sys
import est_site.wsgi, est_site.urls
import situation.deviation, situation.timing, situation.coverage, situation.hotspots
print(*sorted({name.partition(".")[0] for name in sys.modules} & {"scipy", "statsmodels", "pandas"}))
"""


def test_a_web_worker_starts_without_scipy() -> None:
    started = subprocess.run([sys.executable, "-c", START], capture_output=True, text=True, check=True)
    assert started.stdout.strip() == ""
