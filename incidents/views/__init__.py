"""Pages of the incidents room."""

from incidents.views.browse import incident, incidents
from incidents.views.report import calm, report

__all__ = ["calm", "incident", "incidents", "report"]
