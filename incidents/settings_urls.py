from django.urls import path

from incidents.views import tokens

urlpatterns = [
    path("", tokens.tokens, name="tokens"),
    path("add/", tokens.make_token, name="make_token"),
    path("<int:pk>/revoke/", tokens.revoke_token, name="revoke_token"),
]
