"""What is taken away from a page, as the browser saves it."""

from __future__ import annotations

from django.http import HttpResponse

from est_site.charts.ink import PRINT_FONT

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
    "svg": "image/svg+xml",
    "png": "image/png",
}
DRAWN = ("svg", "png")
TWICE = 2  # a slide shows a drawing larger than a page does


def download(content: str | bytes, stem: str, form: str = "csv") -> HttpResponse:
    """A file of this name; a table begins with the mark by which spreadsheets know its letters."""
    marked = f"\ufeff{content}" if form == "csv" and isinstance(content, str) else content
    response = HttpResponse(marked, content_type=TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{stem}.{form}"'
    return response


def drawn(svg: str, stem: str, form: str) -> HttpResponse:
    """A drawing made for paper, as it is or as a picture for slides and letters."""
    return download(_png(svg) if form == "png" else svg, stem, form)


def _png(svg: str) -> bytes:
    import fontpkg_source_sans_3  # both only where a picture is asked for
    import resvg_py

    fonts = [str(path) for path in sorted((fontpkg_source_sans_3.ROOT / "files").glob("*.ttf"))]
    named = svg.replace(f'font-family="{PRINT_FONT}"', "font-family=\"'Source Sans 3'\"")
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=named, background="#ffffff", zoom=TWICE, skip_system_fonts=True, font_files=fonts
        )
    )
