"""«Фейки» at the desk: from the note to the published rebuttal, who checks, who sees, the list and its table."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from otklik.casework.models import FakeReport
from otklik.casework.operations import fake_links, fakes
from otklik.casework.rules import fakes as rules
from otklik.registry.operations import local_date
from tests.desk.world import World

At = Callable[..., Client]
SECRET = "+7 913 912-34-56"
POST = "https://vk.com/wall-1_7"


def report(world: World, statement: str = "Воду отключат на неделю", **given: Any) -> FakeReport:
    said = fakes.Stated(statement=statement, first_seen=local_date(world.now), **given)
    return fakes.report_fake(said=said, by=world.people["dispatcher"], now=world.now)


def refute(world: World, made: FakeReport) -> FakeReport:
    by = world.people["second"]
    fakes.take_fake(report=made, by=by, now=world.now)
    finding = rules.Finding("refuted", "Отключат на два часа.", "Водоканал")
    return fakes.judge_fake(report=made, finding=finding, by=by, now=world.now)


def page(client: Client, name: str, *args: Any, **query: str) -> str:
    answer = client.get(reverse(f"desk:{name}", args=args), query)
    assert answer.status_code == 200, name
    return answer.content.decode()


def given(world: World, **changed: Any) -> dict[str, Any]:
    return {
        "kind": "fact", "statement": "Воду отключат на неделю", "links": POST,
        "first_seen": local_date(world.now).isoformat(), "spread": "три чата",
    } | changed  # fmt: skip


def test_from_a_note_to_a_published_rebuttal(world: World, at: At) -> None:
    writer, checker, one = at("dispatcher"), at("second"), world.incident(f"Воды не будет! {SECRET}")
    sent = given(world, links=f"{POST}\n№ {one.number}")
    assert writer.post(reverse("desk:fake_new"), sent).status_code == 302
    made = FakeReport.objects.get()
    own = page(writer, "fake_report", made.pk)
    assert "проверить должен другой человек" in own
    assert POST in own
    assert one.number in own
    assert "912-34-56" not in own
    refused = writer.post(reverse("desk:fake_take", args=[made.pk]), follow=True)
    assert "Проверяет другой человек" in refused.content.decode()
    assert "Взять на проверку" in page(checker, "fake_report", made.pk)
    assert checker.post(reverse("desk:fake_take", args=[made.pk])).status_code == 302
    judge = reverse("desk:fake_judge", args=[made.pk])
    bare = checker.post(judge, {"verdict": "refuted", "truth": "На два часа."})
    assert (bare.status_code, "Одного мнения центра мало" in bare.content.decode()) == (422, True)
    checker.post(judge, {"verdict": "refuted", "truth": "На два часа.", "source": "Водоканал"})
    listed = page(writer, "fakes")
    assert "опровержение ещё не опубликовано" in listed
    made.refresh_from_db()
    text = {"version": made.version, "text": "Воду отключат на два часа."}
    assert writer.post(reverse("desk:fake_rebut", args=[made.pk]), text).status_code == 302
    where = {"address": "https://vk.com/wall-1_9", "published_on": local_date(world.now).isoformat()}
    assert writer.post(reverse("desk:fake_publish", args=[made.pk]), where).status_code == 302
    twice = writer.post(reverse("desk:fake_publish", args=[made.pk]), where)
    assert (twice.status_code, "уже записана" in twice.content.decode()) == (422, True)
    told = page(writer, "fake_report", made.pk)
    for words in ("Водоканал", "https://vk.com/wall-1_9", "Опровержение опубликовано"):
        assert words in told
    publication = made.publications.get()
    gone = reverse("desk:fake_remove", args=[made.pk, "publication", publication.pk])
    assert writer.post(gone).status_code == 302
    assert not made.publications.exists()


def test_an_opinion_is_closed_at_once(world: World, at: At) -> None:
    client = at("dispatcher")
    assert "Критику и мнение не опровергают" in page(client, "fake_new")
    answer = client.post(
        reverse("desk:fake_new"), given(world, kind="opinion", statement="Ничего не делают"), follow=True
    )
    assert "закрыто без действий" in answer.content.decode()
    made = FakeReport.objects.get()
    told = page(at("second"), "fake_report", made.pk)
    assert "Взять на проверку" not in told
    assert reverse("desk:fake_judge", args=[made.pk]) not in told
    back = client.post(reverse("desk:fake_step", args=[made.pk, "reopen"]), {"reason": "Назван срок."})
    assert back.status_code == 302
    opinion = reverse("desk:fake_step", args=[made.pk, "opinion"])
    assert client.post(opinion, {"reason": ""}).status_code == 422
    assert client.post(opinion, {"reason": "Это оценка."}).status_code == 302
    assert client.post(reverse("desk:fake_step", args=[made.pk, "delete"])).status_code == 404
    assert "Это оценка." in page(client, "fake_report", made.pk)


def test_a_form_says_what_is_missing(world: World, at: At) -> None:
    client = at("dispatcher")
    for changed, words in (
        ({"statement": ""}, "Обязательное поле"),
        ({"links": "просто слова"}, "не ссылка и не номер"),
        ({"links": "26-11-99999"}, "Таких инцидентов нет"),
        ({"links": "javascript://vk.com/%0aalert(1)"}, "не ссылка и не номер"),
        ({"first_seen": "2099-01-01"}, "ещё не наступил"),
    ):
        answer = client.post(reverse("desk:fake_new"), given(world, **changed))
        assert (answer.status_code, words in answer.content.decode()) == (422, True), words
    assert not FakeReport.objects.exists()
    made = report(world)
    edit = reverse("desk:fake_edit", args=[made.pk])
    assert client.post(edit, given(world, version=1, statement="На месяц")).status_code == 302
    stale = client.post(edit, given(world, version=1, statement="На год"))
    assert (stale.status_code, "уже изменил другой человек" in stale.content.decode()) == (422, True)


def test_places_come_and_go(world: World, at: At) -> None:
    made, client = report(world), at("dispatcher")
    add = reverse("desk:fake_link", args=[made.pk])
    assert client.post(add, {"links": f"vk.com/wall-1_8 {POST},"}).status_code == 302
    assert set(made.links.values_list("url", flat=True)) == {"https://vk.com/wall-1_8", POST}
    again = client.post(add, {"links": POST})
    assert (again.status_code, "уже записаны" in again.content.decode()) == (422, True)
    link = made.links.get(url=POST)
    client.post(reverse("desk:fake_remove", args=[made.pk, "link", link.pk]))
    assert not made.links.filter(url=POST).exists()
    assert client.post(reverse("desk:fake_remove", args=[made.pk, "other", 1])).status_code == 404


def test_the_card_says_what_it_repeats(world: World, at: At) -> None:
    one, made = world.incident(), report(world)
    address = reverse("desk:fake_report", args=[made.pk])
    assert address not in page(at("dispatcher"), "incident", one.pk)
    by = world.people["dispatcher"]
    fake_links.add_fake_links(report=made, incidents=[one.pk], by=by, now=world.now)
    assert address in page(at("dispatcher"), "incident", one.pk)
    assert str(one.pk) in page(at("dispatcher"), "fake_new", incident=str(one.pk))


def test_who_sees_and_who_keeps(world: World, at: At) -> None:
    own, other = report(world, executor=world.city), report(world, "Мост закроют", executor=world.ministry)
    for username, sees in (("curator", {own}), ("stranger", {other}), ("viewer", {own, other})):
        client = at(username)
        assert reverse("desk:fake_new") not in page(client, "fakes")
        for each in (own, other):
            expected = 200 if each in sees else 404
            assert client.get(reverse("desk:fake_report", args=[each.pk])).status_code == expected
            for name in ("take", "judge", "rebut", "publish", "link", "edit"):
                answer = client.post(reverse(f"desk:fake_{name}", args=[each.pk]))
                assert answer.status_code == (403 if each in sees else 404), (username, name)
        assert client.get(reverse("desk:fake_new")).status_code == 403
    for username in ("school", "admin"):
        assert at(username).get(reverse("desk:fakes")).status_code == 403
    hidden = world.incident("Яма", page="ministry", body="ministry", action="open")
    by = world.people["dispatcher"]
    fake_links.add_fake_links(report=own, incidents=[hidden.pk], by=by, now=world.now)
    told = page(at("curator"), "fake_report", own.pk)
    assert "инцидент другого органа" in told
    assert hidden.number not in told


def test_filters_and_the_list_to_take_away(world: World, at: At) -> None:
    one = report(world, municipality=world.municipality)
    two = refute(world, report(world, f"Мост закроют, звоните {SECRET}"))
    client = at("dispatcher")
    for query, found in (
        ({"q": "воду"}, {one}),
        ({"q": f"Ф-{two.pk}"}, {two}),
        ({"state": "refuted"}, {two}),
        ({"municipality": str(world.municipality.pk)}, {one, two}),
        ({"state": "odd", "municipality": "x", "page": "99"}, {one, two}),
    ):
        listed = page(client, "fakes", **query)
        shown = {each for each in (one, two) if reverse("desk:fake_report", args=[each.pk]) in listed}
        assert shown == found, query
    assert "Таких записей нет" in page(client, "fakes", q="нетникогда")
    for number in (8, 9):
        fake_links.add_fake_links(
            report=two,
            addresses=[f"https://vk.com/wall-1_{number}"],
            by=world.people["second"],
            now=world.now,
        )
    fakes.write_rebuttal(report=two, text="=Не закроют.", by=world.people["second"], now=world.now)
    for number in (1, 2):
        fake_links.publish_rebuttal(
            report=two, address=f"https://vk.com/wall-9_{number}", published_on=local_date(world.now),
            by=world.people["second"], now=world.now,
        )  # fmt: skip
    address = reverse("desk:fake_file")
    book = load_workbook(io.BytesIO(b"".join(client.get(address).streaming_content)))  # type: ignore[arg-type]
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert (len(rows), rows[1][5], rows[1][16]) == (3, 2, "=Не закроют.")
    assert rows[1][17] == "https://vk.com/wall-9_1\nhttps://vk.com/wall-9_2"
    plain = client.get(address, {"format": "csv"}).content.decode("utf-8-sig")
    assert "'=Не закроют." in plain
    assert "912-34-56" not in plain
    assert at("school").get(address).status_code == 403


@pytest.mark.parametrize("name", ["fakes", "fake_file"])
def test_the_list_asks_the_database_as_often_for_many_as_for_few(
    world: World, at: At, name: str, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        report(world, f"Утверждение {number}", executor=world.city)
    client, address = at("dispatcher"), reverse(f"desk:{name}")
    client.get(address)
    with django_assert_max_num_queries(8):
        assert client.get(address).status_code == 200
