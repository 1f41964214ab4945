"""Organisations and people: who takes part, in which role, from when to when."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from est_site import audit, mail
from est_site.partners import editing, invitations
from est_site.partners.models import Group, Membership, Organisation, Role, User


def _today(group: Group, now: datetime) -> date:
    return now.astimezone(group.zone).date()


# --- organisations ---------------------------------------------------------------------------------


def _name_is_free(group_id: int, name: str, *, but: int | None = None) -> None:
    if Organisation.objects.filter(group_id=group_id, name__iexact=name).exclude(pk=but).exists():
        raise ValidationError({"name": _("There is already an organisation called %(name)s.") % {"name": name}})


@transaction.atomic
def add_organisation(
    *, by: Membership, name: str, kind: str, now: datetime, reports: bool = True, joined_on: date | None = None
) -> Organisation:
    """A new partner, from today unless said. One that left under the same name takes part again, with its history."""
    joined_on = joined_on or _today(by.group, now)
    name = name.strip()
    former = Organisation.objects.filter(group=by.group, name__iexact=name, is_active=False).first()
    if former is not None:
        editing.save(former, is_active=True, kind=kind, reports=reports, joined_on=joined_on)
        audit.append(what="organisation.return", by=by, on=former, now=now)
        return former
    _name_is_free(by.group_id, name)
    organisation = Organisation(group=by.group, name=name, kind=kind, reports=reports, joined_on=joined_on)
    organisation.full_clean(validate_constraints=False)
    organisation.save()
    audit.append(what="organisation.add", by=by, on=organisation, now=now)
    return organisation


@transaction.atomic
def change_organisation(
    *,
    by: Membership,
    organisation: Organisation,
    version: int,
    name: str,
    kind: str,
    reports: bool,
    joined_on: date | None,
    now: datetime,
) -> Organisation:
    organisation = editing.lock(organisation, version)
    _name_is_free(organisation.group_id, name.strip(), but=organisation.pk)
    changed = editing.save(organisation, name=name.strip(), kind=kind, reports=reports, joined_on=joined_on)
    audit.append(what="organisation.change", by=by, on=organisation, now=now, fields=changed)
    return organisation


@transaction.atomic
def leave(*, by: Membership, organisation: Organisation, version: int, now: datetime) -> Organisation:
    """The organisation takes part no longer; its people's memberships end today. What it reported stays."""
    Group.objects.select_for_update().get(pk=organisation.group_id)
    organisation = editing.lock(organisation, version)
    today = _today(by.group, now)
    seats = Membership.objects.filter(organisation=organisation).active(today)
    ending = list(seats.values_list("pk", flat=True))
    if not _others_coordinate(organisation.group_id, today, ending) and _coordinates_among(ending):
        raise ValidationError(
            _("The group's only coordinator belongs to this organisation. Make somebody else coordinator first.")
        )
    for member in Membership.objects.filter(pk__in=ending):
        editing.save(member, valid_to=today)
    editing.save(organisation, is_active=False)
    audit.append(what="organisation.leave", by=by, on=organisation, now=now, count=len(ending))
    return organisation


# --- people ----------------------------------------------------------------------------------------


@transaction.atomic
def invite_member(
    *, by: Membership | None, email: str, name: str, organisation: Organisation, role: str, now: datetime
) -> Membership:
    """Give a person a seat. Who has no password yet gets a letter with a link to choose one. Safe to repeat."""
    group = organisation.group
    today = _today(group, now)
    if not organisation.is_active:
        raise ValidationError({"organisation": _("%(name)s no longer takes part.") % {"name": organisation.name}})
    user = _person(email, name, language=group.language)
    member = Membership.objects.filter(group=group, user=user).select_for_update().first()
    if member is None:
        member = Membership(group=group, user=user, organisation=organisation, role=role, valid_from=today)
        member.full_clean(validate_constraints=False)
        member.save()
        what = "member.invite"
    elif member.valid_to is not None and member.valid_to < today:
        editing.save(member, organisation=organisation, role=role, valid_to=None)
        what = "member.return"
    elif (member.organisation_id, member.role) == (organisation.pk, role):
        return member
    else:
        raise ValidationError(
            {"email": _("%(name)s is already in the group. Change the role under their name.") % {"name": user.name}}
        )
    if not user.has_usable_password():
        mail.post(invitations.KIND, member=member, key=f"{today}", now=now)
    audit.append(what=what, by=by, on=member, now=now)
    return member


