"""The sections in the top bar: each is shown to whom it concerns, and the one a person is in says so."""

from collections.abc import Callable

import pytest
from django.template import Context, Template
from django.test import Client

from otklik.desk.sections import links
from otklik.people.rules import Right
from otklik.registry.rules import Reach
from tests.desk.world import World

At = Callable[..., Client]


@pytest.mark.parametrize(
    ("username", "wanted"),
    [
        (
            "dispatcher",
            [
                "Очередь",
                "Сроки",
                "Массовые",
                "Модерация",
                "Решения",
                "Разбор",
                "Реестр",
                "Подключение",
                "Паспорта",
                "Охват",
                "Ответы",
            ],
        ),
        (
            "methodist",
            [
                "Очередь",
                "Сроки",
                "Массовые",
                "Решения",
                "Реестр",
                "Подключение",
                "Паспорта",
                "Охват",
                "Похожие",
                "Импорт",
                "Ответы",
            ],
        ),
        (
            "curator",
            [
                "Очередь",
                "Сроки",
                "Массовые",
                "Модерация",
                "Решения",
                "Реестр",
                "Подключение",
                "Паспорта",
                "Охват",
                "Ответы",
                "Обмен",
                "Согласование",
                "Мои страницы",
            ],
        ),
        ("school", ["Очередь", "Модерация", "Реестр", "Ответы", "Мои страницы"]),
    ],
)
def test_a_section_is_shown_to_whom_it_concerns(
    world: World, at: At, username: str, wanted: list[str]
) -> None:
    html = at(username).get("/desk/").content.decode()
    bar = html.split('<nav class="sections"')[1].split("</nav>")[0]
    assert [part.split("</a>")[0].split(">")[-1] for part in bar.split("<a ")[1:]] == wanted
    assert 'aria-current="page">Очередь' in bar


def test_the_section_one_is_in_says_so() -> None:
    reach = Reach(center=frozenset(Right))
    current = {
        "incident": "Очередь",
        "register_organization_edit": "Реестр",
        "register_page_badge": "Реестр",
        "register_case": "Подключение",
        "register_passport": "Паспорта",
        "register_import": "Импорт",
        "triage_topic_edit": "Разбор",
        "moderation_message": "Модерация",
        "systemic_decision": "Решения",
        "fake_report": "Решения",
        "view_save": "",
    }
    for name, label in current.items():
        assert "".join(each.label for each in links(reach, name) if each.current) == label, name
    assert [each.label for each in links(reach, "x", "coverage") if each.current] == ["Охват"]
    assert links(Reach(), "queue") == []


@pytest.mark.parametrize(
    ("part", "whole", "width"), [(1, 4, "25.0"), (5, 4, "100.0"), (0, 0, "0.0"), (None, 3, "0.0")]
)
def test_a_thin_bar_never_leaves_its_track(part: int | None, whole: int, width: str) -> None:
    made = Template("{% load desk_parts %}{% bar_line part whole 'ok' %}").render(
        Context({"part": part, "whole": whole})
    )
    assert f'class="part" width="{width}"' in made
    assert 'class="bar-line ok"' in made
