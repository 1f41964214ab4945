"""The small world of the fault tests: Tärnsund, two coordinators, an open meeting and agendas nobody has printed yet.

    python -m tests.faults.world FILE

writes it to the database of DATABASE_URL and what the tests must know of it to FILE.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

AGENDAS = 60


def main(file: Path) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "est_site.settings")
    import django

    django.setup()
    file.write_text(json.dumps(build()))


def build() -> dict[str, Any]:
    from est_site import tenancy
    from est_site.models import Job
    from interventions.actions import prepare_meeting
    from interventions.models import AgendaItem, Edition
    from situation.actions import open_meeting
    from situation.schedule import plan_meeting
    from tests import cast

    town = cast.make_tarnsund()
    with tenancy.inside(town.group):
        cilla = cast.make_person(town.group, town.organisations["municipality"], "Cilla", "coordinator")
        meeting = plan_meeting(group=town.group, period=town.periods[-1])
        prepare_meeting(meeting=meeting, now=cast.NOW)
        open_meeting(meeting=meeting, by=town.carin, now=cast.NOW + timedelta(days=1))
        agenda = Edition.objects.get(meeting=meeting)
        for version in range(2, AGENDAS + 2):
            Edition.objects.create(
                group=town.group,
                meeting=meeting,
                kind=agenda.kind,
                version=version,
                frozen=agenda.frozen
                | {"meeting": agenda.frozen["meeting"] | {"place": f"Rum {version}"}},  # no two files alike
                frozen_at=cast.NOW,
            )
        Job.objects.all().delete()  # each test orders what it is about
        return {
            "group": town.group.pk,
            "category": town.categories["damage"].pk,
            "category_name": town.categories["damage"].name_sv,
            "place": town.places["kiosken"].pk,
            "organisation": town.organisations["municipality"].pk,
            "meeting": meeting.pk,
            "note": AgendaItem.objects.get(meeting=meeting, kind="round").pk,
            "editions": list(Edition.objects.filter(version__gt=1).order_by("version").values_list("pk", flat=True)),
            "members": {"carin": town.carin.pk, "rut": town.rut.pk, "cilla": cilla.pk},
            "sessions": {
                name: session(member.user)
                for name, member in (("carin", town.carin), ("rut", town.rut), ("cilla", cilla))
            },
        }


def session(user: Any) -> str:
    """A signed-in browser's cookie, good for longer than anybody keeps the database."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.set_expiry(10 * 365 * 86400)
    store.create()
    return str(store.session_key)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
