"""The learnt model: what it learns, that it says the same twice, and that its chances and thresholds are honest."""

import numpy as np
import pytest

from otklik.triage.nlp.learning import Model, NothingToLearn, from_bytes, to_bytes, train
from otklik.triage.nlp.learning.training import thinned
from otklik.triage.nlp.lexicon import load_lexicon
from otklik.triage.nlp.words import tokens_of

SUBJECTS = {
    "Дороги": "огромная яма на проезжей части, колесо пробил, асфальт разбит, выбоины",
    "Отопление": "батареи холодные, в квартире мёрзнем, отопление не включили, котельная стоит",
    "Мусор": "контейнеры переполнены, мусор не вывозят, свалка у дома, вонь от баков",
    "Автобусы": "автобус не пришёл, ждали на остановке час, маршрутка проехала мимо, расписание",
}
PLACES = (
    "на Садовой|у школы|в нашем дворе|на Мира|в посёлке|возле рынка|на Лесной|у вокзала|на Заречной|в центре"
)


def messages(count: int = 40) -> tuple[list[str], list[str]]:
    """Made-up messages: words of the subject in another order each time, a place, a number."""
    random = np.random.default_rng(5)
    texts, labels = [], []
    for number in range(count):
        label = list(SUBJECTS)[number % len(SUBJECTS)]
        pieces = SUBJECTS[label].split(", ")
        said = [pieces[each] for each in random.permutation(len(pieces))[:2]]
        place = PLACES.split("|")[int(random.integers(10))]
        texts.append(f"{said[0].capitalize()} {place}. Дом {number}, {said[1]}!")
        labels.append(label)
    return texts, labels


@pytest.fixture(scope="module")
def model() -> Model:
    return train(*messages())


def test_it_learns_what_the_examples_say(model: Model) -> None:
    found = model.predict(
        ["Пробили колесо, кругом выбоины", "Мёрзнем, батареи ледяные", "Мусор у подъезда, вонь"]
    )
    assert found.labels == ["Дороги", "Отопление", "Мусор"]
    assert model.report["accuracy"] > 0.9


def test_chances_sum_to_one_and_the_top_is_in_order(model: Model) -> None:
    found = model.predict(["яма и мусор", "", "автобус"])
    assert np.allclose(found.probabilities.sum(axis=1), 1)
    for top, label, confidence in zip(found.top, found.labels, found.confidences, strict=True):
        chances = [chance for _, chance in top]
        assert len(top) == 3
        assert chances == sorted(chances, reverse=True)
        assert top[0] == (label, confidence)


def test_the_same_examples_make_the_same_model_and_the_same_answers(model: Model) -> None:
    again = train(*messages())
    assert to_bytes(again) == to_bytes(model)
    assert again.version == model.version
    texts = ["яма", "холодно", "😀", "a" * 5000]
    assert np.array_equal(again.predict(texts).probabilities, model.predict(texts).probabilities)


def test_other_examples_make_another_version(model: Model) -> None:
    texts, labels = messages()
    assert train([*texts, "яма у дома"], [*labels, "Дороги"]).version != model.version


def test_an_answer_does_not_depend_on_the_company(model: Model) -> None:
    texts = ["яма на дороге", "", "холодные батареи", "мусор"]
    together = model.predict(texts)
    for row, text in enumerate(texts):
        alone = model.predict([text])
        assert alone.labels[0] == together.labels[row]
        assert alone.confidences[0] == pytest.approx(together.confidences[row], abs=1e-6)


def test_what_was_read_before_need_not_be_read_again(model: Model) -> None:
    texts = [f"Дом {number}: {said}" for number, said in enumerate(SUBJECTS.values())] * 150
    tokens = [tokens_of(text) for text in texts]
    hits = [list(load_lexicon().find(each)) for each in tokens]
    given = model.predict(texts, explain=True, tokens=tokens, hits=hits)
    alone = model.predict(texts, explain=True)
    assert np.array_equal(given.probabilities, alone.probabilities)
    assert given.reasons == alone.reasons


def test_reasons_are_words_of_the_message_that_speak_for_the_label(model: Model) -> None:
    text = "Добрый день! 😀 Подскажите, почему мусор не вывозят уже неделю?"
    found = model.predict([text], explain=True)
    assert found.labels == ["Мусор"]
    said = [reason.text for reason in found.reasons[0]]
    assert "мусор" in said
    assert "вывозят" in said
    for reason in found.reasons[0]:
        assert text[reason.start : reason.end] == reason.text
        assert 0 < reason.share <= 1


