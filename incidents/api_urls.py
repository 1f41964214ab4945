from django.urls import path

from incidents import api
from incidents.views import api_pages

urlpatterns = [
    path("", api_pages.routes, name="api_routes"),
    path("openapi.json", api_pages.document, name="api_document"),
    *api.patterns(),
]
