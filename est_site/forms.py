"""How every form looks: one renderer, one bound field. Forms of all apps, and of libraries, get it without asking."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

SETS = (forms.RadioSelect, forms.CheckboxSelectMultiple)
TICKED = (forms.CheckboxInput, *SETS)
REQUIRED = forms.Field.default_error_messages["required"]
QUOTING = {  # messages of the framework that quote whatever was sent
    "invalid_choice": forms.ChoiceField.default_error_messages["invalid_choice"],
    "invalid_pk_value": forms.ModelMultipleChoiceField.default_error_messages["invalid_pk_value"],
}
# Control characters but zero (the framework refuses it), tabulator and line ends, halves of characters, and what stands for bytes that were no text.
NOT_TEXT = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd-\uffff]")


def only_text(value: Any) -> None:
    """Refuse what nobody can read, and no PDF or letter can hold; it comes along when text is pasted."""
    found = NOT_TEXT.search(value) if isinstance(value, str) else None
    if found:
        raise ValidationError(
            _("Character %(n)s cannot be shown (%(code)s). Delete it, or write the text anew."),
            code="not_text",
            params={"n": found.start() + 1, "code": f"U+{ord(found[0]):04X}"},
        )


class EstBoundField(BoundField):
    """A field that knows its limit, its first control and its classes, for `components/field.html`."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        # say which one: the summary stands far from the field
        if field.error_messages.get("required") == REQUIRED:
            field.error_messages["required"] = self._missing() % {"label": self._short_label}
        for kind, quoting in QUOTING.items():
            if field.error_messages.get(kind) == quoting:
                gone = _("What was chosen for “%(label)s” is not there to choose. Choose again.")
                field.error_messages[kind] = gone % {"label": self._short_label.replace("%", "%%")}
        if getattr(field, "max_length", None):
            too_long = _("“%(label)s” may have at most %(limit)s characters and has %(length)s.")
            field.error_messages.setdefault(
                "max_length",
                too_long
                % {
                    "label": self._short_label.replace("%", "%%"),
                    "limit": "%(limit_value)d",
                    "length": "%(show_value)d",
                },
            )

    @property
    def _short_label(self) -> str:
        return str(self.label).rstrip("?:. ")

    def _missing(self) -> str:
        widget = self.field.widget
        if isinstance(widget, forms.CheckboxInput):
            return _("Tick “%(label)s”.")
        if isinstance(widget, (forms.Select, *SETS)):
            return _("Choose “%(label)s”.")
        return _("Fill in “%(label)s”.")

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        built: dict[str, Any] = super().build_widget_attrs(attrs, widget)
        shown = widget or self.field.widget
        if shown.is_hidden:
            return built
        if not isinstance(shown, TICKED):
            built["class"] = " ".join(filter(None, [shown.attrs.get("class"), built.get("class"), "input"]))
        built.pop("required", None)  # the server says what is missing, in the summary and in the same words
        built["placeholder"] = False  # it is no label, and it is gone when one begins to write
        if self.limit:
            built["maxlength"] = False  # a browser would cut what is pasted without a word
            built["data-limit"] = self.limit
        return built

    @property
    def limit(self) -> int | None:
        """How many characters a running text may have; said beside the field."""
        is_text = isinstance(self.field.widget, forms.Textarea)
        return getattr(self.field, "max_length", None) if is_text else None

    @property
    def guard(self) -> Any:
        """What the personal-data guard says about it, in forms that guard it."""
        guard_of = getattr(self.form, "guard_of", None)
        return guard_of(self.name) if guard_of else None

    @property
    def aria_describedby(self) -> str | None:
        described: str | None = super().aria_describedby
        if self.limit and described is not None:
            described = f"{described} {self.auto_id}_limit".strip()
        return described

    @property
    def first_id(self) -> str:
        """Where the error summary's link leads: the control, or the first of several."""
        if isinstance(self.field.widget, SETS):
            return f"{self.auto_id}_0"
        return self.id_for_label or self.auto_id


class EstRenderer(TemplatesSetting):
    bound_field_class = EstBoundField
    form_template_name = "components/form.html"
    field_template_name = "components/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        """The commonest controls as the framework's templates write them, at a tenth of the time."""
        write = CONTROLS.get(template_name)
        if write is not None:
            return write(context["widget"])
        return super().render(template_name, context, request)


def _input(widget: dict[str, Any]) -> SafeString:
    said = {"type": widget["type"], "name": widget["name"]}
    if widget["value"] is not None:
        said["value"] = widget["value"]
    return format_html("<input{}>", _attributes(said | widget["attrs"]))


def _option(widget: dict[str, Any]) -> SafeString:
    if not widget["wrap_label"]:
        return _input(widget)
    leads_to = _attributes({"for": widget["attrs"].get("id") or False})
    return format_html("<label{}>{} {}</label>", leads_to, _input(widget), widget["label"])


def _select(widget: dict[str, Any]) -> SafeString:
    inside = []
    for name, groups in groupby(widget["optgroups"], key=itemgetter(0)):  # an option without a group stands in its own
        options = _options([one for _name, some, _index in groups for one in some])
        inside.append(format_html('<optgroup label="{}">{}</optgroup>', name, options) if name else options)
    return format_html(
        "<select{}>{}</select>", _attributes({"name": widget["name"]} | widget["attrs"]), _all("{}", inside)
    )


def _options(options: list[dict[str, Any]]) -> SafeString:
    labels = (one["label"] if isinstance(one["label"], SafeString) else str(one["label"]) for one in options)
    values = ((str(one["value"]), SELECTED if one["selected"] else "") for one in options)
    return _written(tuple((*value, label, type(label)) for value, label in zip(values, labels, strict=True)))


@lru_cache(256)  # years of weeks stand on page after page; a text and what is safe may be equal, so the type tells
def _written(rows: tuple[tuple[str, str, str, type], ...]) -> SafeString:
    return _all('<option value="{}"{}>{}</option>', [part for row in rows for part in row[:3]])


def _attributes(said: dict[str, Any]) -> SafeString:
    """What is true stands alone, what is false is left out."""
    valued = _all(' {}="{}"', [part for pair in said.items() if not isinstance(pair[1], bool) for part in pair])
    return valued + _all(" {}", [name for name, value in said.items() if value is True])


def _all(template: str, parts: Sequence[Any]) -> SafeString:
    """The template for each few of the parts, in one go: a page has hundreds of attributes."""
    return format_html(template * (len(parts) // template.count("{}")) + "{}", *parts, "")


SELECTED = _attributes({"selected": True})
CONTROLS: dict[str, Callable[[dict[str, Any]], SafeString]] = {
    forms.Select.template_name: _select,
    forms.RadioSelect.option_template_name: _option,
    forms.CheckboxSelectMultiple.option_template_name: _option,
    **{
        widget.template_name: _input  # all of them only include input.html
        for widget in (forms.TextInput, forms.HiddenInput, forms.NumberInput, forms.EmailInput, forms.DateTimeInput)
    },
}
