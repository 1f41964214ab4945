from django.urls import path

from incidents import views
from incidents.views import batches, imports

urlpatterns = [
    path("report/", views.report, name="report"),
    path("report/calm/", views.calm, name="calm"),
    path("incidents/", views.incidents, name="incidents"),
    path("incidents/<int:pk>/", views.incident, name="incident"),
    path("imports/", batches.imports, name="imports"),
    path("imports/new/", imports.upload, name="import_upload"),
    path("imports/files/<int:pk>/", imports.file, name="import_file"),
    path("imports/files/<int:pk>/columns/", imports.columns, name="import_columns"),
    path("imports/files/<int:pk>/values/", imports.values, name="import_values"),
    path("imports/files/<int:pk>/faults.csv", imports.faults, name="import_faults"),
    path("imports/files/<int:pk>/take-in/", imports.take_in, name="import_take_in"),
    path("imports/files/<int:pk>/discard/", imports.discard, name="import_discard"),
    path("imports/files/<int:pk>/progress/", imports.progress, name="import_progress"),
    path("imports/<int:pk>/", batches.batch, name="import_batch"),
    path("imports/<int:pk>/undo/", batches.undo, name="import_undo"),
    path("imports/held/", batches.held_rows, name="held_rows"),
    path("imports/held/<int:pk>/", batches.held_row, name="held_row"),
    path("imports/held/<int:pk>/drop/", batches.drop_held, name="drop_held"),
]
