"""Learnt models at the desk: what judges now, versions, one of them, two side by side, and their examples."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.urls import reverse

from otklik.common.bodies import UPLOADS
from otklik.triage import operations as triage
from otklik.triage.models import Example, ExampleTable, ModelFile, Topic, TopicModel
from otklik.triage.nlp.learning import Model, from_bytes, to_bytes, train
from otklik.triage.operations.example_tables import LARGEST_FILE
from tests.desk.world import World

At = Callable[..., Client]
MODELS, EXAMPLES = "/desk/triage/models/", "/desk/triage/examples/"
HOLE, DOGS = "ROADS.pothole", "ANIMAL.stray"
PLACES = ("у дома", "возле школы", "на остановке", "во дворе", "на углу", "за магазином", "у рынка")


def rows() -> list[tuple[str, str]]:
    """Examples of two topics in words of this test."""
    found = []
    for number in range(32):
        place = PLACES[number % len(PLACES)]
        found += [(f"Яма на дороге {place} {number}, пробил колесо", HOLE)]
        found += [(f"Стая собак {place} {number} лает", DOGS)]
    return found


@pytest.fixture(scope="module")
def learnt() -> Model:
    texts, labels = zip(*rows(), strict=True)
    return from_bytes(to_bytes(train(texts, labels)))


def version(world: World, learnt: Model, state: str = "ready", days: int = 3, **fields: Any) -> TopicModel:
    at = world.now - timedelta(days=days)
    active = {"activated_at": at, "activated_by": "Мария Климова"} if state in {"active", "retired"} else {}
    made = TopicModel.objects.create(
        state=state, asked_at=at, asked_by="Мария Климова", started_at=at, finished_at=at, version=learnt.version,
        report=learnt.report, examples=64, topics=2, topics_version=1, **active | fields,
    )  # fmt: skip
    ModelFile.objects.create(model=made, body=to_bytes(learnt))
    return made


def bring(world: World, extra: str = "") -> ExampleTable:
    lines = "\n".join(f"{text};{code}" for text, code in rows())
    return triage.import_examples(
        name="2025.csv", body=f"текст;тема\n{lines}\n{extra}".encode(), by=world.people["admin"].actor, now=world.now
    )  # fmt: skip


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_before_anything_the_page_says_how_to_begin(world: World, at: At) -> None:
    html = read(at("admin"), MODELS)
    assert "Сейчас темы ставит начальная модель" in html
    assert "Примеров пока нет" in html
    assert f'href="{EXAMPLES}tables/"' in html
    assert "Обучить новую модель" not in html
    assert "Таблиц ещё не загружали" in read(at("admin"), f"{EXAMPLES}tables/")
    assert "Примеров пока нет" in read(at("dispatcher"), EXAMPLES)


def test_who_may_look_and_who_may_change(world: World, at: At, learnt: Model) -> None:
    model, table = version(world, learnt, "active"), bring(world)
    example = Example.objects.order_by("pk")[0]
    looked = [
        MODELS, f"{MODELS}{model.pk}", f"{MODELS}{model.pk}/compare", f"{MODELS}{model.pk}/state", EXAMPLES,
        f"{EXAMPLES}tables/", f"{EXAMPLES}tables/state", f"{EXAMPLES}tables/{table.pk}",
        f"{EXAMPLES}tables/{table.pk}.csv",
    ]  # fmt: skip
    changed = [f"{MODELS}{model.pk}/retire", f"{EXAMPLES}{example.pk}/forget"]
    acts = [*changed, f"{MODELS}train", f"{EXAMPLES}receive", f"{MODELS}{model.pk}/activate"]
    for username, seen, kept in (
        ("executor", 403, 403), ("curator", 403, 403), ("methodist", 403, 403), ("dispatcher", 200, 403),
        ("admin", 200, 200),
    ):  # fmt: skip
        client = at(username)
        assert {client.get(address).status_code for address in looked} == {seen}, username
        assert {client.get(address).status_code for address in changed} == {kept}, username
        if kept == 403:
            assert {client.post(address).status_code for address in acts} == {403}, username
    assert Example.objects.filter(pk=example.pk).exists()
    html = read(at("dispatcher"), MODELS) + read(at("dispatcher"), f"{MODELS}{model.pk}")
    assert "Обучить новую модель" not in html
    assert "/retire" not in html


def test_odd_addresses_are_not_found(world: World, at: At, learnt: Model) -> None:
    client, model = at("admin"), version(world, learnt)
    for missing in (
        f"{MODELS}{'9' * 30}", f"{MODELS}0/compare", f"{MODELS}{model.pk}/explode", f"{EXAMPLES}0/forget",
        f"{EXAMPLES}tables/{'9' * 30}", f"{EXAMPLES}tables/0.csv",
    ):  # fmt: skip
        assert client.get(missing).status_code == 404, missing
    for odd in ("?sort=pk&page=x", "?sort=--f1", "?sort=%00"):
        assert "Показатели" not in read(client, f"{MODELS}{model.pk}{odd}")
    assert "Таких примеров нет" in read(client, f"{EXAMPLES}?q=ничего%00такого&topic={'9' * 40}&source=x")
    assert client.get(f"{MODELS}{model.pk}/compare?with={'9' * 30}").status_code == 200


def test_a_model_is_asked_for_and_the_page_waits_with_it(world: World, at: At, learnt: Model) -> None:
    client = at("admin")
    refused = client.post(f"{MODELS}train", follow=True).content.decode()
    assert "Примеров мало" in refused
    bring(world)
    assert "Обучить новую модель" in read(client, MODELS)
    html = client.post(f"{MODELS}train", follow=True).content.decode()
    model = TopicModel.objects.get()
    state = f"{MODELS}{model.pk}/state"
    assert f'hx-get="{state}"' in html
    assert "ждёт очереди" in html
    assert "Обучить новую модель" not in html
    assert "HX-Refresh" not in client.get(state).headers
    TopicModel.objects.update(state="training", started_at=world.now)
    assert "учится" in read(client, state)
    TopicModel.objects.update(state="failed", error="MemoryError: кончилась память")
    done = client.get(state)
    assert done.headers["HX-Refresh"] == "true"
    assert "hx-get" not in done.content.decode()
    html = read(client, MODELS)
    assert "не обучилась" in html
    assert "Обучить новую модель" in html
    assert "MemoryError" in read(client, f"{MODELS}{model.pk}")


def test_the_page_says_what_the_next_model_would_learn_from(world: World, at: At, learnt: Model) -> None:
    bring(world)
    version(world, learnt, "active", days=0)
    html = read(at("admin"), MODELS)
    assert "выйдет та же модель" in html
    Example.objects.filter(topic__code=HOLE).update(at=world.now + timedelta(minutes=5))
    response = at("admin").get(MODELS)
    teaching = response.context["teaching"]
    assert (teaching.count, teaching.topics, teaching.fresh) == (64, 2, 32)
    Example.objects.exclude(topic__code=HOLE).delete()
    assert "не хватает ещё 18 примеров" in read(at("admin"), MODELS)


def test_a_model_is_put_to_work_taken_back_and_taken_off(world: World, at: At, learnt: Model) -> None:
    client = at("admin")
    first, second = version(world, learnt, "active", days=3), version(world, learnt, days=2)
    asked = read(client, f"{MODELS}{second.pk}/activate")
    assert f"будет ставить модель № {second.pk}" in asked
    assert f"Сейчас это делает модель № {first.pk}" in asked
    assert "не изменятся" in asked
    html = client.post(f"{MODELS}{second.pk}/activate", follow=True).content.decode()
    assert f"Модель № {second.pk} работает" in html
    assert f'href="{MODELS}{second.pk}/roll-back"' in html
    again = client.post(f"{MODELS}{second.pk}/activate", follow=True).content.decode()
    assert "уже работает" in again
    assert f"будет ставить модель № {first.pk}" in read(client, f"{MODELS}{second.pk}/roll-back")
    html = client.post(f"{MODELS}{second.pk}/roll-back", follow=True).content.decode()
    assert f"Прежняя модель № {first.pk} снова работает" in html
    html = client.get(f"{MODELS}{first.pk}/retire").content.decode()
    assert "будет ставить начальная модель" in html
    client.post(f"{MODELS}{first.pk}/retire")
    assert "Сейчас темы ставит начальная модель" in read(client, MODELS)
    assert set(TopicModel.objects.values_list("state", flat=True)) == {"retired"}
    refused = client.get(f"{MODELS}{first.pk}/retire", follow=True).content.decode()
    assert "уже работает" in refused


def test_the_first_model_has_nothing_before_it(world: World, at: At, learnt: Model) -> None:
    model, client = version(world, learnt, "active"), at("admin")
    assert "/roll-back" not in read(client, f"{MODELS}{model.pk}")
    for answer in (client.get, client.post):
        html = answer(f"{MODELS}{model.pk}/roll-back", follow=True).content.decode()
        assert "До этой модели другой не было" in html


def test_a_file_of_an_older_program_is_told(world: World, at: At, learnt: Model) -> None:
    model, client = version(world, learnt), at("admin")
    ModelFile.objects.filter(model=model).update(body=b"PK broken")
    html = client.post(f"{MODELS}{model.pk}/activate", follow=True).content.decode()
    assert "Обучите модель заново" in html
    response = client.get(f"{MODELS}{model.pk}/compare")
    assert response.status_code == 409
    assert "Обучите модель заново" in response.content.decode()


def test_the_report_stands_by_topic_in_the_order_asked_for(world: World, at: At, learnt: Model) -> None:
    report = dict(learnt.report)
    report["labels"] = [
        {"label": HOLE, "support": 30, "precision": 0.9, "recall": 0.8, "f1": 0.847, "threshold": None,
         "passing": 0, "passing_right": 0, "taken_for": [[DOGS, 4], ["OLD.gone", 2]]},
        {"label": DOGS, "support": 40, "precision": 0.7, "recall": 0.95, "f1": 0.806, "threshold": 0.61,
         "passing": 20, "passing_right": 19, "taken_for": []},
    ]  # fmt: skip
    model, client = version(world, learnt), at("dispatcher")
    TopicModel.objects.update(report=report)
    address = f"{MODELS}{model.pk}"
    html = read(client, address)
    hole, dogs = Topic.objects.get(code=HOLE).name, Topic.objects.get(code=DOGS).name
    assert "OLD.gone" in html, "a topic that the list has no more is named by its code"
    assert 'aria-sort="descending"' in html

    def order(sort: str) -> list[str]:
        return [line.code for line in client.get(f"{address}?sort={sort}").context["lines"]]

    assert order("-support") == order("precision") == order("-recall") == [DOGS, HOLE]
    assert order("support") == order("-precision") == [HOLE, DOGS]
    assert order("threshold") == order("-threshold") == [DOGS, HOLE], (
        "without a threshold comes last both ways"
    )
    assert order("name") == [code for _name, code in sorted([(hole, HOLE), (dogs, DOGS)])]
    [worst, other] = client.get(address).context["confusions"]
    assert (worst.name, worst.taken_for, worst.count, worst.support) == (hole, dogs, 4, 30)
    assert other.taken_for == "OLD.gone"
    assert html.count("<circle") == len(report["calibration"])
    assert "действующих тем: примеров о них не было" in html


def test_two_models_stand_side_by_side(world: World, at: At, learnt: Model) -> None:
    one, other = version(world, learnt, days=1), version(world, learnt, "active")
    client = at("dispatcher")
    assert "сравнивать не на чем" in read(client, f"{MODELS}{one.pk}/compare")
    world.incident("Яма на дороге у рынка, пробил колесо, звоните 8 913 123-45-67")
    incident = world.incident("Стая собак во дворе лает")
    triage.keep_correction(
        message=incident.message, part=0, topic=Topic.objects.get(code=DOGS), kind="complaint",
        by=world.people["dispatcher"], now=world.now,
    )  # fmt: skip
    response = client.get(f"{MODELS}{one.pk}/compare")
    assert response.context["other"] == other, "the one that works, when nothing else is asked for"
    found = response.context["found"]
    assert (found.decided.count, found.decided.one.right, found.recent.differ) == (1, 1, 0)
    html = read(client, f"{MODELS}{other.pk}/compare")
    assert '<option value="starter" selected>' in html
    assert "123-45-67" not in html


def test_what_models_see_differently_is_shown_without_personal_data(world: World, at: At) -> None:
    texts, labels = zip(*rows(), strict=True)
    swapped = train(texts, [DOGS if code == HOLE else HOLE for code in labels])
    model = version(world, from_bytes(to_bytes(swapped)))
    world.incident("Яма на дороге у рынка, пробил колесо, звоните 8 913 123-45-67")
    html = read(at("dispatcher"), f"{MODELS}{model.pk}/compare?with=starter")
    assert "Где расходятся" in html
    assert Topic.objects.get(code=DOGS).name in html
    assert "123-45-67" not in html


def test_a_table_is_brought_read_and_its_wrong_lines_taken_away(world: World, at: At) -> None:
    client = at("admin")
    body = 'текст;тема\nЯма;ROADS.pothole\nЛай;"=1+1"\n;ROADS.pothole\n'.encode()
    file = SimpleUploadedFile("2025.csv", body)
    html = client.post(f"{EXAMPLES}receive", {"file": file}, follow=True).content.decode()
    assert f'hx-get="{EXAMPLES}tables/state"' in html
    table = ExampleTable.objects.get()
    assert "читается" in read(client, f"{EXAMPLES}tables/{table.pk}")
    assert "HX-Refresh" not in client.get(f"{EXAMPLES}tables/state").headers
    triage.read_next(now=world.now)
    assert client.get(f"{EXAMPLES}tables/state").headers["HX-Refresh"] == "true"
    html = read(client, f"{EXAMPLES}tables/{table.pk}")
    assert "такой темы в списке нет" in html
    assert "«=1+1»" in html
    text = client.get(f"{EXAMPLES}tables/{table.pk}.csv").content.decode()
    assert text.splitlines() == [
        "\ufeffстрока;почему не принята;что стояло",
        "3;такой темы в списке нет;'=1+1",
        "4;нет текста или темы;",
    ]
    assert "2025.csv" in read(at("dispatcher"), f"{EXAMPLES}tables/")


def test_what_is_no_table_is_refused_in_words(world: World, at: At) -> None:
    client = at("admin")
    assert "Выберите файл" in client.post(f"{EXAMPLES}receive", follow=True).content.decode()
    empty = {"file": SimpleUploadedFile("a.csv", b"")}
    assert "Файл пуст" in client.post(f"{EXAMPLES}receive", empty, follow=True).content.decode()
    client.post(f"{EXAMPLES}receive", {"file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04\0\0")})
    triage.read_next(now=world.now)
    assert "Это не таблица примеров" in read(client, f"{EXAMPLES}tables/{ExampleTable.objects.get().pk}")


def test_a_table_that_was_cut_on_its_way_is_told_its_limit(world: World, rf: RequestFactory) -> None:
    from django.contrib.messages import get_messages
    from django.contrib.messages.storage.fallback import FallbackStorage

    from otklik.desk.views.triage.examples import receive

    request: Any = rf.post(f"{EXAMPLES}receive")
    request.user, request.session = world.people["admin"], {}
    request._messages = FallbackStorage(request)
    request.body_was_cut = True
    assert receive(request).status_code == 302
    assert "больше 50 МБ" in str(next(iter(get_messages(request))))
    assert UPLOADS[reverse("desk:triage_example_receive")].size > LARGEST_FILE


def test_examples_are_found_and_a_wrong_one_taken_out(world: World, at: At) -> None:
    bring(world)
    client, topic = at("admin"), Topic.objects.get(code=DOGS)
    response = client.get(f"{EXAMPLES}?topic={topic.pk}&q=СОБАК лает&source=table")
    assert response.context["page"].paginator.count == 32
    assert "Таких примеров нет" in read(client, f"{EXAMPLES}?topic={topic.pk}&source=person")
    example = response.context["page"].object_list[0]
    assert example.text in read(client, f"{EXAMPLES}{example.pk}/forget")
    html = client.post(f"{EXAMPLES}{example.pk}/forget", follow=True).content.decode()
    assert "Пример убран" in html
    assert not Example.objects.filter(pk=example.pk).exists()
    assert "/forget" not in read(at("dispatcher"), EXAMPLES)


def test_pages_cost_the_same_however_long_the_lists_are(
    world: World, at: At, learnt: Model, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    bring(world, "Что-то;Дирижабли\n")
    for number in range(30):
        version(world, learnt, days=number)
        ExampleTable.objects.create(name=f"{number}.csv", at=world.now, by="Мария Климова")
    model, table = TopicModel.objects.order_by("pk")[0], ExampleTable.objects.order_by("pk")[0]
    client = at("dispatcher")
    for address, most in (
        (MODELS, 15), (f"{MODELS}{model.pk}", 9), (f"{MODELS}{model.pk}/state", 6), (EXAMPLES, 9),
        (f"{EXAMPLES}tables/", 8), (f"{EXAMPLES}tables/{table.pk}", 6),
    ):  # fmt: skip
        client.get(address)
        with django_assert_max_num_queries(most):
            assert client.get(address).status_code == 200
    assert "1–25 из 30" in read(client, MODELS)
    assert "1–50 из 64" in read(client, EXAMPLES)
