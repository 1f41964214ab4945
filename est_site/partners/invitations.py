"""The letter that invites a person, with the link where they choose their password."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse
from django.utils.translation import gettext as _

from est_site import mail
from est_site.models import Notification
from est_site.partners.models import User

KIND = "invitation"


def password_path(user: User) -> str:
    """Where this person, and nobody else, can choose a password; no longer valid once it is chosen."""
    return reverse(
        "account_reset_password_from_key", args=[user_pk_to_url_str(user), default_token_generator.make_token(user)]
    )


def write(notification: Notification) -> mail.Letter:
    """Made when it is sent, so that the link is fresh and stands in no table."""
    member = notification.member
    values = {
        "name": member.user.name,
        "group": member.group.name,
        "organisation": member.organisation.name,
        "link": mail.link(password_path(member.user)),
        "sign_in": mail.link(reverse("account_login")),
        "again": mail.link(reverse("account_reset_password")),
    }
    return mail.Letter(
        subject=_("You are invited to EST %(group)s") % values,
        body=_(
            "Hello %(name)s,\n\n"
            "you have been invited to EST %(group)s, for %(organisation)s. There the partners share what happens at "
            "places in the municipality and decide together what to do about it.\n\n"
            "Choose your password here:\n%(link)s\n\n"
            "The link works for three days and once. If it has stopped working, ask for a new one here:\n%(again)s\n\n"
            "Afterwards you sign in with your e-mail address here:\n%(sign_in)s\n"
        )
        % values,
    )