def test_without_being_asked_it_does_not_explain(model: Model) -> None:
    assert model.predict(["яма"]).reasons == [()]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t",
        "😀😀",
        "\ud800",
        "\0",
        "a@" * 5000,
        "ё" * 50_000,
        "йцукен " * 6000,
        "é́́́",
        "٣",
        "Ǆ ß İ",
        "а-" * 900,
    ],
)
def test_any_text_gets_an_answer(model: Model, text: str) -> None:
    found = model.predict([text], explain=True)
    assert found.labels[0] in SUBJECTS
    assert 0 <= found.confidences[0] <= 1
    assert np.isfinite(found.probabilities).all()


def test_a_message_without_words_never_passes(model: Model) -> None:
    assert model.predict(["", "!!!", "😀"]).passes == [False, False, False]


def test_no_texts_give_no_answers(model: Model) -> None:
    found = model.predict([])
    assert (found.labels, found.reasons, found.probabilities.shape) == ([], [], (0, 4))


def test_the_name_of_a_label_helps_where_examples_are_few() -> None:
    texts, labels = messages()
    codes = ["T1" if label == "Дороги" else "T2" for label in labels]
    names = {"T3": "Бездомные собаки, отлов безнадзорных животных"}
    texts, codes = [*texts, "Опять эта стая, страшно ходить"], [*codes, "T3"]
    asked = ["Просим отловить безнадзорных собак"]
    told = train(texts, codes, label_names=names).predict(asked)
    untold = train(texts, codes).predict(asked)
    assert told.labels == ["T3"]
    assert told.probabilities[0, 2] > untold.probabilities[0, 2]


@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_handful_of_examples_makes_a_model_that_is_sure_of_nothing(count: int) -> None:
    texts, labels = messages(count)
    made = train(texts, labels)
    found = made.predict([texts[0], "что угодно"])
    assert found.labels[0] == labels[0]
    assert found.passes == [False, False]
    assert to_bytes(from_bytes(to_bytes(made))) == to_bytes(made)


def test_one_label_only_is_never_sure() -> None:
    texts, labels = messages()
    made = train(texts, ["Всё"] * len(labels))
    assert made.predict(["яма"]).labels == ["Всё"]
    assert made.predict(["яма"]).passes == [False]


def test_labels_with_one_example_each_and_empty_texts_are_learnt() -> None:
    made = train(["", "", "яма", "яма", "вода"], ["А1", "Б2", "В3", "Г4", "В3"])
    assert len(made.labels) == 4
    assert made.predict([""]).labels[0] in made.labels


def test_nothing_to_learn_from_is_said() -> None:
    with pytest.raises(NothingToLearn, match="Ни одного примера"):
        train([], [])
    with pytest.raises(ValueError, match="1 texts have 2 labels"):
        train(["яма"], ["А", "Б"])


def test_of_too_many_examples_the_rare_labels_keep_all_of_theirs() -> None:
    classes = np.array([0] * 900 + [1] * 90 + [2] * 10)
    chosen = thinned(classes, 200)
    assert np.bincount(classes[chosen]).tolist() == [100, 90, 10]
    assert len(thinned(classes, 1000)) == 1000
    assert (np.diff(chosen) > 0).all()
    assert thinned(np.arange(50), 10).tolist() == list(range(50))


def test_many_examples_are_learnt_by_steps_to_nearly_the_same_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    texts, labels = messages(120)
    exact = train(texts, labels)
    monkeypatch.setattr("otklik.triage.nlp.learning.training.EXACT", 50)
    monkeypatch.setattr("otklik.triage.nlp.learning.training._LEAST_IN_MANY", 1)
    stepped = train(texts, labels)
    asked = ["яма у дома", "мусор во дворе", "холодные батареи", "где автобус"]
    assert stepped.predict(asked).labels == exact.predict(asked).labels
    assert stepped.report["messages"] < exact.report["messages"] == 120
    assert np.abs(stepped.weights.sum() - exact.weights.sum()) < 0.02 * np.abs(exact.weights).sum()
