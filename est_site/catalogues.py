"""Message catalogues: compiled when their text is newer, so that gettext is not needed; checked for gaps.

python -m est_site.catalogues [--check]
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PRIMARY = "sv"  # English is the language of the source


def catalogues(root: Path) -> list[Path]:
    return sorted(
        p for pattern in ("locale", "*/locale", "*/*/locale") for p in root.glob(f"{pattern}/*/LC_MESSAGES/*.po")
    )


def compile_changed(root: Path) -> None:
    """Each is written beside its place and moved there: another process may be reading it."""
    for po in catalogues(root):
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.stat().st_mtime_ns < po.stat().st_mtime_ns:
            import polib  # here, because most of the time there is nothing to compile

            fresh = mo.with_suffix(f".{os.getpid()}.tmp")
            polib.pofile(str(po)).save_as_mofile(str(fresh))
            fresh.replace(mo)


def gaps(root: Path) -> list[str]:
    """The messages without a finished translation, each as file, line and text."""
    import polib

    return [
        f"{po.relative_to(root)}:{entry.linenum}: {'fuzzy' if entry.fuzzy else 'missing'}: {entry.msgid}"
        for po in catalogues(root)
        if po.parts[-3] == PRIMARY
        for entry in polib.pofile(str(po))
        if not entry.obsolete and not entry.translated()
    ]


def main() -> int:
    if sys.argv[1:] == ["--check"]:
        found = gaps(ROOT)
        print("\n".join(found), end="\n" if found else "")
        return 1 if found else 0
    compile_changed(ROOT)
    return 0


if __name__ == "__main__":
    sys.exit(main())
