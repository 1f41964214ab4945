"""The Celery application: workers are woken by the tick and by nothing else."""

import os

from celery import Celery

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
