"""The two walls between groups: context for row-level security, composite foreign keys, one migration helper.

The first wall is `visible_to(member)` on every QuerySet. The second is PostgreSQL's row-level security, which reads
`app.group` and `app.user`. Both settings are local to a transaction, so a pooled connection can never carry them over.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db import connection, models, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

if TYPE_CHECKING:
    from est_site.partners.models import Group

# Tables that stand outside the walls, each with its reason. A test fails on a table in neither set.
INSTALLATION_TABLES = {
    "partners_user": "a person may take part in several groups; signs in before a group is known",
    "partners_group": "the list of groups is the list of walls",
    "account_emailaddress": "sign-in",
    "account_emailconfirmation": "sign-in",
    "django_session": "sign-in",
    "django_content_type": "the framework's list of models",
    "django_migrations": "the framework's list of migrations",
    "auth_permission": "unused, comes with the framework",
    "auth_group": "unused, comes with the framework",
    "auth_group_permissions": "unused, comes with the framework",
}

GROUP_SETTING = "NULLIF(current_setting('app.group', true), '')::bigint"
USER_SETTING = "NULLIF(current_setting('app.user', true), '')::bigint"


class OutsideGroup(RuntimeError):
    """Work for one group was started inside another group's context."""


def _set(**values: int | None) -> None:
    """Set `group` and `user` of this transaction, in one question to the database."""
    settings = [part for name, value in values.items() for part in (f"app.{name}", "" if value is None else str(value))]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(['set_config(%s, %s, true)'] * len(values))}", settings)


def current_group_id() -> int | None:
    """The group whose rows this transaction may see, None outside of any."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {GROUP_SETTING}")
        row = cursor.fetchone()
    return None if row is None else row[0]


@contextmanager
def as_user(user_id: int) -> Iterator[None]:
    """A transaction in which a person sees their own memberships and nothing else, until a group is entered."""
    nested = connection.in_atomic_block
    with transaction.atomic():
        _set(group=None, user=user_id)
        yield
        if nested and not connection.needs_rollback:  # what we set would outlive us; a rollback takes it back
            _set(group=None, user=None)


@contextmanager
def inside(group: Group | int, *, user_id: int | None = None) -> Iterator[None]:
    """A transaction inside one group's walls; ends with the block and rolls back on an exception.

    Nested blocks must name the same group: `OutsideGroup` otherwise.
    """
    group_id = group if isinstance(group, int) else group.pk
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        before = None if outermost else current_group_id()
        if before is not None and before != group_id:
            raise OutsideGroup(f"inside group {before}, asked for group {group_id}")
        _set(group=group_id, **({} if user_id is None else {"user": user_id}))
        yield
        if not outermost and before is None and not connection.needs_rollback:  # around us there is no group
            _set(group=None)


def enter(group_id: int) -> None:
    """Set the group of the transaction that is already open (the gate does, once the membership is found)."""
    if not connection.in_atomic_block:
        raise RuntimeError("a group's context lives in a transaction")
    _set(group=group_id)


class TenantForeignKey(models.ForeignKey[Any, Any]):
    """A reference within the group: the database holds it as (group_id, x_id), so it cannot cross a wall."""

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False  # the composite constraint comes from `walls` in the migration
        super().__init__(to, on_delete=on_delete, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("db_constraint", None)
        return name, path, args, kwargs


class TenantModel(models.Model):
    """A row of one group. Unique keys and indexes start with the group."""

    group = models.ForeignKey("partners.Group", on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        abstract = True


class _SQL(Operation):
    """One table's wall, taken from the model as the migration knows it; reversible."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, model: str) -> None:
        self.model = model

    def deconstruct(self) -> Any:
        return self.__class__.__name__, [self.model], {}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        pass

    def _model(self, app_label: str, state: ProjectState) -> Any:
        return state.apps.get_model(app_label, self.model)


class WallKey(_SQL):
    """UNIQUE (group_id, id): what composite references point at, and the index that starts with the group."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        table = self._model(app_label, to_state)._meta.db_table
        schema_editor.execute(f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_wall" UNIQUE (group_id, id)')

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        table = self._model(app_label, from_state)._meta.db_table
        schema_editor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{table}_wall"')

    def describe(self) -> str:
        return f"Key of the wall around {self.model}"


class WallPolicy(_SQL):
    """ENABLE and FORCE row-level security with USING and WITH CHECK."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        table = self._model(app_label, to_state)._meta.db_table
        schema_editor.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
        schema_editor.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
        schema_editor.execute(
            f'CREATE POLICY wall ON "{table}" USING (group_id = {GROUP_SETTING}) WITH CHECK (group_id = {GROUP_SETTING})'
        )

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        table = self._model(app_label, from_state)._meta.db_table
        schema_editor.execute(f'DROP POLICY wall ON "{table}"')
        schema_editor.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
        schema_editor.execute(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY')

    def describe(self) -> str:
        return f"Wall around {self.model}"


class WallReferences(_SQL):
    """Composite foreign keys for the model's TenantForeignKeys, all of them or the named ones."""

    def __init__(self, model: str, *fields: str) -> None:
        super().__init__(model)
        self.fields = fields

    def deconstruct(self) -> Any:
        return self.__class__.__name__, [self.model, *self.fields], {}

    def _references(self, model: Any) -> Iterator[tuple[str, str, str]]:
        for field in model._meta.local_fields:
            if isinstance(field, TenantForeignKey) and (not self.fields or field.name in self.fields):
                target = field.remote_field.model._meta.db_table
                yield f"{model._meta.db_table}_{field.column}_ref"[:63], field.column, target

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        model = self._model(app_label, to_state)
        for name, column, target in self._references(model):
            schema_editor.execute(
                f'ALTER TABLE "{model._meta.db_table}" ADD CONSTRAINT "{name}" FOREIGN KEY (group_id, "{column}") '
                f'REFERENCES "{target}" (group_id, id) DEFERRABLE INITIALLY DEFERRED'
            )

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        model = self._model(app_label, from_state)
        for name, _column, _target in self._references(model):
            schema_editor.execute(f'ALTER TABLE "{model._meta.db_table}" DROP CONSTRAINT "{name}"')

    def describe(self) -> str:
        return f"References of {self.model} within the group"


def walls(*models_: str) -> list[Operation]:
    """The operations a migration needs after it created tenant tables: keys, references, then the walls."""
    return [kind(name) for kind in (WallKey, WallReferences, WallPolicy) for name in models_]
