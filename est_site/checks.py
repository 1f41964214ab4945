"""Start-up checks: the start is refused, with one line of reason, when the house would not be safe."""

from __future__ import annotations

from typing import Any

import redis
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection

from est_site import tenancy

THIS_MACHINE = {"localhost", "127.0.0.1", "[::1]"}


@register(Tags.security)
def every_view_carries_a_mark(**_kwargs: Any) -> list[Error]:
    from est_site.access import unmarked_views

    return [
        Error(f"no access mark on the view of {route}", hint="@require(Permission.X) or @public(reason)", id="est.E001")
        for route in unmarked_views()
    ]


@register(Tags.security)
def settings_are_safe(**_kwargs: Any) -> list[Error]:
    """OPS-02: what can be told from the settings alone."""
    faults = []
    if settings.DEBUG and not settings.DEMO:
        faults.append("DEBUG is on in production")
    if len(_secret_key()) < 50:
        faults.append("SECRET_KEY has fewer than 50 characters")
    if not settings.HTTPS and not settings.DEMO and not set(settings.ALLOWED_HOSTS) <= THIS_MACHINE:
        faults.append("EST_HTTPS=0 sends passwords in the clear: only for the demo and for hosts on this machine")
    if "*" in settings.ALLOWED_HOSTS:
        faults.append("ALLOWED_HOSTS must name the hosts, not *")
    if settings.TIME_ZONE != "Europe/Stockholm":
        faults.append("TIME_ZONE is not Europe/Stockholm")
    if not settings.USE_TZ:
        faults.append("USE_TZ is off")
    if settings.JOB_LEASE.total_seconds() <= settings.CELERY_TASK_TIME_LIMIT:
        faults.append("EST_JOB_LEASE_SECONDS must be longer than EST_JOB_HARD_LIMIT_SECONDS")
    return [Error(fault, id="est.E002") for fault in faults]


def _secret_key() -> str:
    try:
        return settings.SECRET_KEY
    except ImproperlyConfigured:  # the framework's way of saying that it is empty
        return ""


@register(Tags.models)
def every_table_says_how_it_is_kept(**_kwargs: Any) -> list[Error]:
    from est_site.partners import keeping

    return [Error(fault, hint="Promise(…) in the app's apps.py", id="est.E005") for fault in keeping.faults()]


@register(Tags.database)
def the_broker_forgets_nothing(databases: Any = None, **_kwargs: Any) -> list[CheckMessage]:
    """OPS-02: a broker that evicts would lose what was rung for. Asked together with the database, when services are up."""
    if not databases:
        return []
    try:
        policy = redis.Redis.from_url(settings.REDIS_URL, **settings.REDIS_TIMEOUTS).info("memory")["maxmemory_policy"]
    except (redis.RedisError, OSError, KeyError) as error:
        return [Warning(f"the broker cannot be asked for its policy: {type(error).__name__}", id="est.W001")]
    if policy != "noeviction":
        return [Error(f"the broker's maxmemory-policy is {policy}, not noeviction", id="est.E004")]
    return []


@register(Tags.database)
def the_database_role_is_harmless(databases: Any = None, **_kwargs: Any) -> list[Error]:
    """OPS-02: the application's role owns nothing, cannot bypass the walls, and every tenant table has one."""
    if not databases:
        return []
    try:
        faults = role_faults() + wall_faults()
    except OperationalError as error:
        return [Error(f"the database cannot be reached: {str(error).splitlines()[0]}", id="est.E003")]
    return [Error(fault, id="est.E003") for fault in faults]


def role_faults() -> list[str]:
    """What is wrong with the role we are connected as."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls,"
            " (SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            "  WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v') AND c.relowner = r.oid)"
            " FROM pg_roles r WHERE rolname = current_user"
        )
        superuser, bypasses, owned = cursor.fetchone()
    faults = []
    if superuser:
        faults.append("the database role is a superuser")
    if bypasses:
        faults.append("the database role bypasses row-level security")
    if owned:
        faults.append(f"the database role owns {owned} tables")
    return faults


def wall_faults() -> list[str]:
    """Tables that are neither walled nor on the list of the installation's own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity,"
            " EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid"
            "         AND p.polqual IS NOT NULL AND p.polwithcheck IS NOT NULL),"
            " EXISTS (SELECT 1 FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]"
            "         WHERE i.indrelid = c.oid AND a.attname = 'group_id')"
            " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')"
        )
        tables = cursor.fetchall()
    faults = []
    for table, forced, policed, leading in tables:
        if table in tenancy.INSTALLATION_TABLES:
            continue
        if not (forced and policed):
            faults.append(f"table {table} has no wall")
        elif not leading:
            faults.append(f"table {table} has no index that starts with the group")
    return faults
