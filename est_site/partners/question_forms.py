"""The forms in which a category's own questions are written."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from est_site.partners.forms import SettingsForm
from est_site.partners.models import Question, QuestionKind

MOST_CHOICES = 8
LONGEST_CHOICE = 60


class QuestionForm(SettingsForm):
    """The kind of answer stays what it was when the question was first asked."""

    choices = forms.CharField(
        label=_("Answers to choose from"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One on each line, two to eight. Only for “one of a few answers”."),
    )

    class Meta:
        model = Question
        fields: ClassVar[list[str]] = ["label_sv", "label_en", "choices", "unit", "least", "most"]
        help_texts: ClassVar[dict[str, Any]] = {
            "label_sv": _("Ask about the place or what happened, never about a person."),
            "label_en": _("Shown to those who read EST in English. Empty: the Swedish question."),
            "unit": _("Only for a number: what is counted, for example “pieces” or “metres”."),
            "least": _("Only for a number: smaller answers are refused."),
            "most": _("Only for a number: larger answers are refused."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["choices"] = "\n".join(self.instance.choices)

    @property
    def answer_kind(self) -> str:
        return self.instance.kind

    def clean_choices(self) -> list[str]:
        lines = [" ".join(line.split()) for line in self.cleaned_data["choices"].splitlines()]
        found = list(dict.fromkeys(line for line in lines if line))
        if any(len(one) > LONGEST_CHOICE for one in found):
            raise ValidationError(
                gettext("Each answer may have at most %(most)s characters.") % {"most": LONGEST_CHOICE}
            )
        return found

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        kind = data.get("kind") or self.answer_kind
        choices = data.get("choices")
        if kind != QuestionKind.CHOICE:
            data["choices"] = []
        elif choices is not None and not 2 <= len(choices) <= MOST_CHOICES:
            self.add_error("choices", _("Write two to eight answers, one on each line."))
        if kind != QuestionKind.NUMBER:
            data |= {"unit": "", "least": None, "most": None}
        elif data.get("least") is not None and data.get("most") is not None and data["least"] > data["most"]:
            self.add_error("most", _("The most lies under the least. Change one of them."))
        return data


class NewQuestionForm(QuestionForm):
    class Meta(QuestionForm.Meta):
        fields: ClassVar[list[str]] = ["label_sv", "label_en", "kind", "choices", "unit", "least", "most"]
