"""The door, the way in, the language, the error pages, and the headers every answer carries."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.contrib.messages.storage import default_storage
from django.contrib.sessions.backends.db import SessionStore
from django.core import mail
from django.core.management import call_command
from django.templatetags.static import static
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from est_site import access, pages, tenancy
from est_site.partners.models import Membership, User
from tests.cast import PASSWORD, Town
from tests.conftest import SignIn


@pytest.fixture
def rooms_that_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """The menu of the rooms built so far."""

    def is_there(name: str) -> bool:
        try:
            return bool(reverse(name, args=["x"]))
        except NoReverseMatch:
            return False

    monkeypatch.setattr(pages, "MENU", [entry for entry in pages.MENU if is_there(entry[0])])


def sign_in(client: Client, email: str, password: str = PASSWORD) -> Any:
    return client.post("/account/sign-in/", {"login": email, "password": password})


# --- the door ------------------------------------------------------------------------------------


def test_the_door_asks_a_stranger_to_sign_in(client: Client) -> None:
    assert client.get("/").headers["Location"] == "/account/sign-in/?next=/"


def test_the_door_leads_a_person_with_one_group_straight_in(tarnsund: Town, signed_in: SignIn) -> None:
    assert signed_in(tarnsund.rut).get("/").headers["Location"] == "/g/tarnsund/"


def test_the_door_lets_a_person_with_two_groups_choose(tarnsund: Town, bjorkvik: Town, signed_in: SignIn) -> None:
    with tenancy.inside(bjorkvik.group):
        Membership.objects.create(
            group=bjorkvik.group,
            user=tarnsund.carin.user,
            organisation=bjorkvik.organisations["housing"],
            role="member",
            valid_from=date(2020, 1, 1),
        )
    text = signed_in(tarnsund.carin).get("/").content.decode()
    assert 'href="/g/tarnsund/"' in text
    assert 'href="/g/bjorkvik/"' in text
    assert "samordnare" in text


def test_the_door_says_what_to_do_to_a_person_in_no_group(db: None, client: Client) -> None:
    client.force_login(User.objects.create_user("ny@example.se", PASSWORD, name="Ny"))
    text = client.get("/").content.decode()
    assert "Du är inte med i någon grupp" in text
    assert "Be samordnaren" in text
    assert "Logga ut" in text


@pytest.mark.usefixtures("rooms_that_are_there")
def test_home_tells_a_newcomer_how_a_week_goes(tarnsund: Town, signed_in: SignIn, monkeypatch: Any) -> None:
    monkeypatch.setattr("est_site.slots._FILLED", {"home": []})
    text = signed_in(tarnsund.rut).get("/g/tarnsund/").content.decode()
    assert "Så här går en vecka till" in text
    assert "Rut Tärnsundsson" in text
    assert "rapportör" in text


def test_home_does_not_exist_for_an_outsider(tarnsund: Town, bjorkvik: Town, signed_in: SignIn) -> None:
    assert signed_in(bjorkvik.olle).get("/g/tarnsund/").status_code == 404


# --- the way in ----------------------------------------------------------------------------------


def test_a_person_signs_in_with_their_address_however_they_write_it(tarnsund: Town, client: Client) -> None:
    assert sign_in(client, "RUT@tarnsund.example").headers["Location"] == "/"


def test_a_wrong_password_says_the_same_as_an_unknown_address(tarnsund: Town, client: Client) -> None:
    known = sign_in(client, "rut@tarnsund.example", "fel").content.decode()
    unknown = sign_in(client, "ingen@tarnsund.example", "fel").content.decode()
    for text in (known, unknown):
        assert "E-postadressen eller lösenordet stämmer inte." in text
        assert "<title>Fel: Logga in" in text


def test_disa_whose_account_is_closed_cannot_sign_in(tarnsund: Town, client: Client) -> None:
    sign_in(client, "disa@tarnsund.example")
    assert client.get("/").status_code == 302
    assert "sign-in" in client.get("/").headers["Location"]


def test_nobody_can_make_an_account_for_themselves(client: Client) -> None:
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")
    for path in ("/account/signup/", "/account/sign-up/", "/accounts/signup/"):
        assert client.get(path).status_code == 404


def test_a_forgotten_password_is_chosen_anew_by_mail(tarnsund: Town, client: Client) -> None:
    client.post("/account/password/forgotten/", {"email": "rut@tarnsund.example"})
    (letter,) = mail.outbox
    assert letter.subject == "Välj ett nytt lösenord i EST"
    link = re.search(r"https?://[^/]+(/account/password/choose/\S+)", str(letter.body))
    assert link
    form = client.get(link.group(1), follow=True)
    chosen = client.post(
        form.request["PATH_INFO"], {"password1": "fyra-ord-i-en-rad", "password2": "fyra-ord-i-en-rad"}, follow=True
    )
    assert "Ditt nya lösenord är sparat" in chosen.content.decode()
    assert sign_in(Client(), "rut@tarnsund.example", "fyra-ord-i-en-rad").status_code == 302


def test_an_address_without_an_account_gets_no_mail_and_the_same_answer(tarnsund: Town, client: Client) -> None:
    answer = client.post("/account/password/forgotten/", {"email": "ingen@tarnsund.example"})
    assert answer.headers["Location"] == "/account/password/sent/"
    assert mail.outbox == []


# --- the language --------------------------------------------------------------------------------


def test_swedish_is_spoken_until_english_is_chosen(client: Client) -> None:
    assert 'lang="sv"' in client.get("/styleguide/").content.decode()
    answer = client.post("/-/language", {"language": "en", "next": "/styleguide/"})
    assert answer.headers["Location"] == "/styleguide/"
    english = client.get("/styleguide/")
    assert 'lang="en"' in english.content.decode()
    assert english.headers["Content-Language"] == "en"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_the_language_switch_leads_nowhere_else(client: Client, target: str) -> None:
    assert client.post("/-/language", {"language": "en", "next": target}).headers["Location"] == "/"


# --- the error pages -----------------------------------------------------------------------------

ERRORS = {
    400: ("Det där gick inte att läsa", "We could not read that"),
    403: ("Sidan hade stått öppen för länge", "The page had been open too long"),
    404: ("Sidan finns inte", "There is no such page"),
    500: ("Något gick fel hos oss", "Something went wrong on our side"),
}


def answer_with(status: int, language: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    client = Client(raise_request_exception=False, enforce_csrf_checks=status == 403)
    client.cookies["est-language"] = language
    if status == 400:
        return client.post("/-/language", {"language": "klingon"})
    if status == 403:
        return client.post("/-/language", {"language": "en"})
    if status == 404:
        return client.get("/nothing/")

    def fail() -> dict[str, Any]:
        raise RuntimeError("the text of an exception is nobody's business")

    monkeypatch.setattr(pages, "styleguide_content", fail)
    return client.get("/styleguide/")


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("status", ERRORS)
def test_an_error_page_says_what_happened_and_gives_its_number(
    db: None, monkeypatch: pytest.MonkeyPatch, status: int, language: str
) -> None:
    response = answer_with(status, language, monkeypatch)
    text = response.content.decode()
    assert response.status_code == status
    assert f"<h1>{ERRORS[status][language == 'en']}</h1>" in text
    assert f'<b class="num">{response.headers["X-Request-ID"]}</b>' in text
    assert "nobody's business" not in text


@pytest.mark.parametrize("view", [pages.bad_request, pages.forbidden, pages.not_found, pages.csrf_failure])
def test_an_error_page_asks_the_database_for_nothing(rf: Any, view: Any) -> None:
    """No `db` here: a query would fail. Session and person are only found when somebody asks for them."""
    request = rf.get("/g/tarnsund/")
    request.session = SessionStore("a-session-that-must-not-be-read")
    request.user = SimpleLazyObject(lambda: User.objects.get())
    request._messages = default_storage(request)
    assert view(request, "").status_code >= 400


@pytest.mark.usefixtures("rooms_that_are_there")
def test_a_refused_page_names_the_role_and_keeps_the_menu(tarnsund: Town, signed_in: SignIn, monkeypatch: Any) -> None:
    monkeypatch.setitem(access.ROLES, "steering", (set(), "may nothing"))
    response = signed_in(tarnsund.stina).get("/g/tarnsund/")
    assert response.status_code == 403
    assert "Du är inloggad som styrgrupp i Tärnsund" in response.content.decode()


def test_the_page_for_our_own_faults_needs_no_context(monkeypatch: pytest.MonkeyPatch, rf: Any) -> None:
    def fail(request: Any) -> dict[str, Any]:
        raise RuntimeError

    monkeypatch.setattr(pages, "shell", fail)
    assert pages.server_error(rf.get("/")).status_code == 500


# --- headers -------------------------------------------------------------------------------------


def assert_walled(response: Any) -> None:
    policy = dict(part.strip().partition(" ")[::2] for part in response.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response.headers["Permissions-Policy"].startswith("geolocation=(self)")
    assert response.headers["X-Request-ID"]


@pytest.mark.parametrize("path", ["/account/sign-in/", "/styleguide/", "/-/live", "/", "/nothing/"])
def test_every_answer_carries_the_walls(db: None, client: Client, path: str) -> None:
    response = client.get(path)
    assert_walled(response)
    assert response.headers["Cache-Control"] == "no-store" or "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("status", ERRORS)
def test_every_error_carries_the_walls(db: None, monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    assert_walled(answer_with(status, "sv", monkeypatch))


def test_static_files_carry_the_walls_and_the_style_sheet_finds_its_fonts(settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    response: Any = Client().get(static("css/est.css"))
    assert_walled(response)
    css = b"".join(response.streaming_content).decode()
    fonts = set(re.findall(r'url\("?\.\./(fonts/[^")]+\.ttf)"?\)', css))
    assert len(fonts) == 3
    for font in fonts:
        assert (settings.STATIC_ROOT / font).is_file()
        assert re.search(r"\.[0-9a-f]{12}\.ttf$", font)
