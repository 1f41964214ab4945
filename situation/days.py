"""Days that are known years ahead: Swedish public holidays and eves, the day of pay, what comes back every year. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from holidays import country_holidays

DAY = timedelta(days=1)
FRIDAY = 4
PAY_DAY = 25
CLOSED = {"good_friday", "easter_monday", "midsummer_eve", "christmas_eve", "christmas"}  # that the 25th can meet


# the library's names -> ours; what is not named here, as the half days before an eve, is not told
NAMED = {
    "Nyårsdagen": "new_year",
    "Trettondedag jul": "epiphany",
    "Långfredagen": "good_friday",
    "Påskdagen": "easter",
    "Annandag påsk": "easter_monday",
    "Första maj": "first_of_may",
    "Kristi himmelsfärdsdag": "ascension",
    "Pingstdagen": "whitsun",
    "Nationaldagen": "national_day",
    "Midsommarafton": "midsummer_eve",
    "Midsommardagen": "midsummer",
    "Alla helgons dag": "saints",
    "Julafton": "christmas_eve",
    "Juldagen": "christmas",
    "Annandag jul": "boxing_day",
    "Nyårsafton": "new_years_eve",
}
EVES = {
    "twelfth_night": "epiphany",
    "maundy_thursday": "good_friday",
    "easter_eve": "easter",
    "whitsun_eve": "whitsun",
    "saints_eve": "saints",
}  # the day before


@lru_cache(maxsize=20)
def holidays(year: int) -> Mapping[date, str]:
    """Day -> code of the public holidays and the eves people keep. Where two fall on one day the holiday is told."""
    found = country_holidays("SE", years=year, categories=("public", "de_facto"), language="sv")
    named = {NAMED[name]: day for day in found for name in found.get_list(day) if name in NAMED}
    eves = {code: named[eve_of] - DAY for code, eve_of in EVES.items() if eve_of in named}
    days = {day: code for code, day in eves.items()}
    days |= {date(year, 4, 30): "walpurgis", date(year, 12, 13): "lucia"}
    return dict(sorted((days | {day: code for code, day in named.items()}).items()))


def pay_day(year: int, month: int) -> date:
    """The 25th, or the last working day before it."""
    day, named = date(year, month, PAY_DAY), holidays(year)
    while day.weekday() > FRIDAY or named.get(day) in CLOSED:
        day -= DAY
    return day


@dataclass(frozen=True)
class Line:
    """A line of the year wheel as plain values; `repeats` is once, dates or weeks."""

    id: int
    title: str
    kind: str
    first: date
    last: date
    repeats: str
    area: int | None = None


def occurrences(line: Line, first: date, last: date) -> Iterator[tuple[date, date]]:
    """The days of a line that touch the days from `first` to `last`, with their own ends.

    By dates, the 29th of February is the 28th where there is none. By weeks, what begins in week 53 comes only in the
    years that have one. As many days long as the first time.
    """
    length = line.last - line.first
    for year in range(first.year - 1, last.year + 2):
        begins = _in_year(line, year)
        if begins is not None and begins <= last and begins + length >= first:
            yield begins, begins + length


def _in_year(line: Line, year: int) -> date | None:
    if line.repeats == "once":
        return line.first if year == line.first.year else None
    if line.repeats == "dates":
        try:
            return line.first.replace(year=year)
        except ValueError:
            return date(year, 2, 28)
    _year, week, weekday = line.first.isocalendar()
    try:
        return date.fromisocalendar(year, week, weekday)
    except ValueError:
        return None
