"""The sections in the top bar and their tabs: each is shown to whom it concerns, and the one a person is in says so."""

from collections.abc import Callable

import pytest
from django.template import Context, Template
from django.test import Client

from otklik.desk.sections import REGISTER_SECTIONS, SECTIONS, Link, links
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
    assert _entries(html, "sections") == wanted
    assert _current(html, "sections") == ["Очередь"]
    assert _entries(html, "pop") == wanted


@pytest.mark.parametrize(
    ("username", "wanted"),
    [
        ("dispatcher", ["Организации", "Подключение", "Паспорта", "Охват"]),
        ("methodist", ["Организации", "Подключение", "Паспорта", "Охват", "Похожие", "Импорт"]),
        ("curator", ["Организации", "Подключение", "Паспорта", "Охват"]),
        ("school", []),
    ],
)
def test_a_tab_of_the_register_is_shown_to_whom_it_concerns(
    world: World, at: At, username: str, wanted: list[str]
) -> None:
    html = at(username).get("/desk/register/").content.decode()
    assert _entries(html, "tabs") == wanted
    assert _current(html, "tabs") == wanted[:1]
    assert _current(html, "sections") == ["Реестр"]


def test_every_page_of_the_register_says_its_tab_in_the_first_row(world: World, at: At) -> None:
    client = at("methodist")
    official = world.pages["school"].pk
    pages = {
        f"/desk/register/organizations/{world.school.pk}": "Организации",
        f"/desk/register/pages/{official}/history": "Организации",
        "/desk/register/onboarding": "Подключение",
        "/desk/register/passports/": "Паспорта",
        f"/desk/register/passports/{official}": "Паспорта",
        "/desk/register/coverage": "Охват",
        "/desk/register/coverage/press": "Охват",
        "/desk/register/coverage/gaps": "Охват",
        "/desk/register/compliance": "Охват",
        "/desk/register/lookalikes/": "Похожие",
        "/desk/register/imports/": "Импорт",
    }
    for address, label in pages.items():
        html = client.get(address).content.decode()
        assert _entries(html, "tabs") == [str(each.label) for each in REGISTER_SECTIONS], address
        assert _current(html, "tabs") == [label], address
        assert _current(html, "sections") == ["Реестр"], address


def test_pages_of_other_sections_have_no_tabs_of_the_register(world: World, at: At) -> None:
    tabs = {
        "/desk/mentions/": [],
        "/desk/approvals/": [],
        "/desk/register/mine": [],
        "/desk/mass/": ["Открытые", "Закрытые"],
        "/desk/systemic/": ["Системные решения", "Фейки"],
        "/desk/exchange/": ["Выгрузка", "История"],
        "/desk/answers/": ["Шаблоны", "Памятки", "Проверка", "Повторы", "Оценки авторов"],
        "/desk/moderation/way": ["Выполняются", "Выполнены", "Правила"],
    }
    for address, wanted in tabs.items():
        answer = at("curator").get(address)
        assert answer.status_code == 200, address
        html = answer.content.decode()
        assert _entries(html, "tabs") == wanted, address
        assert _current(html, "tabs") == wanted[:1], address
    # The first page has the name that all others begin with.
    assert _current(at("dispatcher").get("/desk/moderation/").content.decode(), "tabs") == ["Ждут решения"]


def _entries(html: str, kind: str) -> list[str]:
    """What the first nav of the kind leads to."""
    _before, _nav, after = html.partition(f'<nav class="{kind}"')
    inside = after.split("</nav>")[0]
    return [part.split("</a>")[0].split(">", 1)[1] for part in inside.split("<a ")[1:]]


def _current(html: str, kind: str) -> list[str]:
    """Which of them is said to be the one a person is in."""
    _before, _nav, after = html.partition(f'<nav class="{kind}"')
    marked = after.split("</nav>")[0].split(' aria-current="page">')[1:]
    return [part.split("</a>")[0] for part in marked]


def test_the_section_one_is_in_says_so() -> None:
    reach = Reach(center=frozenset(Right))
    current = {
        "incident": "Очередь",
        "register_organization_edit": "Реестр",
        "register_page_badge": "Реестр",
        "register_case": "Реестр",
        "register_passport": "Реестр",
        "register_import": "Реестр",
        "register_my_pages": "",
        "triage_topic_edit": "Разбор",
        "moderation_message": "Модерация",
        "systemic_decision": "Решения",
        "fake_report": "Решения",
        "view_save": "",
    }
    for name, label in current.items():
        assert "".join(_marked(links(reach, name))) == label, name
    assert _marked(links(reach, "x", "coverage")) == ["Реестр"]
    assert _marked(links(reach, "register_case", "answers")) == ["Ответы"]
    assert links(Reach(), "queue") == []


def test_the_tab_one_is_in_says_so() -> None:
    reach = Reach(center=frozenset(Right))
    current = {
        "register_organization_edit": "Организации",
        "register_page_badge": "Организации",
        "register_case": "Подключение",
        "register_passport": "Паспорта",
        "register_lookalike": "Похожие",
        "register_import": "Импорт",
        "register_my_pages": "",
    }
    for name, label in current.items():
        assert "".join(_marked(links(reach, name, among=REGISTER_SECTIONS))) == label, name
    assert _marked(links(reach, "x", "coverage", among=REGISTER_SECTIONS)) == ["Охват"]


def test_a_view_names_one_section_or_one_tab() -> None:
    codes = [each.code for section in SECTIONS for each in (section, *section.tabs)]
    assert len(codes) == len(set(codes))


def _marked(found: list[Link]) -> list[str]:
    return [each.label for each in found if each.current]


@pytest.mark.parametrize(
    ("part", "whole", "width"), [(1, 4, "25.0"), (5, 4, "100.0"), (0, 0, "0.0"), (None, 3, "0.0")]
)
def test_a_thin_bar_never_leaves_its_track(part: int | None, whole: int, width: str) -> None:
    made = Template("{% load desk_parts %}{% bar_line part whole 'ok' %}").render(
        Context({"part": part, "whole": whole})
    )
    assert f'class="part" width="{width}"' in made
    assert 'class="bar-line ok"' in made
