"""Where we stand: the routes of the picture."""

from __future__ import annotations

from typing import Any

from tests.walls.bodies import for_the_group, has_changed, measured, was_there, were_there, will_come
from tests.walls.row import Row, button, form, nothing, of_the_owner, own, pk, version
from tests.walls.world import Things

series = pk("series")
meeting, wheel, noted = pk("open"), pk("wheel"), pk("noted")
own_presence = own("presence", of_the_owner)


def label(t: Things) -> dict[str, Any]:
    return {"label": t.period.label}


SITUATION: dict[str, Row] = {
    "situation": Row(),
    "picture": Row(meeting),
    "situation_period": Row(label),
    "situation_matrix": Row(label),
    "situation_map": Row(label),
    "situation_map_file": Row(lambda t: {"label": t.period.label, "form": "csv"}),
    "situation_hours_file": Row(lambda t: {"label": t.period.label, "form": "svg"}, get=(404,)),  # too few events
    "picture_csv": Row(lambda t: {"pk": t.open.pk}),
    "picture_editions": Row(),
    "make_picture_edition": form(nothing, for_the_group),
    "picture_edition": Row(pk("sheet")),
    "picture_edition_order": button(pk("sheet")),
    "picture_edition_pdf": Row(pk("sheet"), get=(302,)),  # it is being made
    "presence": Row(label),
    "record_presence": form(nothing, was_there),
    "paste_presence": Row(nothing, were_there, post=(200,)),
    "correct_presence": own_presence(form, lambda t: was_there(t) | {"version": 1, "day": "2026-11-20"}),
    "withdraw_presence": own_presence(button, version),
    "ahead": Row(label),
    "year_wheel": Row(),
    "add_wheel_entry": form(nothing, will_come),
    "wheel_entry": form(wheel, lambda t: will_come(t) | {"version": 1}),
    "end_wheel_entry": button(wheel, version),
    "sources": Row(),
    "add_source": form(nothing, measured),
    "source": Row(series),
    "change_source": form(series, lambda t: measured(t) | {"version": 1}),
    "take_source": Row(series, lambda t: {"pasted": f"{t.area.name}\t2025\t61,5"}, post=(200,)),
    "end_source": button(series, version),
    "source_file": Row(series),
    "add_reporting_event": form(nothing, has_changed),
    "reporting_event": form(noted, lambda t: has_changed(t) | {"version": 1}),
    "end_reporting_event": button(noted, version),
}
