"""A category's own questions: asked with its report, answered or not, kept with their wording."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from est_site import tenancy
from est_site.models import AuditEvent
from est_site.partners.models import Question
from incidents.actions import mask_incident
from incidents.models import Incident
from tests import cast
from tests.conftest import SignIn
from tests.incidents.conftest import Fill

URL = "/g/tarnsund/report/"
SETTINGS = "/g/tarnsund/settings/"


@pytest.fixture
def rut(tarnsund: cast.Town, signed_in: SignIn) -> Client:
    return signed_in(tarnsund.rut)


@pytest.fixture
def carin(tarnsund: cast.Town, signed_in: SignIn) -> Client:
    return signed_in(tarnsund.carin)


def ask(town: cast.Town, code: str = "damage", **said: Any) -> Question:
    fields = {"kind": "number", "label_sv": "Hur många rutor?", "unit": "st", "least": 0, "most": 50} | said
    with tenancy.inside(town.group):
        return Question.objects.create(group=town.group, category=town.categories[code], **fields)


def only(town: cast.Town) -> Incident:
    with tenancy.inside(town.group):
        return Incident.objects.select_related("category", "group").get()


def number_of(town: cast.Town) -> int:
    with tenancy.inside(town.group):
        return Incident.objects.count()


def test_an_answer_is_kept_with_the_wording_it_was_asked_in(tarnsund: cast.Town, rut: Client, filled: Fill) -> None:
    question = ask(tarnsund)
    assert rut.post(URL, filled(**{f"q_{question.pk}": "3"})).status_code == 303
    kept = {"id": question.pk, "question": "Hur många rutor?", "kind": "number", "answer": "3 st", "value": 3}
    with tenancy.inside(tarnsund.group):
        Question.objects.update(label_sv="Antal rutor?", unit="")
    assert only(tarnsund).answers == [kept]
    page = rut.get(f"/g/tarnsund/incidents/{only(tarnsund).pk}/").content.decode()
    assert "<dt>Hur många rutor?</dt><dd>3 st</dd>" in page


def test_yes_and_a_choice_are_kept_in_words(tarnsund: cast.Town, rut: Client, filled: Fill) -> None:
    yes = ask(tarnsund, kind="yes_no", label_sv="Lyser lampan?", unit="")
    choice = ask(tarnsund, kind="choice", label_sv="Var?", unit="", choices=["vägg", "tak"])
    rut.post(URL, filled(**{f"q_{yes.pk}": "no", f"q_{choice.pk}": "tak"}))
    assert [(one["question"], one["answer"]) for one in only(tarnsund).answers] == [
        ("Lyser lampan?", "nej"),
        ("Var?", "tak"),
    ]


def test_nobody_has_to_answer(tarnsund: cast.Town, rut: Client, filled: Fill) -> None:
    ask(tarnsund)
    assert rut.post(URL, filled()).status_code == 303
    assert only(tarnsund).answers == []


@pytest.mark.parametrize(("said", "status"), [("0", 303), ("50", 303), ("-1", 422), ("51", 422), ("många", 422)])
def test_a_number_keeps_within_its_limits(
    tarnsund: cast.Town, rut: Client, filled: Fill, said: str, status: int
) -> None:
    question = ask(tarnsund)
    answer = rut.post(URL, filled(text="Två lyktor", **{f"q_{question.pk}": said}))
    assert answer.status_code == status
    if status == 422:
        assert list(answer.context["form"].errors) == [f"q_{question.pk}"]
        assert "Två lyktor" in answer.content.decode()


def test_what_is_no_choice_is_refused(tarnsund: cast.Town, rut: Client, filled: Fill) -> None:
    question = ask(tarnsund, kind="choice", unit="", choices=["vägg", "tak"])
    assert rut.post(URL, filled(**{f"q_{question.pk}": "Nina, tak"})).status_code == 422
    assert number_of(tarnsund) == 0


def test_questions_of_another_kind_are_neither_read_nor_complained_about(
    tarnsund: cast.Town, rut: Client, filled: Fill
) -> None:
    question = ask(tarnsund, "gathering")
    assert rut.post(URL, filled(**{f"q_{question.pk}": "många"})).status_code == 303
    assert only(tarnsund).answers == []


def test_the_second_choice_asks_its_own_besides_those_of_the_first(
    tarnsund: cast.Town, rut: Client, filled: Fill
) -> None:
    first, own, other = ask(tarnsund), ask(tarnsund, "glass", label_sv="Splitter?"), ask(tarnsund, "graffiti")
    sub = f"sub_{tarnsund.categories['damage'].pk}"
    said = {f"q_{one.pk}": "1" for one in (first, own, other)}
    rut.post(URL, filled(**{sub: tarnsund.categories["glass"].pk}, **said))
    assert [one["id"] for one in only(tarnsund).answers] == [first.pk, own.pk]


def test_an_ended_question_is_not_asked(tarnsund: cast.Town, rut: Client) -> None:
    ask(tarnsund, is_active=False)
    assert "Hur många rutor?" not in rut.get(URL).content.decode()


def test_a_draft_keeps_the_answers(tarnsund: cast.Town, rut: Client, filled: Fill) -> None:
    question = ask(tarnsund)
    rut.post(f"{URL}draft/", filled(**{f"q_{question.pk}": "7"}))
    assert rut.get(URL).context["form"][f"q_{question.pk}"].value() == "7"


@pytest.fixture
def answered(tarnsund: cast.Town, rut: Client, filled: Fill) -> tuple[Incident, Question]:
    question = ask(tarnsund)
    rut.post(URL, filled(**{f"q_{question.pk}": "3"}))
    return only(tarnsund), question


def corrected(town: cast.Town, rut: Client, incident: Incident, **changed: Any) -> None:
    form = rut.get(f"/g/tarnsund/incidents/{incident.pk}/correct/").context["form"]
    said = {one.html_name: one.value() for one in form if one.value() not in (None, "")}
    for name in ("occurred_from", "occurred_to"):
        said[name] = incident.occurred_from.astimezone(town.group.zone).strftime("%Y-%m-%dT%H:%M")
    assert rut.post(f"/g/tarnsund/incidents/{incident.pk}/correct/", said | changed).status_code == 302


def test_a_correction_that_says_nothing_of_them_keeps_the_answers(
    tarnsund: cast.Town, rut: Client, answered: tuple[Incident, Question]
) -> None:
    incident, _question = answered
    with tenancy.inside(tarnsund.group):
        Question.objects.update(is_active=False)
    corrected(tarnsund, rut, incident, text="Nya ord")
    assert (only(tarnsund).text, only(tarnsund).answers) == ("Nya ord", incident.answers)


def test_a_changed_answer_stands_in_the_history_as_from_and_to(
    tarnsund: cast.Town, rut: Client, answered: tuple[Incident, Question]
) -> None:
    incident, question = answered
    corrected(tarnsund, rut, incident, **{f"q_{question.pk}": "4"})
    page = rut.get(f"/g/tarnsund/incidents/{incident.pk}/").content.decode()
    assert "Hur många rutor? 3 st" in page
    assert "Hur många rutor? 4 st" in page


def test_masking_keeps_the_answers(tarnsund: cast.Town, answered: tuple[Incident, Question]) -> None:
    incident, _question = answered
    with tenancy.inside(tarnsund.group):
        mask_incident(by=tarnsund.carin, incident=incident, words=True, pictures=False, reason="person", now=cast.NOW)
    assert only(tarnsund).answers == incident.answers


# --- settings ---


def test_a_question_is_added_with_its_choices_and_leaves_a_trace(tarnsund: cast.Town, carin: Client) -> None:
    url = f"{SETTINGS}categories/{tarnsund.categories['damage'].pk}/questions/"
    said = {"label_sv": "Var satt det?", "kind": "choice", "choices": "vägg\n tak \n\nvägg"}
    assert carin.post(f"{url}add/", said)["Location"] == url
    with tenancy.inside(tarnsund.group):
        assert Question.objects.get().choices == ["vägg", "tak"]
        assert '"question.add"' in AuditEvent.objects.get().body
    assert "vägg, tak" in carin.get(url).content.decode()


def test_a_fourth_question_is_refused_until_one_is_ended(tarnsund: cast.Town, carin: Client) -> None:
    first, *_others = [ask(tarnsund) for _n in range(3)]
    url = f"{SETTINGS}categories/{first.category_id}/questions/add/"
    said = {"label_sv": "En till?", "kind": "yes_no"}
    assert carin.post(url, said).status_code == 422
    carin.post(f"{SETTINGS}questions/{first.pk}/end/", {"version": 1})
    assert carin.post(url, said).status_code == 302


def test_an_ended_question_is_asked_again_where_there_is_room(tarnsund: cast.Town, carin: Client) -> None:
    first, *_others = [ask(tarnsund) for _n in range(3)]
    ended = ask(tarnsund, is_active=False)
    url = f"{SETTINGS}questions/{ended.pk}/ask-again/"
    carin.post(url, {"version": 1})
    with tenancy.inside(tarnsund.group):
        assert not Question.objects.get(pk=ended.pk).is_active  # a fourth
    carin.post(f"{SETTINGS}questions/{first.pk}/end/", {"version": 1})
    page = carin.post(url, {"version": 1}, follow=True).content.decode()
    assert "frågas igen" in page
    with tenancy.inside(tarnsund.group):
        assert Question.objects.get(pk=ended.pk).is_active


CHOICES = {"label_sv": "Var?", "kind": "choice"}


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"label_sv": "", "kind": "yes_no"}, "label_sv"),
        ({"label_sv": "Var?", "kind": "text"}, "kind"),
        (CHOICES | {"choices": "bara en"}, "choices"),
        (CHOICES | {"choices": "\n".join("abcdefghi")}, "choices"),
        (CHOICES | {"choices": "a\n" + "b" * 61}, "choices"),
        ({"label_sv": "Hur många?", "kind": "number", "least": "5", "most": "4"}, "most"),
    ],
)
def test_a_question_nobody_could_answer_is_refused(
    tarnsund: cast.Town, carin: Client, said: dict[str, str], field: str
) -> None:
    url = f"{SETTINGS}categories/{tarnsund.categories['damage'].pk}/questions/add/"
    answer = carin.post(url, said)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])


def test_two_who_change_a_question_are_both_heard(tarnsund: cast.Town, carin: Client) -> None:
    url = f"{SETTINGS}questions/{ask(tarnsund).pk}/"
    said = {"label_sv": "Antal rutor?", "version": 1}
    assert carin.post(url, said).status_code == 302
    assert carin.post(url, said | {"label_sv": "Hur många glas?"}).status_code == 409
