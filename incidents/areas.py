"""Which EST area a point lies in, as the areas were drawn on the day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from est_site import maps
from est_site.partners.models import Area


class AreaFinder:
    """All EST areas of a group, read once; an index is built for each way the map was ever drawn."""

    def __init__(self, group_id: int) -> None:
        self._areas = list(Area.objects.filter(group_id=group_id).est().to_draw().order_by("id"))
        self._shapes = {area.pk: area.shape for area in self._areas}

    def find(self, lon: float, lat: float, day: date) -> int | None:
        return self.find_many([(lon, lat, day)])[0]

    def find_many(self, points: Sequence[tuple[float, float, date]]) -> list[int | None]:
        """The area of each point; None where the point lies in none."""
        drawn: dict[date, tuple[int, ...]] = {}
        together: dict[tuple[int, ...], list[int]] = defaultdict(list)
        for n, (_lon, _lat, day) in enumerate(points):
            if day not in drawn:
                drawn[day] = tuple(area.pk for area in self.on(day))
            together[drawn[day]].append(n)
        found: list[int | None] = [None] * len(points)
        for ids, numbers in together.items():
            index = maps.area_index([(id_, self._shapes[id_]) for id_ in ids])
            hits = index.find_many([points[n][0] for n in numbers], [points[n][1] for n in numbers])
            for n, hit in zip(numbers, hits, strict=True):
                found[n] = hit
        return found

    def on(self, day: date) -> list[Area]:
        return [a for a in self._areas if a.valid_from <= day and (a.valid_to is None or a.valid_to >= day)]
