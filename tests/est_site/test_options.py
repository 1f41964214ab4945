"""Options of a select are written once and remembered: what is told apart on the page is told apart there."""

from __future__ import annotations

from django import forms
from django.utils.html import format_html


def _written(label: str, chosen: str = "") -> str:
    class Choice(forms.Form):
        one = forms.ChoiceField(choices=[("a", label), ("b", "other")])

    return str(Choice({"one": chosen})["one"])


def test_a_text_that_looks_like_markup_is_escaped_also_after_the_same_was_written_as_markup() -> None:
    assert "<b>a</b>" in _written(format_html("<b>{}</b>", "a"))
    assert "&lt;b&gt;a&lt;/b&gt;" in _written("<b>a</b>")


def test_what_is_chosen_is_selected_also_after_it_was_written_unchosen() -> None:
    assert "selected" not in _written("a", "")
    assert '<option value="b" selected>' in _written("a", "b")
    assert '<option value="a" selected>' in _written("a", "a")
