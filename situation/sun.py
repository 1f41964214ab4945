"""When the sun rises and sets. Pure; no clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from math import acos, asin, cos, degrees, radians, sin, tan
from zoneinfo import ZoneInfo

ZENITH = 90.833  # of the sun's centre when its upper edge is at the horizon, with mean refraction
J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)
UP, DOWN = "up", "down"  # the whole day


def sun(day: date, lat: float, lon: float, zone: ZoneInfo) -> tuple[datetime, datetime] | str:
    """Sunrise and sunset of a local day in its zone, or that the sun is up or down the whole of it.

    Source: the equations of NOAA's Solar Calculator (after Meeus, Astronomical Algorithms); within about a minute up
    to 72 degrees of latitude. Computed twice, the second time for the sun's place at the hour that was found.
    """
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC) - timedelta(hours=lon / 15)
    found = []
    for side in (-1, 1):
        at = noon
        for _time in range(2):
            declination, equation = _place(at)
            turn = cos(radians(ZENITH)) / (cos(radians(lat)) * cos(declination)) - tan(radians(lat)) * tan(declination)
            if turn < -1:
                return UP
            if turn > 1:
                return DOWN
            at = noon + timedelta(minutes=side * 4 * degrees(acos(turn)) - equation)
        found.append(at.astimezone(zone))
    return found[0], found[1]


def _place(at: datetime) -> tuple[float, float]:
    """The sun's declination in radians, and the equation of time in minutes."""
    t = (at - J2000) / timedelta(days=36525)
    long = radians((280.46646 + t * (36000.76983 + t * 0.0003032)) % 360)
    anomaly = radians(357.52911 + t * (35999.05029 - 0.0001537 * t))
    eccentricity = 0.016708634 - t * (0.000042037 + 0.0000001267 * t)
    centre = (
        sin(anomaly) * (1.914602 - t * (0.004817 + 0.000014 * t))
        + sin(2 * anomaly) * (0.019993 - 0.000101 * t)
        + sin(3 * anomaly) * 0.000289
    )
    node = radians(125.04 - 1934.136 * t)
    apparent = long + radians(centre - 0.00569 - 0.00478 * sin(node))
    tilt = 23 + (26 + (21.448 - t * (46.815 + t * (0.00059 - t * 0.001813))) / 60) / 60
    oblique = radians(tilt + 0.00256 * cos(node))
    y = tan(oblique / 2) ** 2
    equation = (
        y * sin(2 * long)
        - 2 * eccentricity * sin(anomaly)
        + 4 * eccentricity * y * sin(anomaly) * cos(2 * long)
        - 0.5 * y * y * sin(4 * long)
        - 1.25 * eccentricity * eccentricity * sin(2 * anomaly)
    )
    return asin(sin(oblique) * sin(apparent)), 4 * degrees(equation)
