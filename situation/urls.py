from django.urls import path

from situation import ahead_views, map_views, presence_paste_views, presence_views, reporting_views, views

urlpatterns = [
    path("situation/", views.situation, name="situation"),
    path("situation/meeting/<int:pk>/", views.frozen_picture, name="picture"),
    path("situation/meeting/<int:pk>/picture.csv", views.frozen_csv, name="picture_csv"),
    path("situation/presence/", presence_views.record_presence, name="record_presence"),
    path("situation/presence/paste/", presence_paste_views.paste_presence, name="paste_presence"),
    path("situation/presence/<int:pk>/", presence_views.correct_presence, name="correct_presence"),
    path("situation/presence/<int:pk>/withdraw/", presence_views.withdraw_presence, name="withdraw_presence"),
    path("situation/year/", ahead_views.year_wheel, name="year_wheel"),
    path("situation/year/add/", ahead_views.add_wheel_entry, name="add_wheel_entry"),
    path("situation/year/<int:pk>/", ahead_views.wheel_entry, name="wheel_entry"),
    path("situation/year/<int:pk>/end/", ahead_views.end_wheel_entry, name="end_wheel_entry"),
    path("situation/year/reporting/add/", reporting_views.add_reporting_event, name="add_reporting_event"),
    path("situation/year/reporting/<int:pk>/", reporting_views.reporting_event, name="reporting_event"),
    path("situation/year/reporting/<int:pk>/end/", reporting_views.end_reporting_event, name="end_reporting_event"),
    path("situation/<str:label>/ahead/", ahead_views.ahead, name="ahead"),
    path("situation/<str:label>/presence/", presence_views.presence, name="presence"),
    path("situation/<str:label>/", views.situation_period, name="situation_period"),
    path("situation/<str:label>/matrix.csv", views.situation_matrix, name="situation_matrix"),
    path("situation/<str:label>/hours.<str:form>", map_views.situation_hours_file, name="situation_hours_file"),
    path("situation/<str:label>/map/", map_views.situation_map, name="situation_map"),
    path("situation/<str:label>/map/map.<str:form>", map_views.situation_map_file, name="situation_map_file"),
]
