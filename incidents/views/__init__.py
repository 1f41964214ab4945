"""Pages of the incidents room."""

from incidents.views import batches, imports
from incidents.views.browse import incident, incidents
from incidents.views.report import calm, report

__all__ = ["batches", "calm", "imports", "incident", "incidents", "report"]
