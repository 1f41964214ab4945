"""Pages of the incidents room."""

from incidents.views import batches, imports
from incidents.views.browse import incident, incidents
from incidents.views.correct import correct
from incidents.views.intake import intake, looked_at, mask, merge, not_same, part
from incidents.views.life import ended, reopen, restore, same, still, withdraw
from incidents.views.nearby import nearby
from incidents.views.own import list_keys, my_reports, weekly_mail
from incidents.views.photos import photo, report_photos
from incidents.views.pin import report_map
from incidents.views.report import calm, calm_areas, draft, forget_draft, report
from incidents.views.table import table, table_paste, table_rows

__all__ = [
    "batches",
    "calm",
    "calm_areas",
    "correct",
    "draft",
    "ended",
    "forget_draft",
    "imports",
    "incident",
    "incidents",
    "intake",
    "list_keys",
    "looked_at",
    "mask",
    "merge",
    "my_reports",
    "nearby",
    "not_same",
    "part",
    "photo",
    "reopen",
    "report",
    "report_map",
    "report_photos",
    "restore",
    "same",
    "still",
    "table",
    "table_paste",
    "table_rows",
    "weekly_mail",
    "withdraw",
]
