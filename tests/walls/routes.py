"""For each route, by hand: how to point at a thing that exists, what a valid form holds, and what then follows.

Who is let in is not said here: that follows from the mark on the view and the table in `est_site/access.py`.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, URLResolver, get_resolver

from est_site.access import Permission, marks, may
from est_site.partners.invitations import password_path
from est_site.partners.models import Membership
from tests.walls.bodies import rows
from tests.walls.routes_interventions import INTERVENTIONS
from tests.walls.routes_situation import SITUATION
from tests.walls.row import Limited, Row, Values, button, form, nothing, of_the_owner, own, pk, version
from tests.walls.world import FEATURE, LIST, Things, jpeg, today


def file() -> SimpleUploadedFile:
    return SimpleUploadedFile("udden.geojson", FEATURE)


def picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("bild.jpg", jpeg())


def seat(t: Things) -> dict[str, Any]:
    return {"version": t.person.version, "organisation": t.organisation.pk, "role": "member", "valid_from": today()}


def schedule(t: Things) -> dict[str, Any]:
    group = t.town.group
    names = (
        "version",
        "cadence",
        "weekday",
        "meeting_minutes",
        "deadline_lead_hours",
        "prepare_lead_hours",
        "small_number",
        "correction_hours",
    )
    return {name: getattr(group, name) for name in names} | {
        "meeting_time": "10:30",
        "review_cadence": group.review_cadence,
        "language": group.language,
    }


incident, condition, mended = pk("incident"), pk("condition"), pk("mended")
area, place, category, period, person = pk("area"), pk("place"), pk("category"), pk("period"), pk("person")


def said_anew(t: Things) -> dict[str, Any]:
    """An observation as the form that corrects it says it."""
    times = {"occurred_from": "2026-11-20T16:41", "occurred_to": "2026-11-20T17:00"}
    return {"version": 1, "top": t.top.pk, "where": "unknown", "text": "Sprejat på muren", **times}


def right_door(t: Things) -> dict[str, Any]:
    return {"pk": t.town.doors[1].pk}


def token(t: Things) -> dict[str, Any]:
    return {"token": t.kept_file()}


def key(t: Things) -> dict[str, Any]:
    uidb36, _, secret = password_path(t.person.user).strip("/").rpartition("/")[2].partition("-")
    return {"uidb36": uidb36, "key": secret}


def rows_file() -> SimpleUploadedFile:
    return SimpleUploadedFile("vakt.csv", LIST)


def of_the_coordinator(member: Membership, t: Things) -> bool:
    return of_the_owner(member, t) or may(member, Permission.MANAGE_PARTNERS)


def of_who_imports(member: Membership, t: Things) -> bool:
    return of_the_owner(member, t) or may(member, Permission.IMPORT)


def of_the_person(member: Membership, t: Things) -> bool:
    return member.pk == t.saved.member_id


own_file = own("waiting", of_the_coordinator)
own_batch = own("batch", of_who_imports)
own_held = own("held", of_the_coordinator)
OWN_OTHER = Limited(lambda t: {"pk": t.incident.pk, "other": t.own_incident.pk})
OWN_INCIDENT = Limited(lambda t: {"pk": t.own_incident.pk})
OWN, OWN_CHANGED = (200, 404), (302, 404)  # who logged it is let in; to everybody else the page is not there
NEW_AREAS: Values = lambda t: {"name_field": "namn", "layer": "est", "valid_from": today()}  # noqa: E731
ENTRY = Row(get=(200, 302), post=(200, 302))  # the way in asks who is signed in already to go on
WORD = Row(get=(200, 302), post=(405,))  # a page of the way in that only says something

ROUTES: dict[str, Row] = {
    # --- the house ---
    "door": Row(get=(200, 302)),
    "live": Row(post=(200, 405)),
    "ready": Row(post=(200, 405)),
    "csp_report": button(nothing, post=204),
    "set_language": button(nothing, lambda t: {"language": "en"}),
    "styleguide": Row(),
    "account_login": ENTRY,
    "account_logout": ENTRY,
    "account_reset_password": ENTRY,
    "account_reset_password_done": WORD,
    "account_reset_password_from_key": Row(key, get=(200, 302), post=(200, 302)),
    "account_reset_password_from_key_done": WORD,
    "account_inactive": WORD,
    "home": Row(),
    "guard": button(nothing, lambda t: {"field": "text", "text": "Glas på marken"}, post=200),
    "parked_jobs": Row(),
    "retry_job": button(lambda t: {"group": t.town.group.pk, "pk": t.job.pk}),
    # --- settings ---
    "partners": Row(),
    "people": Row(),
    "invite": form(
        nothing,
        lambda t: {"email": "ny@est.example", "name": "Nya", "organisation": t.organisation.pk, "role": "member"},
    ),
    "person": form(person, seat),
    "end_person": form(person, lambda t: {"version": t.person.version, "last_day": today()}),
    "invite_again": button(person),
    "add_organisation": form(nothing, lambda t: {"name": "Hyresgästföreningen", "kind": "civil"}),
    "organisation": form(
        lambda t: {"pk": t.leaving.pk}, lambda t: {"version": 1, "name": "Nya skolan", "kind": "school"}
    ),
    "leave": form(lambda t: {"pk": t.leaving.pk}, version),
    "areas": Row(),
    "import_areas": form(nothing, lambda t: {"file": file(), "layer": "est", "valid_from": today()}),
    "import_report": Row(token, get=(200, 302, 422)),  # without its choices in the address it asks for them
    "import_confirm": button(token, NEW_AREAS),
    "area": form(area, lambda t: {"version": t.area.version, "name": "Nya hamnen"}),
    "redraw_area": form(area, lambda t: {"version": t.area.version, "file": file(), "first_day": today()}),
    "end_area": form(area, lambda t: {"version": t.area.version, "last_day": today()}),
    "places": Row(),
    "import_addresses": form(nothing, lambda t: {"file": SimpleUploadedFile("a.csv", b"gata;nr;lon;lat\nA;1;11;57")}),
    "add_place": form(nothing, lambda t: {"name": "Skateparken", "lat": "57.9", "lon": "11.9"}),
    "place": form(place, lambda t: {"version": t.place.version, "name": "Kiosken"}),
    "retire_place": button(place, version),
    "use_place": button(place, version),
    "categories": Row(),
    "add_category": form(nothing, lambda t: {"name_sv": "Buller", "kind": "event", "parent": t.top.pk}),
    "category": form(category, lambda t: {"version": 1, "name_sv": "Målat på vägg"}),
    "questions": Row(category),
    "add_question": form(category, lambda t: {"label_sv": "Hur många?", "kind": "number"}),
    "question": form(lambda t: {"pk": t.question.pk}, lambda t: {"version": 1, "label_sv": "Lyser lampan nu?"}),
    "end_question": button(lambda t: {"pk": t.question.pk}, version),
    "ask_again": button(lambda t: {"pk": t.question.pk}, version),
    "move_category": button(category, lambda t: {"way": "up"}),
    "retire_category": button(category, version),
    "use_category": button(category, version),
    "right_doors": Row(),
    "add_door": form(nothing, lambda t: {"title": "Trygghetsvärdarna", "use": "Kvällar och helger"}),
    "door_settings": form(right_door, lambda t: {"version": 1, "title": "Ring polisen", "use": "Ring genast"}),
    "move_door": button(right_door, lambda t: {"way": "up"}),
    "hide_door": button(right_door, version),
    "show_door": button(right_door, version),
    "schedule": Row(),
    "change_schedule": form(nothing, schedule),
    "merge_periods": button(nothing, lambda t: {"first": t.period.pk, "last": t.next_period.pk}),
    "move_period": form(period, lambda t: {"last_day": t.period.last_day}),
    "cancel_period": button(period),
    # --- what has happened ---
    "report": Row(
        body=lambda t: {"client_uuid": uuid.UUID(int=7), "top": t.top.pk, "where": "unknown", "when": "now"},
        post=(303,),
    ),
    "report_table": Row(body=rows, post=(303,)),
    "report_table_rows": button(nothing, rows, post=200),
    "report_table_paste": button(
        nothing,
        lambda t: {"client_uuid": uuid.UUID(int=11), "pasted": f"Klotter\t{t.place.name}\t2026-11-20"},
        post=200,
    ),
    "report_table_draft": button(nothing, rows, post=204),
    "report_table_forget": button(nothing, post=303),
    "report_map": Row(),
    "calm": button(nothing, post=303),
    "draft": button(nothing, lambda t: {"client_uuid": uuid.UUID(int=8), "text": "Två lyktor"}, post=204),
    "nearby": button(
        nothing,
        lambda t: {
            "client_uuid": uuid.UUID(int=8),
            "top": t.top.pk,
            "where": f"place-{t.place.pk}",
            "when": "now",
        },
        post=200,
    ),
    "forget_draft": button(nothing, post=303),
    "report_photos": button(nothing, lambda t: {"client_uuid": uuid.UUID(int=9), "photos": picture()}, post=200),
    "photo": Row(lambda t: {"pk": t.photo.pk}, limited=Limited(lambda t: {"pk": t.own_photo.pk})),
    "calm_areas": Row(body=lambda t: {"areas": [t.area.pk]}, post=(303,)),
    "my_reports": Row(),
    "weekly_mail": button(nothing, lambda t: {"wanted": "on"}),
    "incidents": Row(),
    "list_keys": button(nothing),
    "save_filter": form(nothing, lambda t: {"name": "Öppna", "query": "state=open"}),
    "saved_filter": replace(form(pk("saved"), lambda t: {"name": "Nytt namn"}), only=of_the_person),
    "remove_filter": replace(button(pk("saved")), only=of_the_person),
    "intake": Row(),
    "looked_at": button(nothing, lambda t: {"pk": [t.incident.pk]}),
    "incident_merge": button(lambda t: {"pk": t.incident.pk, "other": t.second_incident.pk}, limited=OWN_OTHER),
    "incident_not_same": button(lambda t: {"pk": t.incident.pk, "other": t.second_incident.pk}, limited=OWN_OTHER),
    "incident_part": button(
        lambda t: {"pk": t.merged_incident.pk}, limited=Limited(lambda t: {"pk": t.own_incident.pk})
    ),
    "incident_mask": Row(
        lambda t: {"pk": t.incident.pk},
        lambda t: {"words": "on", "reason": "person"},
        post=(302,),
        limited=Limited(lambda t: {"pk": t.own_incident.pk}),
    ),
    "incident": Row(lambda t: {"pk": t.incident.pk}, limited=Limited(lambda t: {"pk": t.own_incident.pk})),
    "incident_correct": Row(incident, said_anew, get=OWN, post=OWN_CHANGED),
    "incident_withdraw": Row(incident, lambda t: {"reason": "mistake"}, get=OWN, post=OWN_CHANGED),
    "incident_restore": Row(incident, get=(405,), post=OWN_CHANGED),
    "incident_same": button(condition, limited=OWN_INCIDENT),
    "incident_still": button(condition, limited=OWN_INCIDENT),
    "incident_ended": button(condition, limited=OWN_INCIDENT),
    "incident_reopen": button(mended, limited=OWN_INCIDENT),
    # --- in from elsewhere ---
    "imports": Row(),
    "import_upload": form(nothing, lambda t: {"organisation": t.organisation.pk, "file": rows_file()}),
    "import_file": own_file(Row),
    "import_columns": own_file(
        form, lambda t: {"name": "vakt", "id": "nr", "time_from": "tid", "category": "typ", "place": "p"}
    ),
    "import_values": own_file(form, lambda t: {"category_0": "graffiti", "place_rest": "unknown"}),
    "import_faults": own_file(Row),
    "import_take_in": own_file(button),
    "import_discard": own_file(button),
    "import_progress": own_file(lambda args: Row(args, get=(302,))),
    "import_batch": own_batch(Row),
    "import_undo": own_batch(button),
    "held_rows": Row(),
    "held_row": own_held(form, lambda t: {"text": "Ring mig inte"}),
    "drop_held": own_held(button),
    "tokens": Row(),
    "make_token": Row(
        body=lambda t: {"name": "Journalen", "organisation": t.organisation.pk, "scopes": ["calm:write"]}, post=(200,)
    ),
    "revoke_token": button(lambda t: {"pk": t.api_token.pk}, version),
    "api_routes": Row(),
    "api_document": Row(),
    "api_observations": Row(get=(401,), post=(401,)),
    "api_batch": Row(get=(401,), post=(401,)),
    "api_calm": Row(get=(401,), post=(401,)),
    **SITUATION,
    **INTERVENTIONS,
}


def routes() -> dict[str, tuple[str, str]]:
    """Every route of the installation: its name (or its address, without one) -> (address, mark of its view)."""
    marked = marks()
    found: dict[str, tuple[str, str]] = {}

    def walk(patterns: Any, prefix: str) -> None:
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, route)
            elif isinstance(pattern, URLPattern):
                found[pattern.name or route] = (route, marked[route])

    walk(get_resolver().url_patterns, "")
    assert len(found) == len(marked), "two routes share a name"
    return found
