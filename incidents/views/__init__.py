"""Pages of the incidents room."""

from incidents.views.browse import incident, incidents
from incidents.views.correct import correct
from incidents.views.life import ended, reopen, restore, same, still, withdraw
from incidents.views.own import my_reports, weekly_mail
from incidents.views.report import calm, calm_areas, report

__all__ = [
    "calm",
    "calm_areas",
    "correct",
    "ended",
    "incident",
    "incidents",
    "my_reports",
    "reopen",
    "report",
    "restore",
    "same",
    "still",
    "weekly_mail",
    "withdraw",
]
