"""Round the table: what each organisation says of the period, who said that it was calm, and who has said nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from est_site.partners.models import Organisation
from incidents.models import CalmReport
from interventions.models import RoundNote
from situation.models import Meeting

ORDER = ("reported", "calm", "silent")  # the silent ones are named last


@dataclass(frozen=True)
class Said:
    """One organisation: its note, and whether it reported, said that it was calm, or neither."""

    id: int
    name: str
    state: str  # reported, calm or silent
    reports: int
    note: str

    def frozen(self) -> dict[str, Any]:
        return {"id": self.id, "name": self.name, "state": self.state, "reports": self.reports, "note": self.note}


def round_the_table(meeting: Meeting, picture: dict[str, Any] | None) -> list[Said]:
    """Every organisation that takes part; calm that was said after the picture was frozen counts too. Three queries."""
    notes = dict(RoundNote.objects.filter(meeting=meeting).values_list("organisation_id", "text"))
    calm = CalmReport.objects.filter(group_id=meeting.group_id, period_id=meeting.period_id, area=None)
    calm_now = set(calm.values_list("organisation_id", flat=True))
    if picture is not None:
        told = [(o["id"], o["name"], o["state"], o.get("reports", 0)) for o in picture["organisations"]]
    else:
        rows = Organisation.objects.filter(group_id=meeting.group_id).active().order_by("name")
        told = [(pk, name, "silent", 0) for pk, name in rows.values_list("pk", "name")]
    found = []
    for pk, name, state, reports in told:
        known = "reported" if state not in ("calm", "silent") else state
        if known == "silent" and pk in calm_now:
            known = "calm"
        found.append(Said(pk, name, known, reports, notes.get(pk, "").strip()))
    return sorted(found, key=lambda one: (not one.note, ORDER.index(one.state), one.name))
