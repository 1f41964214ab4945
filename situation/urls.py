from django.urls import path

from situation import views

urlpatterns = [
    path("situation/", views.situation, name="situation"),
    path("situation/meeting/<int:pk>/", views.frozen_picture, name="picture"),
    path("situation/meeting/<int:pk>/picture.csv", views.frozen_csv, name="picture_csv"),
    path("situation/<str:label>/", views.situation_period, name="situation_period"),
    path("situation/<str:label>/matrix.csv", views.situation_matrix, name="situation_matrix"),
]
