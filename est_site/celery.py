"""The Celery application: workers are woken by the tick and by nothing else."""

import os

from celery import Celery
from celery.signals import beat_init, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "est_site.settings")

app = Celery("est")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_finalize.connect
def _schedule(sender: Celery, **_kwargs: object) -> None:
    from django.conf import settings

    sender.conf.beat_schedule = {
        "tick": {"task": "est_site.tick", "schedule": settings.JOB_TICK.total_seconds(), "options": {"expires": 55}}
    }


@worker_init.connect
@beat_init.connect
def _refuse_unsafe_start(**_kwargs: object) -> None:
    from est_site.start import start

    start()
