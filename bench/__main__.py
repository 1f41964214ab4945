"""./est bench [NAME]: measure, each figure beside its floor in the same run."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from bench import capture, doors, guard, meeting, picture, truth, walk

BENCHES: dict[str, Callable[[], None]] = {
    "capture": capture.main,
    "doors": doors.main,
    "guard": guard.main,
    "meeting": meeting.main,
    "picture": picture.main,
    "truth": truth.main,
    "walk": walk.main,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="./est bench", description="Measure; without a name, everything.")
    parser.add_argument("name", nargs="?", choices=sorted(BENCHES))
    name = parser.parse_args().name
    for one in [name] if name else sorted(BENCHES):
        BENCHES[one]()


if __name__ == "__main__":
    main()
