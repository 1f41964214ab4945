"""Pages of the incidents room."""

from incidents.views.browse import incident, incidents
from incidents.views.photos import photo, report_photos
from incidents.views.report import calm, draft, forget_draft, report

__all__ = ["calm", "draft", "forget_draft", "incident", "incidents", "photo", "report", "report_photos"]
