"""From HTML to the file a registry can keep: PDF/A-2a and PDF/UA-1 in one, the same bytes for the same input.

The only importer of WeasyPrint. This half is pure: no database, no settings, no clock, no network.
"""

from __future__ import annotations

import logging
import os
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from html import escape
from io import BytesIO
from pathlib import Path
from threading import Lock
from xml.etree.ElementTree import Element

import fontpkg_source_sans_3
import pikepdf
from fontTools.ttLib import TTFont
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

MAX_TABLE_ROWS = 1500
STYLESHEET = Path(__file__).resolve().parent.parent / "static" / "css" / "document.css"
FONT_FILES = {"est:font/upright": "SourceSans3[wght].ttf", "est:font/italic": "SourceSans3-Italic[wght].ttf"}
SVG = "{http://www.w3.org/2000/svg}"
NOT_DRAWN = frozenset({"head", "script", "style", f"{SVG}title", f"{SVG}desc"})
# laid out without a glyph: white space, the soft hyphen, zero-width space and joiners
NO_GLYPH = frozenset("\t\n\r\f\u00ad\u200b\u200c\u200d\u2060\ufeff")

PAGE = """<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>
<meta name="dcterms.created" content="{created}"></head><body>{body}</body></html>"""

# PDF/A wants what it does not know described in the file: the claim of PDF/UA and the shape of that claim
UA_CLAIM = """<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><dc:identifier>{identifier}</dc:identifier>
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description></rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description></rdf:RDF>"""

log = logging.getLogger("weasyprint")
# Pango and the shared font configuration are not safe to use from two threads
one_at_a_time = Lock()


class DocumentError(Exception):
    """The document was not made. Trying again with the same input gives the same answer."""


class DocumentTooLarge(DocumentError):
    def __init__(self, rows: int) -> None:
        super().__init__(f"{rows} table rows; a document holds at most {MAX_TABLE_ROWS}")
        self.rows = rows


class GlyphMissing(DocumentError):
    def __init__(self, characters: Sequence[str]) -> None:
        super().__init__(f"no glyph for {', '.join(f'U+{ord(character):04X}' for character in characters)}")
        self.characters = characters


class ReferenceRefused(DocumentError):
    def __init__(self, urls: Sequence[str]) -> None:
        super().__init__(f"a document fetches nothing, but asks for {', '.join(url[:80] for url in urls)}")
        self.urls = urls


class MemoryFetcher(URLFetcher):
    """Answers for the names it was given, from memory; there is no way from here to a file or a network."""

    def __init__(self, known: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=["est"])
        self.known = known
        self.refused: list[str] = []

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        if url not in self.known:
            self.refused.append(url)
            raise ValueError("refused")
        return URLFetcherResponse(url, self.known[url])


def render(
    html: str,
    *,
    stylesheets: Sequence[str],
    title: str,
    language: str,
    created: datetime,
    identifier: str,
    images: Mapping[str, bytes] | None = None,
) -> bytes:
    """The PDF of a body of HTML. `stylesheets` are CSS texts, `images` are named est:image/… in the HTML."""
    if created.tzinfo is None:
        raise ValueError("created needs a time zone")
    date = created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    page = PAGE.format(language=escape(language), title=escape(title), created=date, body=html)
    fetcher = MemoryFetcher(images or {})
    with one_at_a_time, _font_clock(created), _complaints() as complaints:
        source = HTML(string=page, url_fetcher=fetcher)
        _check(source.etree_element)
        styles = [_stylesheet(text) for text in stylesheets]
        made = source.write_pdf(stylesheets=styles, font_config=_fonts(), pdf_variant="pdf/a-2a")
    if fetcher.refused:
        raise ReferenceRefused(fetcher.refused)
    if complaints:
        raise DocumentError("; ".join(complaints))
    return _finish(made, identifier)


def document_css() -> str:
    return STYLESHEET.read_text(encoding="utf-8")


def missing_glyphs(text: str) -> list[str]:
    """The characters a document could not show, so that a form can say so before it is too late."""
    return sorted(set(text) - _drawable() - NO_GLYPH)


