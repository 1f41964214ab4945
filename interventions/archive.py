"""The file a registry keeps for good: PDF/A-3a, with the decisions as JSON and XML inside and the registry's marks. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import pikepdf

MARKS = """<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:source>{diary}</dc:source><dc:type><rdf:Bag><rdf:li>{record}</rdf:li></rdf:Bag></dc:type>
<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">{retention}</rdf:li></rdf:Alt></dc:rights></rdf:Description></rdf:RDF>"""


def finish(data: bytes, content: Mapping[str, Any], *, marks: Mapping[str, str], created: datetime) -> bytes:
    """A PDF/A-2a file as PDF/A-3a: `content` goes along as JSON and XML, `marks` (diary, record, retention) as metadata.

    The same bytes for the same input.
    """
    with pikepdf.open(BytesIO(data)) as pdf:
        words = {name: escape(value) for name, value in marks.items()}
        xmp = pdf.Root.Metadata.read_bytes()
        metadata = pdf.make_stream(
            xmp.replace(b'pdfaid:part="2"', b'pdfaid:part="3"').replace(b"</rdf:RDF>", MARKS.format(**words).encode())
        )
        metadata.Type, metadata.Subtype = pikepdf.Name.Metadata, pikepdf.Name.XML
        pdf.Root.Metadata = metadata
        for name, kind, file in (
            ("decisions.json", "application/json", as_json(content)),
            ("decisions.xml", "application/xml", as_xml(content)),
        ):
            _attach(pdf, name, kind, file, created)
        pdf.Root.AF = pikepdf.Array([spec.obj for spec in pdf.attachments.values()])
        out = BytesIO()
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, deterministic_id=True)
        return out.getvalue()


def as_json(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def as_xml(content: Mapping[str, Any]) -> bytes:
    """The same as elements: a key is a name, a list is its lines one after another as `line`."""
    root = Element("minutes")
    _grow(root, content)
    indent(root, " ")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="utf-8") + b"\n"


def _grow(parent: Element, value: Any) -> None:
    if isinstance(value, Mapping):
        for name in sorted(value):
            _grow(SubElement(parent, name), value[name])
    elif isinstance(value, list):
        for one in value:
            _grow(SubElement(parent, "line"), one)
    elif value is not None:
        parent.text = json.dumps(value) if isinstance(value, bool) else str(value)


def _attach(pdf: pikepdf.Pdf, name: str, kind: str, file: bytes, created: datetime) -> None:
    at = f"D:{created.astimezone(UTC):%Y%m%d%H%M%S}Z"
    pdf.attachments[name] = pikepdf.AttachedFileSpec(
        pdf,
        file,
        filename=name,
        description=name,
        mime_type=kind,
        relationship=pikepdf.Name.Data,  # type: ignore[call-arg]  # missing from the library's stubs
        creation_date=at,
        mod_date=at,
    )
