"""The personal-data guard on prose and on texts made to be slow; the floor is one reading of the same text for its words."""

from __future__ import annotations

import re
import statistics
import time

from est_site.guard import check

ROUNDS = 30
PROSE = (
    "Igår kväll samlades ett tiotal ungdomar vid Stora Torget och drack alkohol. Klotter på väggen mot Södra Stationsgatan 12, "
    "anmält med dnr 2026-123456. Väktaren ringde 112 kl 22.15. Nästa möte är 2026-11-22, skadan kostar 12 500 kr. "
)
SLOW = [
    "1",
    "1 ",
    "12-",
    "0 ",
    "08 ",
    "0\n",
    "0701 ",
    "070 ",
    "+46",
    "121212-1212 ",
    "\u200b1",
    "a\u0301",
    "@",
    "a@b.",
    "Aa ",
    "abc 12",
    "lgh ",
    "konto 1",
]


def main() -> None:
    print(f"{'':44}{'p99':>12}{'floor':>12}{'µs/kB':>8}")
    measure("5,000 characters of prose", (PROSE * 30)[:5_000])
    measure("100 kB of prose", (PROSE * 600)[:100_000], 5)
    for part in SLOW:
        measure(f"100 kB of {part!a}", (part * 100_000)[:100_000], 5)


def measure(what: str, text: str, rounds: int = ROUNDS) -> None:
    took = sorted(timed(text) for _ in range(rounds))
    worst, middle = took[min(rounds - 1, int(rounds * 0.99))], statistics.median(took)
    start = time.process_time()
    re.findall(r"\w+", text)
    floor = time.process_time() - start
    print(f"{what:44}{worst * 1e3:>9.1f} ms{floor * 1e3:>9.1f} ms{middle * 1e6 / (len(text) / 1000):>8.0f}", flush=True)


def timed(text: str) -> float:
    start = time.process_time()
    check(text)
    return time.process_time() - start