def _person(email: str, name: str, *, language: str) -> User:
    email = email.strip().lower()
    known = User.objects.filter(email=email).first()
    if known is None:
        fields = {"name": name.strip(), "language": language, "password": make_password(None)}
        User(email=email, **fields).full_clean(validate_unique=False)
        known, _created = User.objects.get_or_create(email=email, defaults=fields)
    if not known.is_active:
        raise ValidationError({"email": _("This account is closed. Only the administrator can open it again.")})
    return known


@transaction.atomic
def invite_again(*, by: Membership, member: Membership, now: datetime) -> Membership:
    """Another letter with a fresh link, at most one an hour, to somebody who has not chosen a password."""
    if member.user.has_usable_password():
        raise ValidationError(_("%(name)s already has a password.") % {"name": member.user.name})
    mail.post(invitations.KIND, member=member, key=f"{now:%Y-%m-%dT%H}", now=now)
    audit.append(what="member.invite_again", by=by, on=member, now=now)
    return member


@transaction.atomic
def change_member(
    *,
    by: Membership,
    member: Membership,
    version: int,
    role: str,
    organisation: Organisation,
    valid_from: date,
    valid_to: date | None,
    now: datetime,
) -> Membership:
    """Another role, organisation or other dates. The group always keeps a coordinator."""
    Group.objects.select_for_update().get(pk=member.group_id)
    member = editing.lock(member, version)
    if valid_to is not None and valid_to < valid_from:
        raise ValidationError({"valid_to": _("The last day lies before the first.")})
    today = _today(by.group, now)
    stays = role == Role.COORDINATOR and valid_from <= today and valid_to is None
    if not stays and _coordinates_among([member.pk]) and not _others_coordinate(member.group_id, today, [member.pk]):
        raise ValidationError(
            _("%(name)s is the group's only coordinator. Make somebody else coordinator first.")
            % {"name": member.user.name}
        )
    changed = editing.save(member, role=role, organisation_id=organisation.pk, valid_from=valid_from, valid_to=valid_to)
    audit.append(what="member.change", by=by, on=member, now=now, fields=changed)
    return member


@transaction.atomic
def choose_weekly_mail(*, by: Membership, wanted: bool, now: datetime) -> Membership:
    """Whether the person hears by mail, after each meeting, what became of their reports."""
    return _wish("wants_weekly_mail", by=by, wanted=wanted, now=now)


@transaction.atomic
def choose_keys(*, by: Membership, wanted: bool, now: datetime) -> Membership:
    """Whether single letters move about in a list for this person."""
    return _wish("wants_keys", by=by, wanted=wanted, now=now)


def _wish(name: str, *, by: Membership, wanted: bool, now: datetime) -> Membership:
    """A person's own wish: no new version of the seat others may edit."""
    member: Membership = Membership.objects.select_for_update(of=("self",)).get(pk=by.pk)
    if getattr(member, name) != wanted:
        setattr(member, name, wanted)
        member.save(update_fields=[name])
        audit.append(what="member.change", by=by, on=member, now=now, fields=[name])
    return member


def end_membership(
    *, by: Membership, member: Membership, version: int, last_day: date | None, now: datetime
) -> Membership:
    """The last day somebody may come in; yesterday, when none is given, so that it holds at once."""
    yesterday = _today(by.group, now) - timedelta(days=1)
    return change_member(
        by=by,
        member=member,
        version=version,
        role=member.role,
        organisation=member.organisation,
        valid_from=member.valid_from,
        valid_to=max(last_day or yesterday, member.valid_from),
        now=now,
    )


def _coordinates_among(members: list[int]) -> bool:
    return Membership.objects.filter(pk__in=members, role=Role.COORDINATOR, user__is_active=True).exists()


def _others_coordinate(group_id: int, today: date, but: list[int]) -> bool:
    """Whether the group keeps a coordinator, today and with no end in sight, without these."""
    others = Membership.objects.filter(group_id=group_id, role=Role.COORDINATOR).active(today)
    return others.filter(valid_to__isnull=True).exclude(pk__in=but).exists()
