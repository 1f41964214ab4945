"""The personal-data guard as a pure function: what it finds, where, and what it leaves alone."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from est_site.guard import check, cleaned
from tests.est_site import guard_corpus as corpus

VALID = ["191212121212", "189001019802", "191401682396"]  # the last is a coordination number
DASHES = "-–—−‒‐‑－"
GAPS = [
    *DASHES,
    "",
    " ",
    "\u00a0",
    "\u202f",
    ".",
    " - ",
    " – ",
    "\n",
    "-\n",
    "\r\n",
    " \u200b",
    "\ufeff",
    "\u00ad",
    "+",
]
UNSEEN = "\u200b\ufeff\u00ad"
DIGITS = ["0123456789", "０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"]
PROSE = st.sampled_from(
    ["", "Han sa ", "Glas på marken. ", "Klotter (", "Åsa och Örjan såg: ", "🙂 e\u0301n kväll ", "”"]
)


def blocked(text: str) -> list[str]:
    return [text[f.start : f.end] for f in check(text) if f.severity == "block"]


def kinds(text: str) -> list[str]:
    return [finding.kind for finding in check(text)]


def test_the_corpus_is_large_enough() -> None:
    assert len(set(corpus.with_number())) + len(set(corpus.with_other())) >= 200
    assert len(set(corpus.without())) >= 200


def test_identity_numbers_of_the_corpus_are_found_where_they_stand() -> None:
    """At least 995 of 1,000, exactly."""
    sentences = corpus.with_number()
    missed = [text for text, start, end in sentences if blocked(text) != [text[start:end]]]
    assert len(missed) <= len(sentences) * 0.005, missed


def test_nothing_else_of_the_corpus_is_stopped() -> None:
    """At most 5 of 1,000."""
    sentences = corpus.without() + [text for text, _kind in corpus.with_other()]
    stopped = [text for text in sentences if blocked(text)]
    assert len(stopped) <= len(sentences) * 0.005, stopped


@pytest.mark.parametrize("kind", ["phone", "email", "plate"])
def test_telephones_addresses_and_plates_of_the_corpus_are_found(kind: str) -> None:
    """At least 98 of 100."""
    sentences = [text for text, each in corpus.with_other() if each == kind]
    missed = [text for text in sentences if kind not in kinds(text)]
    assert len(missed) <= len(sentences) * 0.02, missed


@pytest.mark.parametrize("kind", ["account", "apartment", "handle", "personnummer", "name", "sensitive"])
def test_the_rest_of_the_corpus_is_found(kind: str) -> None:
    sentences = [text for text, each in corpus.with_other() if each == kind]
    assert [text for text in sentences if kind not in kinds(text)] == []


def test_ordinary_sentences_are_seldom_asked_about() -> None:
    asked = [text for text in corpus.without() if any(f.severity == "warn" for f in check(text))]
    assert [text for text in asked if "OCR" not in text] == []  # an OCR number is a payment's


def test_streets_and_squares_are_no_names() -> None:
    assert [text for text in corpus.without() if "name" in kinds(text)] == []


@given(
    number=st.sampled_from(VALID),
    century=st.booleans(),
    gaps=st.tuples(*[st.sampled_from(GAPS)] * 3),
    digits=st.sampled_from(DIGITS),
    before=PROSE,
    after=st.sampled_from(["", ".", " och gick.", ") sa han", "\nSlut", "”"]),
)
@settings(max_examples=400, deadline=None)
def test_a_number_in_any_spelling_is_found_at_its_place(
    number: str, century: bool, gaps: tuple[str, str, str], digits: str, before: str, after: str
) -> None:
    year, month, day, last = number[0 if century else 2 : 4], number[4:6], number[6:8], number[8:]
    gap = (
        gaps[2] if gaps[2].strip(UNSEEN) else f"{gaps[2]}-"
    )  # 12-12121212 is a diary number: what is parted is parted here
    if not (gaps[0] + gaps[1]).strip(UNSEEN):
        gap = gaps[2]
    spelled = f"{year}{gaps[0]}{month}{gaps[1]}{day}{gap}{last}".translate(str.maketrans(DIGITS[0], digits))
    assert blocked(before + spelled + after) == [spelled]


@given(st.text(max_size=400))
@settings(max_examples=300, deadline=None)
def test_no_text_is_too_strange(text: str) -> None:
    for finding in check(text):
        assert 0 <= finding.start < finding.end <= len(text)


ROUGH = st.text(st.sampled_from("0123456789+-–./() \n@abcåXx\u200b\u0301１"), max_size=200)


@given(ROUGH)
@settings(max_examples=400, deadline=None)
def test_findings_stand_in_order_and_apart_and_are_the_same_again(text: str) -> None:
    found = check(text)
    assert found == check(text)
    assert all(a.end <= b.start for a, b in pairwise(found))


@given(ROUGH)
@settings(max_examples=200, deadline=None)
def test_what_is_taken_out_takes_nothing_else_along(text: str) -> None:
    rest = cleaned(text, "\0", "warn").split("\0")
    assert re.fullmatch(".*".join(re.escape(part) for part in rest), text, re.DOTALL)


@pytest.mark.parametrize("number", ["112", "114 14", "11414", "1177", "113 13"])
def test_emergency_and_public_service_numbers_are_nobodys(number: str) -> None:
    assert check(f"Ring {number} nu. Tel {number}.") == []


def test_a_wrong_check_figure_is_no_number_unless_a_word_says_that_it_is() -> None:
    assert kinds("Koden är 121212-1213") == []
    assert [(f.kind, f.severity) for f in check("pnr 121212-1213")] == [("personnummer", "warn")]


def test_a_number_with_a_word_before_it_is_found_whatever_it_looks_like() -> None:
    assert blocked("personnummer 1212121212") == ["1212121212"]


def test_a_plate_needs_letters_that_plates_have() -> None:
    assert [kinds(text) for text in ("IKEA 123", "VIQ 123", "ÅSA 123", "hus 123", "buss 161")] == [[]] * 5


def test_a_vehicle_makes_a_word_a_plate() -> None:
    assert kinds("Mopeden med skylten HUS 123") == ["plate"]


def test_the_more_serious_finding_stands() -> None:
    assert kinds("tel 121212-1212") == ["personnummer"]
