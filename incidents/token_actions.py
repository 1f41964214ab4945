"""Keys for partners' systems: made once, shown once, kept as a hash, revoked."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from est_site import audit
from est_site.partners import editing
from est_site.partners.models import Membership, Organisation
from incidents.models import ApiToken

PREFIX = 6  # characters of the secret that are kept, to know it again


@transaction.atomic
def make_token(
    *, by: Membership, organisation: Organisation, name: str, scopes: Sequence[str], now: datetime
) -> tuple[ApiToken, str]:
    """The row, and the token itself, which nobody can read again. 256 bits, and the group it belongs to."""
    secret = secrets.token_urlsafe(32)
    token = f"est_{by.group_id}_{secret}"
    row = ApiToken.objects.create(
        group_id=by.group_id,
        organisation=organisation,
        name=name,
        prefix=secret[:PREFIX],
        digest=digest_of(token),
        scopes=sorted(scopes),
        created_at=now,
        created_by=by,
    )
    audit.append(what="token.make", by=by, on=row, now=now)
    return row, token


@transaction.atomic
def revoke_token(*, by: Membership, token: ApiToken, version: int, now: datetime) -> ApiToken:
    """The system is refused from the next request on."""
    token = editing.lock(token, version)
    if token.revoked_at is None:
        editing.save(token, revoked_at=now)
        audit.append(what="token.revoke", by=by, on=token, now=now)
    return token


def digest_of(token: str) -> str:
    """It is random throughout: a slow hash would protect nothing more."""
    return hashlib.sha256(token.encode()).hexdigest()
