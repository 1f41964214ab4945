from django.urls import path

from incidents import views

urlpatterns = [
    path("report/", views.report, name="report"),
    path("report/calm/", views.calm, name="calm"),
    path("incidents/", views.incidents, name="incidents"),
    path("incidents/<int:pk>/", views.incident, name="incident"),
]
