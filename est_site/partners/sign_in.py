"""Sign-in: local accounts by e-mail; people come by invitation, there is no sign-up."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAccountAdapter(DefaultAccountAdapter):
    """No one can make an account for themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
