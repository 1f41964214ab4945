"""The one file that sees everything, in the order of the house."""

from allauth.account import views as account
from django.urls import include, path, re_path

from est_site import health, pages
from est_site.access import public
from est_site.partners.views import installation

handler400 = pages.bad_request
handler403 = pages.forbidden
handler404 = pages.not_found
handler500 = pages.server_error

sign_in = public("the way in")

urlpatterns = [
    path("", pages.door, name="door"),
    path("-/live", health.live, name="live"),
    path("-/ready", health.ready, name="ready"),
    path("-/csp", pages.csp_report, name="csp_report"),
    path("-/language", pages.set_language, name="set_language"),
    path("styleguide/", pages.styleguide, name="styleguide"),
    path("account/sign-in/", sign_in(account.login), name="account_login"),
    path("account/sign-out/", sign_in(account.logout), name="account_logout"),
    path("account/password/forgotten/", sign_in(account.password_reset), name="account_reset_password"),
    path("account/password/sent/", sign_in(account.password_reset_done), name="account_reset_password_done"),
    re_path(  # the key holds a hyphen of its own, so the first part must not
        r"^account/password/choose/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        sign_in(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "account/password/chosen/",
        sign_in(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("account/inactive/", sign_in(account.account_inactive), name="account_inactive"),
    path("administration/jobs/", installation.parked_jobs, name="parked_jobs"),
    path("administration/jobs/<int:group>/<int:pk>/retry/", installation.retry_job, name="retry_job"),
    path("api/v1/", include("incidents.api_urls")),
    path("g/<slug:slug>/", pages.home, name="home"),
    path("g/<slug:slug>/guard/", pages.guard_text, name="guard"),
    path("g/<slug:slug>/settings/", include("est_site.partners.urls")),
    path("g/<slug:slug>/settings/systems/", include("incidents.settings_urls")),
    path("g/<slug:slug>/", include("incidents.urls")),
    path("g/<slug:slug>/", include("situation.urls")),
    path("g/<slug:slug>/", include("interventions.urls")),
]
