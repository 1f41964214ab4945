from django.urls import path

from incidents import views

urlpatterns = [
    path("report/", views.report, name="report"),
    path("report/calm/", views.calm, name="calm"),
    path("report/draft/", views.draft, name="draft"),
    path("report/draft/forget/", views.forget_draft, name="forget_draft"),
    path("report/photos/", views.report_photos, name="report_photos"),
    path("incidents/photos/<int:pk>/", views.photo, name="photo"),
    path("incidents/", views.incidents, name="incidents"),
    path("incidents/<int:pk>/", views.incident, name="incident"),
]
