"""Organisations and people: invited, changed, ended; the group always keeps a coordinator."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from est_site import jobs, tenancy
from est_site.models import AuditEvent, Notification
from est_site.partners import actions
from est_site.partners.editing import Stale
from est_site.partners.models import Membership, Organisation, User
from tests.cast import NOW, Town
from tests.conftest import SignIn
from tests.partners.conftest import page

TODAY = date(2026, 11, 22)


def invite(town: Town, **changes: Any) -> Membership:
    values: dict[str, Any] = {
        "by": town.carin,
        "email": "nils@tarnsund.example",
        "name": "Nils Ny",
        "organisation": town.organisations["housing"],
        "role": "reporter",
        "now": NOW,
    }
    return actions.invite_member(**(values | changes))


def last_event() -> str:
    return str(AuditEvent.objects.order_by("-n").values_list("body", flat=True)[0])


# --- inviting --------------------------------------------------------------------------------------


def test_an_invited_person_gets_a_seat_without_a_password(inside: Town) -> None:
    nils = invite(inside)
    assert (nils.role, nils.valid_from, nils.valid_to) == ("reporter", TODAY, None)
    assert not nils.user.has_usable_password()


def test_an_invitation_leaves_its_event(inside: Town) -> None:
    invite(inside)
    assert '"what": "member.invite"' in last_event()


def test_inviting_twice_is_inviting_once(inside: Town) -> None:
    first = invite(inside)
    assert invite(inside, email=" NILS@tarnsund.example ") == first
    assert Notification.objects.filter(kind="invitation").count() == 1


def test_a_person_who_has_a_password_gets_the_seat_but_no_letter(inside: Town) -> None:
    User.objects.create_user("eva@annan.example", "en-lang-mening-12", name="Eva")
    assert invite(inside, email="eva@annan.example", name="Någon annan").user.name == "Eva"
    assert not Notification.objects.exists()


def test_an_invitation_does_not_change_the_role_somebody_has(inside: Town) -> None:
    with pytest.raises(ValidationError, match=r"redan|already"):
        invite(inside, email="rut@tarnsund.example", role="coordinator")


def test_somebody_who_left_comes_back_to_the_same_seat(inside: Town) -> None:
    rut = inside.rut
    rut.valid_to = TODAY - timedelta(days=1)
    rut.save()
    back = invite(inside, email="rut@tarnsund.example", role="member")
    assert (back.pk, back.role, back.valid_to) == (rut.pk, "member", None)


def test_a_closed_account_cannot_be_invited(inside: Town) -> None:
    with pytest.raises(ValidationError):
        invite(inside, email="disa@tarnsund.example")


def test_nobody_is_invited_for_an_organisation_that_has_left(inside: Town) -> None:
    guards = inside.organisations["guards"]
    guards.is_active = False
    with pytest.raises(ValidationError):
        invite(inside, organisation=guards)


def test_an_address_that_is_none_is_refused(inside: Town) -> None:
    with pytest.raises(ValidationError):
        invite(inside, email="nils")


def test_a_second_letter_within_the_hour_is_the_same_letter(inside: Town) -> None:
    nils = invite(inside)
    actions.invite_again(by=inside.carin, member=nils, now=NOW)
    actions.invite_again(by=inside.carin, member=nils, now=NOW + timedelta(minutes=5))
    assert Notification.objects.filter(member=nils).count() == 2


def test_who_has_a_password_is_not_invited_again(inside: Town) -> None:
    with pytest.raises(ValidationError):
        actions.invite_again(by=inside.carin, member=inside.rut, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_from_the_invitation_to_the_first_sign_in(tarnsund: Town, signed_in: SignIn, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.BASE_URL = "https://est.example"
    values = {
        "email": "nils@tarnsund.example",
        "name": "Nils Ny",
        "organisation": tarnsund.organisations["housing"].pk,
        "role": "reporter",
    }
    response = signed_in(tarnsund.carin).post(page(tarnsund.carin, "people/invite/"), values)
    assert response.status_code == 302
    assert jobs.work_off(NOW) == 1
    (letter,) = [file.read_text() for file in Path(settings.EMAIL_FILE_PATH).iterdir()]
    assert "To: nils@tarnsund.example" in letter
    nils = Client()
    found = re.search(r"https://est\.example(/account/password/choose/\S+)", letter.replace("=\n", ""))
    assert found is not None
    form = nils.get(found.group(1), follow=True)
    assert form.status_code == 200
    chosen = nils.post(
        form.request["PATH_INFO"], {"password1": "sjön-är-kall-i-maj", "password2": "sjön-är-kall-i-maj"}
    )
    assert chosen.status_code == 302
    nils.post("/account/sign-in/", {"login": "nils@tarnsund.example", "password": "sjön-är-kall-i-maj"})
    assert nils.get("/g/tarnsund/").status_code == 200


def test_the_link_of_an_invitation_works_once(inside: Town, client: Client) -> None:
    from est_site.partners.invitations import password_path

    nils = invite(inside)
    link = password_path(nils.user)
    nils.user.set_password("en-lang-mening-12")
    nils.user.save()
    assert "uidb36" not in client.get(link, follow=True).request["PATH_INFO"]
    assert client.get(link).status_code == 200  # the page that says the link no longer works


# --- roles and ends --------------------------------------------------------------------------------


def change(town: Town, member: Membership, **changes: Any) -> Membership:
    values: dict[str, Any] = {
        "role": member.role,
        "organisation": member.organisation,
        "valid_from": member.valid_from,
        "valid_to": member.valid_to,
        "version": member.version,
    }
    return actions.change_member(by=town.carin, member=member, now=NOW, **(values | changes))


def test_a_changed_role_names_the_field_in_its_event(inside: Town) -> None:
    assert change(inside, inside.rut, role="member").role == "member"
    assert '"fields": ["role"]' in last_event()


def test_a_second_coordinator_lets_the_first_step_back(inside: Town) -> None:
    change(inside, inside.maja, role="coordinator")
    assert change(inside, inside.carin, role="member").role == "member"


@pytest.mark.parametrize(
    "changes", [{"role": "member"}, {"valid_to": TODAY}, {"valid_from": TODAY + timedelta(days=1)}]
)
def test_the_only_coordinator_cannot_step_back(changes: dict[str, Any], inside: Town) -> None:
    with pytest.raises(ValidationError):
        change(inside, inside.carin, **changes)


def test_a_coordinator_whose_account_is_closed_does_not_count(inside: Town) -> None:
    assert inside.disa.role == "coordinator"
    with pytest.raises(ValidationError):
        actions.end_membership(by=inside.carin, member=inside.carin, version=1, last_day=TODAY, now=NOW)


def test_the_last_day_cannot_lie_before_the_first(inside: Town) -> None:
    with pytest.raises(ValidationError):
        change(inside, inside.rut, valid_to=date(2019, 1, 1))


def test_an_ended_membership_lets_nobody_in(tarnsund: Town, signed_in: SignIn) -> None:
    with tenancy.inside(tarnsund.group):
        actions.end_membership(by=tarnsund.carin, member=tarnsund.rut, version=1, last_day=None, now=NOW)
    assert signed_in(tarnsund.rut).get("/g/tarnsund/").status_code == 404


def test_a_membership_holds_through_its_last_day(tarnsund: Town, signed_in: SignIn) -> None:
    with tenancy.inside(tarnsund.group):
        actions.end_membership(by=tarnsund.carin, member=tarnsund.rut, version=1, last_day=TODAY, now=NOW)
    assert signed_in(tarnsund.rut).get("/g/tarnsund/").status_code == 200


def test_who_saves_second_is_stopped(inside: Town) -> None:
    change(inside, inside.rut, role="member")
    with pytest.raises(Stale):
        change(inside, inside.rut, role="analyst")


# --- organisations ---------------------------------------------------------------------------------


def test_an_organisation_is_added_with_its_event(inside: Town) -> None:
    actions.add_organisation(by=inside.carin, name=" Räddningstjänsten ", kind="rescue", now=NOW)
    assert Organisation.objects.get(kind="rescue").name == "Räddningstjänsten"
    assert '"what": "organisation.add"' in last_event()


def test_an_organisation_takes_part_from_today_unless_said(inside: Town) -> None:
    today = actions.add_organisation(by=inside.carin, name="Räddningstjänsten", kind="rescue", now=NOW)
    assert today.joined_on == TODAY
    first = TODAY + timedelta(days=40)
    later = actions.add_organisation(by=inside.carin, name="Skolan", kind="school", now=NOW, joined_on=first)
    assert later.joined_on == first


def test_two_organisations_cannot_have_one_name(inside: Town) -> None:
    with pytest.raises(ValidationError):
        actions.add_organisation(by=inside.carin, name="polisen", kind="police", now=NOW)


def rename(town: Town, organisation: Organisation, name: str, *, reports: bool = True) -> Organisation:
    said = {"name": name, "kind": organisation.kind, "reports": reports, "joined_on": None}
    return actions.change_organisation(by=town.carin, organisation=organisation, version=1, now=NOW, **said)


def test_an_organisation_cannot_be_renamed_to_anothers_name(inside: Town) -> None:
    with pytest.raises(ValidationError):
        rename(inside, inside.organisations["guards"], "POLISEN")


def test_an_organisation_is_renamed(inside: Town) -> None:
    guards = inside.organisations["guards"]
    rename(inside, guards, "Nattväkt AB", reports=False)
    guards.refresh_from_db()
    assert (guards.name, guards.reports, guards.version) == ("Nattväkt AB", False, 2)
    assert '"fields": ["name", "reports"]' in last_event()


def test_with_an_organisation_its_people_leave(inside: Town) -> None:
    actions.leave(by=inside.carin, organisation=inside.organisations["guards"], version=1, now=NOW)
    inside.viktor.refresh_from_db()
    assert inside.viktor.valid_to == TODAY


def test_the_only_coordinators_organisation_cannot_leave(inside: Town) -> None:
    with pytest.raises(ValidationError):
        actions.leave(by=inside.carin, organisation=inside.organisations["municipality"], version=1, now=NOW)


def test_an_organisation_that_left_takes_part_again_under_its_name(inside: Town) -> None:
    guards = inside.organisations["guards"]
    actions.leave(by=inside.carin, organisation=guards, version=1, now=NOW)
    again = actions.add_organisation(by=inside.carin, name="väktarna", kind="security", now=NOW)
    assert (again.pk, again.is_active, again.joined_on) == (guards.pk, True, TODAY)


# --- screens ---------------------------------------------------------------------------------------


def test_an_organisation_that_begins_later_says_when(tarnsund: Town, signed_in: SignIn) -> None:
    client = signed_in(tarnsund.carin)
    form = {"name": "Skolan", "kind": "school", "reports": "on", "joined_on": "2027-01-11"}
    client.post(page(tarnsund.carin, "organisations/add/"), form)
    assert "börjar 2027-01-11" in client.get(page(tarnsund.carin, "people/")).content.decode()


def test_the_list_says_who_has_not_signed_in(tarnsund: Town, signed_in: SignIn) -> None:
    client = signed_in(tarnsund.carin)
    client.cookies["est-language"] = "en"
    text = client.get(page(tarnsund.carin, "people/")).content.decode()
    assert text.count("invited, not yet signed in") == len(tarnsund.people) - 2  # Carin is in, Disa's account is closed


def test_a_form_with_errors_says_what_where_and_keeps_what_was_typed(tarnsund: Town, signed_in: SignIn) -> None:
    values = {"email": "nils", "name": "Nils Ny", "organisation": "", "role": "reporter"}
    response = signed_in(tarnsund.carin).post(page(tarnsund.carin, "people/invite/"), values)
    text = response.content.decode()
    assert response.status_code == 422
    assert 'href="#id_email"' in text
    assert 'value="Nils Ny"' in text


@pytest.mark.parametrize(("length", "status"), [(120, 302), (121, 422)])
def test_a_name_may_have_120_characters(length: int, status: int, tarnsund: Town, signed_in: SignIn) -> None:
    values = {"name": "n" * length, "kind": "other"}
    assert signed_in(tarnsund.carin).post(page(tarnsund.carin, "organisations/add/"), values).status_code == status


def test_who_saved_second_sees_both_values_and_loses_nothing(tarnsund: Town, signed_in: SignIn) -> None:
    guards = tarnsund.organisations["guards"]
    client, url = signed_in(tarnsund.carin), page(tarnsund.carin, f"organisations/{guards.pk}/")
    client.post(url, {"name": "Först AB", "kind": "security", "version": 1})
    response = client.post(url, {"name": "Sedan AB", "kind": "security", "version": 1})
    text = response.content.decode()
    assert response.status_code == 409
    assert "Först AB" in text
    assert "Sedan AB" in text
    assert client.post(url, {"name": "Sedan AB", "kind": "security", "version": 2}).status_code == 302


def test_an_organisation_of_the_other_group_cannot_be_chosen(tarnsund: Town, bjorkvik: Town, signed_in: SignIn) -> None:
    values = {
        "email": "nils@tarnsund.example",
        "name": "Nils",
        "organisation": bjorkvik.organisations["housing"].pk,
        "role": "reporter",
    }
    assert signed_in(tarnsund.carin).post(page(tarnsund.carin, "people/invite/"), values).status_code == 422


def test_leaving_is_asked_before_it_is_done(tarnsund: Town, signed_in: SignIn) -> None:
    guards = tarnsund.organisations["guards"]
    client, url = signed_in(tarnsund.carin), page(tarnsund.carin, f"organisations/{guards.pk}/leave/")
    assert "Viktor" in client.get(url).content.decode()
    client.post(url, {"version": 1})
    with tenancy.inside(tarnsund.group):
        assert not Organisation.objects.get(pk=guards.pk).is_active


def test_a_refusal_of_a_button_stands_on_the_page(tarnsund: Town, signed_in: SignIn) -> None:
    row = tarnsund.organisations["municipality"]
    url = page(tarnsund.carin, f"organisations/{row.pk}/leave/")
    response = signed_in(tarnsund.carin).post(url, {"version": 1}, follow=True)
    assert "message-error" in response.content.decode()
