"""The map of the situation picture on a page of its own, in layers, and what can be taken away from it."""

from __future__ import annotations

import json
from typing import Any, cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from shapely.geometry import mapping

from est_site import slots
from est_site.access import Permission, may, require
from est_site.partners import limits
from est_site.partners.models import Membership, Period
from est_site.partners.screens import member_of
from situation import around, files, links, map_drawing, mapped, matrix, picture, rows, screen, small, when, wording
from situation.judged import Judged
from situation.lines import area_lines
from situation.models import Evaluation, Picture


@require_safe
@require(Permission.SEE_PICTURE, notes="picture.read")
def situation_map(request: HttpRequest, label: str) -> HttpResponse:
    """One layer of the map with its table."""
    member = member_of(request)
    cast(Any, request).section = "situation"
    period, source, figures = _source(member, label)
    name = _layer(request, member)
    shown = mapped.layer(name, source)
    url = reverse("situation_map", args=[member.group.slug, period.label])
    title = screen.soft(str(mapped.LAYERS[name]), get_language() or "sv")
    names = {line.id: line.name for line in source.lines if line.id is not None}
    running = slots.cards("area.now", member, list(names), timezone.now())
    context = {
        "running": [(names[card.subject_id], card) for card in running if card.subject_id],
        "period": period,
        "week": wording.capital(wording.week_text(figures)),
        "first_day": period.first_day,
        "last_day": period.last_day,
        "picture": figures,
        "layer": name,
        "title": title,
        "tabs": [
            {"url": f"{url}?layer={one}", "title": words, "current": one == name}
            for one, words in _layers(member).items()
        ],
        "shown": shown,
        "map": map_drawing.draw(shown, source, title, tiles=bool(settings.TILE_URL)),
        "tiles": settings.TILE_URL and {"credit": settings.TILE_CREDIT},
        "cut_off": screen.local(source.cut_off, member.group.zone),
        "report_url": reverse("report", args=[member.group.slug]) if may(member, Permission.REPORT) else "",
    }
    response = render(request, "situation/map.html", context)
    if settings.TILE_URL:
        cast(Any, response)._csp_update = {"img-src": [map_drawing.origin()]}  # this page alone looks there
    return response


@require_safe
@require(Permission.SEE_PICTURE, notes="picture.exported")
@limits.limited("export")
def situation_map_file(request: HttpRequest, label: str, form: str) -> HttpResponse:
    """What the map shows, for the group's own members; with `public=1` what may leave it: no positions, no few."""
    if form not in files.TYPES:
        raise Http404
    member = member_of(request)
    period, source, _figures = _source(member, label)
    name, public = _layer(request, member), request.GET.get("public") == "1"
    if public and form in files.DRAWN:
        raise Http404
    stem = f"{member.group.slug}-{around.plain(period.label)}-{'public' if public else name}"
    if form in files.DRAWN:
        return files.drawn(_drawing(name, source), stem, form)
    least = member.group.small_number
    return files.download(_public(source, form, least) if public else _own(name, source, form), stem, form)


@require_safe
@require(Permission.SEE_PICTURE, notes="picture.exported")
@limits.limited("export")
def situation_hours_file(request: HttpRequest, label: str, form: str) -> HttpResponse:
    """The hours of the period as a drawing of its own."""
    member = member_of(request)
    period, _drawn, figures = _source(member, label, timed=True)
    chart = when.chart(figures, for_pdf=True) if form in files.DRAWN else ""
    if not chart:
        raise Http404
    return files.drawn(str(chart), f"{member.group.slug}-{around.plain(period.label)}-hours", form)


def _source(member: Membership, label: str, *, timed: bool = False) -> tuple[Period, mapped.Source, dict[str, Any]]:
    """The figures as the latest frozen picture of the period has them, or the night before it; else as of now."""
    period, near = around.by_label(member, label)
    frozen = Picture.objects.visible_to(member).filter(meeting__period=period).order_by("-cut_off", "-version").first()
    judged = not frozen and getattr(period, "judged", False)
    night = Evaluation.objects.visible_to(member).filter(period=period).first() if judged else None
    kept = frozen or night
    cut_off = kept.cut_off if kept else timezone.now()
    before = [] if kept else around.earlier(period, near)  # figures that were kept need no past, only the areas
    material = rows.gather(period, group=member.group, cut_off=cut_off, earlier=before, timed=timed)
    figures = frozen.frozen if frozen else night.figures if night else picture.assemble(material)
    verdicts = Judged.of(figures)
    links_to = may(member, Permission.SEE_INCIDENTS)
    behind = links.Observations(member.group.slug if links_to else "", period.pk)
    lines = area_lines(figures, behind, verdicts)
    return period, mapped.Source(member, period, cut_off, lines, material.areas, verdicts), figures


def _layers(member: Membership) -> dict[str, Any]:
    """Single observations are for those who may open the list of them."""
    single = may(member, Permission.SEE_INCIDENTS)
    return {name: words for name, words in mapped.LAYERS.items() if single or name != "points"}


def _layer(request: HttpRequest, member: Membership) -> str:
    """The layer asked for; what there is none of is the first."""
    asked, layers = request.GET.get("layer", ""), _layers(member)
    return asked if asked in layers else next(iter(layers))


def _drawing(name: str, source: mapped.Source) -> str:
    svg = map_drawing.draw(mapped.layer(name, source), source, f"{mapped.LAYERS[name]}. {_mark()}", for_pdf=True)
    if not svg:
        raise Http404
    return str(svg)


def _mark() -> str:
    return _("For the group's own members: not to be passed on.")


def _own(name: str, source: mapped.Source, form: str) -> str:
    shown, mark = mapped.layer(name, source), _mark()
    if form == "geojson":
        return json.dumps({**mapped.as_geojson(shown), "note": mark}, ensure_ascii=False)
    return _csv([[mark], shown.columns, *(row.cells for row in shown.rows)])


def _public(source: mapped.Source, form: str, least: int) -> str:
    """The number of each area under the small-number rule; whoever knows the total cannot work out a hidden one."""
    told = [row[0] for row in small.protect([[line.count] for line in source.lines], least)]
    few = [f"<{least}" if 0 < line.count < least else "–" for line in source.lines]
    words = [few[n] if count is None else str(count) for n, count in enumerate(told)]
    mark = _("Few are shown as fewer than %(n)s, and a second one is hidden where a sum would give them back.")
    mark %= {"n": least}
    if form == "csv":
        lines = [[line.name, word] for line, word in zip(source.lines, words, strict=True)]
        return _csv([[mark], [_("Area"), _("Number")], *lines])
    features = [
        {
            "type": "Feature",
            "geometry": mapping(source.drawn[line.id]),
            "properties": {"area": line.name, "observations": word},
        }
        for line, word in zip(source.lines, words, strict=True)
        if line.id in source.drawn
    ]
    return json.dumps({"type": "FeatureCollection", "note": mark, "features": features}, ensure_ascii=False)


def _csv(lines: list[list[str]]) -> str:
    out, write = matrix.sheet()
    for line in lines:
        write([matrix.neutral(one) for one in line])
    return out.getvalue()
