"""The installation's settings with the measured addresses added; used by bench processes only."""

from est_site.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
REPORTS_A_MINUTE = 1_000_000  # who measures does not wait
