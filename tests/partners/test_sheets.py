"""Files with rows: what they are is said by their content, and what they cannot be is said in words."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import xlsxwriter
from django.utils import translation

from est_site.partners import sheets
from est_site.partners.sheets import MAX_COLUMNS, MAX_ROWS, Unreadable, neutral, open_sheet


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


def excel(write: Callable[[Any, Any], object]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    write(book, book.add_worksheet())
    book.close()
    return out.getvalue()


def repacked(content: bytes, **parts: bytes) -> bytes:
    """The same archive with some of its parts replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, data in parts.items():
            new.writestr(name, data)
    return out.getvalue()


def small(_book: Any, page: Any) -> None:
    page.write_row(0, 0, ["nr", "tid"])
    page.write_row(1, 0, [1, "2026-11-02"])


def test_an_excel_file_gives_its_cells_as_text() -> None:
    def write(book: Any, page: Any) -> None:
        page.write_row(0, 0, ["nr", "tid", "x"])
        page.write_number(2, 0, 7)
        page.write_datetime(2, 1, datetime(2026, 11, 2, 22, 15), book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
        page.write_number(2, 2, 11.915)

    sheet = open_sheet(excel(write))
    assert (sheet.kind, sheet.header, sheet.records) == (
        "xlsx",
        ["nr", "tid", "x"],
        [(3, ["7", "2026-11-02T22:15:00", "11.915"])],
    )


def test_geojson_points_become_columns_and_other_shapes_a_fault_to_be() -> None:
    def feature(geometry: Any) -> dict[str, Any]:
        return {"type": "Feature", "geometry": geometry, "properties": {"nr": 1, "var": {"gata": "A"}}}

    point, line = (
        {"type": "Point", "coordinates": [11.9, 57.9]},
        {"type": "LineString", "coordinates": [[1, 2], [3, 4]]},
    )
    said = {"type": "FeatureCollection", "features": [feature(point), feature(line), feature(None)]}
    sheet = open_sheet(json.dumps(said).encode())
    assert (sheet.kind, sheet.header) == ("geojson", ["lon", "lat", "nr", "var.gata"])
    assert [cells[:2] for _n, cells in sheet.records] == [["11.9", "57.9"], ["LineString", ""], ["", ""]]


def test_objects_in_a_list_become_rows() -> None:
    sheet = open_sheet(b'\xef\xbb\xbf [{"a": 1, "b": {"c": null}}, {"a": true}]')
    assert (sheet.header, sheet.records) == (["a", "b.c"], [(1, ["1", ""]), (2, ["true", ""])])


BROKEN = [
    b"%PDF-1.7\n\0",
    b"\x89PNG\r\n\x1a\n\0\0",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0",
    b"PK\x03\x04 nothing",
    b"{",
    b'{"a": 1}',
    b"[1, 2]",
    b"[" * 100_000,
    b'"a\nb',
    b"\x81\x8d;\x8f",
]


@pytest.mark.parametrize("content", BROKEN)
def test_what_is_no_table_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        open_sheet(content)
    assert refused.value.reason


@pytest.mark.parametrize("rows", [MAX_ROWS, MAX_ROWS + 1])
def test_ten_thousand_rows_are_read_and_one_more_is_not(rows: int) -> None:
    content = b"a\n" + b"1\n" * rows
    if rows == MAX_ROWS:
        assert len(open_sheet(content).records) == rows
    else:
        with pytest.raises(Unreadable, match="10001"):
            open_sheet(content)


@pytest.mark.parametrize("columns", [MAX_COLUMNS, MAX_COLUMNS + 1])
def test_a_hundred_columns_are_read_and_one_more_is_not(columns: int) -> None:
    content = (",".join(f"c{n}" for n in range(columns)) + "\n").encode()
    if columns == MAX_COLUMNS:
        assert len(open_sheet(content).header) == columns
    else:
        with pytest.raises(Unreadable, match="101"):
            open_sheet(content)


def test_an_archive_that_unfolds_to_far_more_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MAX_UNFOLDED", 1 << 20)
    with pytest.raises(Unreadable, match="unfolds"):
        open_sheet(repacked(excel(small), **{"xl/media/big.xml": b"0" * (2 << 20)}))


def test_an_archive_that_lies_about_its_sizes_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MAX_UNFOLDED", 1 << 20)
    data = repacked(excel(small), **{"xl/media/big.xml": b"0" * (2 << 20)})
    size = (2 << 20).to_bytes(4, "little")
    with pytest.raises(Unreadable):
        open_sheet(data.replace(size, (9).to_bytes(4, "little")))


def test_an_archive_of_very_many_parts_is_not_opened() -> None:
    with pytest.raises(Unreadable, match="unfolds"):
        open_sheet(repacked(excel(small), **{f"xl/media/{n}": b"" for n in range(600)}))


@pytest.mark.parametrize(("row", "column"), [(1_048_575, 0), (0, 16_383)])
def test_a_single_cell_far_out_does_not_fill_the_memory(row: int, column: int) -> None:
    def write(_book: Any, page: Any) -> None:
        page.write(0, 0, "a")
        page.write(row, column, "b")

    with pytest.raises(Unreadable, match="too far"):
        open_sheet(excel(write))


def test_a_sheet_that_defines_words_of_its_own_is_not_opened() -> None:
    with zipfile.ZipFile(io.BytesIO(excel(small))) as archive:
        page = archive.read("xl/worksheets/sheet1.xml")
    bomb = page.replace(b"<worksheet", b'<!DOCTYPE w [<!ENTITY a "aaaa">]><worksheet', 1)
    with pytest.raises(Unreadable, match="cannot be read"):
        open_sheet(repacked(excel(small), **{"xl/worksheets/sheet1.xml": bomb}))


@pytest.mark.parametrize("text", ["=1+1", "+46", "-1", "@a", "\tx", "plain", "'quoted"])
def test_a_neutral_cell_is_no_formula_and_comes_back_as_it_was(text: str) -> None:
    cell = neutral(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t"))
    assert open_sheet(f'a;b\n1;"{cell}"'.encode()).records[0][1][1] == text.strip() or text.startswith("\t")