@cache
def _font_data() -> dict[str, bytes]:
    folder = fontpkg_source_sans_3.ROOT / "files"
    return {name: (folder / file).read_bytes() for name, file in FONT_FILES.items()}


@cache
def _drawable() -> frozenset[str]:
    tables = (TTFont(BytesIO(data)).getBestCmap() for data in _font_data().values())
    return frozenset.intersection(*(frozenset(map(chr, table)) for table in tables))


_fonts = cache(FontConfiguration)


@cache
def _stylesheet(text: str) -> CSS:
    # parsed once in a process: with the fonts this is half the time of a document
    fetcher = MemoryFetcher(_font_data())
    css = CSS(string=text, font_config=_fonts(), url_fetcher=fetcher)
    if fetcher.refused:
        raise ReferenceRefused(fetcher.refused)
    return css


def _check(root: Element) -> None:
    if (rows := sum(1 for _ in root.iter("tr"))) > MAX_TABLE_ROWS:
        raise DocumentTooLarge(rows)
    if missing := missing_glyphs("".join(_drawn_text(root))):
        raise GlyphMissing(missing)
    for figure in root.iter(f"{SVG}svg"):
        if figure.get("aria-hidden") != "true" and not figure.findtext(f"{SVG}title"):
            raise DocumentError("a figure has neither a title nor aria-hidden")


def _drawn_text(element: Element) -> Iterator[str]:
    if isinstance(element.tag, str) and element.tag not in NOT_DRAWN:
        yield element.text or ""
        yield from (words for name, words in element.items() if name.startswith("data-"))  # they stand in the margins
        for child in element:
            yield from _drawn_text(child)
            yield child.tail or ""


@contextmanager
def _font_clock(created: datetime) -> Iterator[None]:
    """The embedded font carries the time it was cut to size; fontTools takes it from here instead of the clock."""
    os.environ["SOURCE_DATE_EPOCH"] = str(int(created.timestamp()))
    try:
        yield
    finally:
        del os.environ["SOURCE_DATE_EPOCH"]


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """What the renderer calls an error would otherwise be a line in a log and a hole in the document."""
    messages: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.levelno >= logging.ERROR or ".notdef" in record.getMessage():
                messages.append(record.getMessage())

    listener = Listener(logging.WARNING)
    log.addHandler(listener)
    try:
        yield messages
    finally:
        log.removeHandler(listener)


def _finish(data: bytes, identifier: str) -> bytes:
    with pikepdf.open(BytesIO(data)) as pdf:
        claim = UA_CLAIM.format(identifier=escape(identifier)).encode()
        metadata = pdf.make_stream(pdf.Root.Metadata.read_bytes().replace(b"</rdf:RDF>", claim))
        metadata.Type, metadata.Subtype = pikepdf.Name.Metadata, pikepdf.Name.XML
        pdf.Root.Metadata = metadata
        for item in pdf.objects:
            if isinstance(item, pikepdf.Stream):
                _end_cleanly(item)
            elif isinstance(item, pikepdf.Dictionary) and item.get("/S") == pikepdf.Name.Figure and "/Alt" not in item:
                # a mark beside its own word (aria-hidden): read out as nothing instead of as a nameless figure
                item.S, item.ActualText = pikepdf.Name.Span, pikepdf.String("")
        out = BytesIO()
        # no object streams: what is compressed after this point could end in CR again
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, deterministic_id=True)
        return out.getvalue()


def _end_cleanly(stream: pikepdf.Stream) -> None:
    """A compressed stream may end in CR, which some readers take for part of the line break that follows."""
    content = stream.read_bytes() if stream.get("/Filter") == pikepdf.Name.FlateDecode else b""
    while content and stream.read_raw_bytes()[-1:] in b"\r\n":
        content += b"\n"  # after the last instruction or table it means nothing, but it changes the checksum
        stream.write(zlib.compress(content), filter=pikepdf.Name.FlateDecode)
        if "/Length1" in stream:
            stream.Length1 = len(content)
