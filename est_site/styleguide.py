"""Invented content for the style guide: a form with every kind of field, empty and faulty, and a long list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _

VERDICTS = ["more-sure", "more-maybe", "normal", "less-maybe", "less-sure", "thin", "changed"]


class SampleForm(forms.Form):
    what = forms.ChoiceField(
        label=_("What?"),
        widget=forms.RadioSelect,
        choices=[("damage", _("Damage")), ("noise", _("Noise")), ("traffic", _("Traffic"))],
    )
    where = forms.ChoiceField(
        label=_("Where?"), widget=forms.RadioSelect, choices=[("1", "Hamnplan"), ("2", "Ekhagsvägen 4")]
    )
    when = forms.ChoiceField(
        label=_("When?"),
        widget=forms.RadioSelect,
        choices=[("now", _("Now")), ("night", _("Last night")), ("between", _("Between …"))],
    )
    title = forms.CharField(label=_("What is to be done"), help_text=_("One sentence, with a verb."))
    owner = forms.ChoiceField(label=_("Who answers for it"), choices=[("", "–"), ("1", "Väktarna"), ("2", "Polisen")])
    day = forms.DateField(label=_("Followed up"), widget=forms.DateInput(attrs={"type": "date"}))
    words = forms.CharField(
        label=_("A few words"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    kinds = forms.MultipleChoiceField(
        label=_("Shown to"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[("1", "Polisen"), ("2", "Väktarna"), ("3", "Fältgruppen")],
    )
    sure = forms.BooleanField(label=_("I have seen it myself"), help_text=_("Not only heard of it."))


class FollowForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Decision"),
        widget=forms.RadioSelect,
        choices=[
            ("continue", _("Continue")),
            ("expand", _("Expand")),
            ("replace", _("Replace")),
            ("end", _("End")),
        ],
    )


class SampleFilter(forms.Form):
    area = forms.ChoiceField(label=_("Area"), required=False, choices=[("", _("All")), ("1", "Hamnen")])
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    words = forms.CharField(label=_("Words"), required=False)


def content() -> dict[str, Any]:
    """What the page shows, in every state."""
    filled = {"what": "noise", "where": "1", "when": "now", "title": "Byta armaturer", "kinds": ["1", "3"]}
    return {
        "boards": [
            {"density": "comfortable", "theme": "light", "form": SampleForm(initial=filled, prefix="a")},
            {"density": "compact", "theme": "dark", "form": SampleForm(initial=filled, prefix="b")},
            {"density": "projection", "theme": "light", "form": SampleForm(initial=filled, prefix="c")},
        ],
        "verdicts": VERDICTS,
        "colours": ["green", "yellow", "red"],
        "states": ["done", "partly", "not"],
        "filled": SampleForm(initial=filled, prefix="filled"),
        "faulty": SampleForm({"faulty-words": "x" * 520, "faulty-day": "31/2"}, prefix="faulty"),
        "follow": FollowForm(initial={"kind": "expand"}, prefix="follow"),
        "filter": SampleFilter(prefix="filter"),
        "numbers": Paginator(range(137), 25).page(3),
        "figures": [
            {"label": _("Events"), "value": "86", "note": "70–97", "verdict": "normal"},
            {"label": _("Have answered"), "value": "9/11", "note": _("two silent")},
            {"label": _("Deviations"), "value": "5", "verdict": "more-maybe"},
        ],
        "columns": [_("Area"), _("Events"), _("Last year")],
        "rows": [["Hamnen", 22, 11], ["Centrum", 11, 14], ["Lotsholmen", 1, 0]],
        "tabs": [
            {"url": "#tabs", "title": _("People"), "current": True},
            {"url": "#tabs", "title": _("Areas"), "current": False},
            {"url": "#tabs", "title": _("Places"), "current": False},
        ],
        "icons": (
            "calm check camera pin search group lamp spray noise car capsule bolt lock flame calendar note more go grow"
            " swap stop"
        ).split(),
    }
