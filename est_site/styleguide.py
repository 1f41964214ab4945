"""Invented content for the style guide: a form with every kind of field, empty and faulty, and a long list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from shapely.geometry import Polygon

from est_site.charts import Bar, Series, bars, line, range_mark, spark
from est_site.guarding import GuardedForm
from est_site.maps import MapArea, MapPoint, map_svg

# fmt: off
ICONS = [
    "calm", "check", "camera", "pin", "search", "group", "lamp", "spray", "noise", "car", "capsule", "bolt", "lock",
    "flame", "calendar", "note", "more", "go", "grow", "swap", "stop",
]
# fmt: on
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
    people = forms.IntegerField(label=_("How many take part"))
    hour = forms.TimeField(label=_("From what hour"), widget=forms.TimeInput(attrs={"type": "time"}))
    file = forms.FileField(label=_("Photo of the place"))
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


WEEKS = [4, 2, 5, 3, 6, 4, 4, 7, 5, 3, 12]


def drawings() -> dict[str, Any]:
    """A map and the charts, drawn by the same functions as everywhere."""

    def patch(lon: float) -> Polygon:
        return Polygon([(lon, 57.90), (lon + 0.02, 57.905), (lon + 0.02, 57.92), (lon, 57.915)])

    areas = [
        MapArea(1, "Hamnen", patch(11.90), fill="more-sure", count="22", href="#row-1", current=True),
        MapArea(2, "Ekhagen", patch(11.92), fill="less-maybe", count="3", href="#row-2"),
        MapArea(3, "Badviken", patch(11.94), fill="thin", count="–", href="#row-3"),
    ]
    weeks = [str(week) for week in range(37, 48)]
    return {
        "areas": [(1, "Hamnen", "more-sure"), (2, "Ekhagen", "less-maybe"), (3, "Badviken", "thin")],
        "map": map_svg(
            areas,
            [MapPoint(11.91, 57.91, "A", "spot")],
            idn="guide-map",
            title=gettext("Three areas. Hamnen has clearly more than expected."),
        ),
        "line": line(
            weeks,
            [Series(gettext("Gatherings"), WEEKS)],
            [(1, 6)] * len(WEEKS),
            idn="guide-line",
            title=gettext("Gatherings in Hamnen by week"),
        ),
        "bars": bars(
            [Bar("Hamnen", 22, normal=(6, 16), verdict="more-sure"), Bar("Centrum", 11, normal=(8, 19))],
            idn="guide-bars",
            title=gettext("Events by area"),
        ),
        "spark": spark(WEEKS, (1, 6), verdict="more-sure"),
        "range": range_mark(22, 6, 16, 25, verdict="more-sure"),
    }


class GuardedSample(GuardedForm, forms.Form):
    guarded = ("words",)
    words = forms.CharField(label=_("A few words"), widget=forms.Textarea(attrs={"rows": 2}), max_length=500)


def content() -> dict[str, Any]:
    """What the page shows, in every state."""
    filled = {"what": "noise", "where": "1", "when": "now", "title": "Byta armaturer", "kinds": ["1", "3"]}
    return drawings() | {
        "boards": [
            {"density": "comfortable", "theme": "light", "form": SampleForm(initial=filled, prefix="a")},
            {"density": "compact", "theme": "dark", "form": SampleForm(initial=filled, prefix="b")},
            {"density": "projection", "theme": "light", "form": SampleForm(initial=filled, prefix="c")},
            {"density": "projection", "theme": "dark", "form": SampleForm(initial=filled, prefix="d")},
        ],
        "verdicts": VERDICTS,
        "legend": ["more-sure", "less-maybe", "thin"],
        "colours": ["green", "yellow", "red"],
        "states": ["done", "partly", "not"],
        "filled": SampleForm(initial=filled, prefix="filled"),
        "faulty": SampleForm({"faulty-words": "x" * 520, "faulty-kinds": ["9"], "faulty-people": "–"}, prefix="faulty"),
        "guarded": GuardedSample({"guarded-words": _("Call 070-174 06 05 about the lamp.")}, prefix="guarded"),
        "doors": [{"name": gettext("Emergency"), "phone": "112", "tel": "112", "when": gettext("Going on now.")}],
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
        "chips": [
            {"url": "#tabs", "title": "Hamnen", "current": True},
            {"url": "#tabs", "title": _("Open conditions"), "current": False},
        ],
        "icons": ICONS,
    }
