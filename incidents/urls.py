from django.urls import path

from incidents import views

urlpatterns = [
    path("report/", views.report, name="report"),
    path("report/calm/", views.calm, name="calm"),
    path("report/draft/", views.draft, name="draft"),
    path("report/draft/forget/", views.forget_draft, name="forget_draft"),
    path("report/photos/", views.report_photos, name="report_photos"),
    path("incidents/photos/<int:pk>/", views.photo, name="photo"),
    path("report/calm/areas/", views.calm_areas, name="calm_areas"),
    path("report/mine/", views.my_reports, name="my_reports"),
    path("report/mine/mail/", views.weekly_mail, name="weekly_mail"),
    path("incidents/", views.incidents, name="incidents"),
    path("incidents/intake/", views.intake, name="intake"),
    path("incidents/intake/looked-at/", views.looked_at, name="looked_at"),
    path("incidents/<int:pk>/merge/<int:other>/", views.merge, name="incident_merge"),
    path("incidents/<int:pk>/not-same/<int:other>/", views.not_same, name="incident_not_same"),
    path("incidents/<int:pk>/part/", views.part, name="incident_part"),
    path("incidents/<int:pk>/mask/", views.mask, name="incident_mask"),
    path("incidents/<int:pk>/", views.incident, name="incident"),
    path("incidents/<int:pk>/correct/", views.correct, name="incident_correct"),
    path("incidents/<int:pk>/withdraw/", views.withdraw, name="incident_withdraw"),
    path("incidents/<int:pk>/restore/", views.restore, name="incident_restore"),
    path("incidents/<int:pk>/same/", views.same, name="incident_same"),
    path("incidents/<int:pk>/still/", views.still, name="incident_still"),
    path("incidents/<int:pk>/ended/", views.ended, name="incident_ended"),
    path("incidents/<int:pk>/reopen/", views.reopen, name="incident_reopen"),
]
