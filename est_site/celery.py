"""The Celery application: workers are woken by the tick and by nothing else."""

import os

from celery import Celery
from celery.signals import beat_init, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "est_site.settings")

app = Celery("est")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
@beat_init.connect
def _refuse_unsafe_start(**_kwargs: object) -> None:
    from est_site.start import start

    start()
