"""«Это официальная страница?»: the answer to links and names, and what a resident may tell of a fake."""

import pytest
import time_machine
from django.test import Client, override_settings

from otklik.portal import limits
from otklik.portal.checking import answer
from otklik.registry.enums import LookalikeState
from otklik.registry.models import LookalikePage
from tests import cast
from tests.portal.test_looking import said
from tests.portal.world import Catalogue


@pytest.mark.parametrize(
    "link",
    [
        "https://vk.com/minobr_so", "vk.com/minobr_so", "VK.com/Minobr_SO", "https://m.vk.com/minobr_so?from=feed",
        "vk.ru/club501", "https://vk.com/public501", "https://vk.com/wall-501_7", "  https://vk.com/minobr_so/ ",
    ],
)  # fmt: skip
def test_an_official_page_is_known_by_any_form_of_its_link(world: Catalogue, link: str) -> None:
    found = answer(link)
    assert (found.kind, found.page) == ("official", world.official)


def test_each_network_is_known(world: Catalogue) -> None:
    assert answer("t.me/minobr_so").page == world.telegram
    assert answer("https://t.me/s/minobr_so").page == world.telegram
    assert answer("ok.ru/minobr_so").kind == "unknown"
    assert answer("max.ru/minobr_so").kind == "unknown"


def test_a_person_and_a_community_of_one_number_are_two_pages(world: Catalogue) -> None:
    assert answer("vk.com/id77").page == world.minister
    assert answer("vk.com/club77").kind == "unknown"
    assert answer("vk.com/id501").kind == "unknown"


def test_the_answer_says_whose_page_it_is_and_since_when(client: Client, world: Catalogue) -> None:
    text = said(client, "/official?q=vk.com/minobr_so")
    assert "Да, это официальная страница" in text
    assert "Министерство образования Сибирской области" in text
    assert "с 12 марта 2025" in text
    personal = said(client, "/official?q=vk.com/id77")
    assert "Личная страница: Ирина Соколова, министр" in " ".join(personal.split())


def test_a_known_fake_is_named_and_the_real_page_shown(client: Client, world: Catalogue) -> None:
    for link in ("vk.com/minobr_s0", "https://vk.com/club666"):
        text = said(client, f"/official?q={link}")
        assert "Нет. Эта страница выдаёт себя за официальную" in text
        assert "Настоящая страница" in text
        assert "https://vk.com/minobr_so" in text


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (LookalikeState.NEW, "Этой страницы нет в реестре официальных"),
        (LookalikeState.HARMLESS, "Нет, это не официальная страница"),
        (LookalikeState.REPORTED, "Эта страница выдаёт себя за официальную"),
        (LookalikeState.GONE, "Сейчас такой страницы в сети уже нет"),
    ],
)
def test_a_suspicion_is_told_only_when_a_person_has_decided(
    client: Client, world: Catalogue, state: str, words: str
) -> None:
    LookalikePage.objects.update(state=state)
    text = said(client, "/official?q=vk.com/minobr_s0")
    assert words in text
    assert ("Эта страница выдаёт себя" in text) == (state in {LookalikeState.REPORTED, LookalikeState.GONE})


def test_a_page_that_was_closed_is_not_official_any_more(client: Client, world: Catalogue) -> None:
    world.official.is_active, world.official.closed_on = False, cast.NOW.date()
    world.official.save()
    assert "Была официальной, но больше не ведётся" in said(client, "/official?q=vk.com/minobr_so")


def test_an_unknown_page_is_not_official_and_similar_ones_are_shown(client: Client, world: Catalogue) -> None:
    text = said(client, "/official?q=https://vk.com/biblioteka_severskiy_news")
    assert "Этой страницы нет в реестре официальных" in text
    assert "Похоже на подделку? Сообщите нам" in text


def test_names_give_pages_to_compare_with(client: Client, world: Catalogue) -> None:
    text = said(client, "/official?q=школа 14 Лунинск")
    assert "Официальные страницы с похожим названием" in text
    assert "Школа № 14, Лунинск" in text
    assert "В реестре нет такого названия" in said(client, "/official?q=абракадабра")
    assert "Это не страница в соцсети" in said(client, "/official?q=https://minobr.example/news")


def test_the_network_may_stand_at_another_address(world: Catalogue) -> None:
    with override_settings(VK_SITE_URL="http://127.0.0.1:9100"):
        assert answer("http://127.0.0.1:9100/minobr_so").page == world.official


def test_a_resident_tells_of_a_fake_without_a_name(client: Client, world: Catalogue) -> None:
    response = client.post("/official/report", {"url": "vk.com/minobr_sibiri", "note": "просят номер карты"})
    assert response.status_code == 302
    found = LookalikePage.objects.get(screen_name="minobr_sibiri")
    assert (found.state, found.evidence) == (LookalikeState.NEW, ["просят номер карты"])
    text = said(client, response.headers["Location"])
    assert "Спасибо. Страницу посмотрит сотрудник центра" in text
    assert "Этой страницы нет в реестре официальных" in text


def test_a_report_of_an_official_page_hears_that_it_is_official(client: Client, world: Catalogue) -> None:
    response = client.post("/official/report", {"url": "vk.com/minobr_so", "note": ""})
    assert "sent" not in response.headers["Location"]
    assert "Да, это официальная страница" in said(client, response.headers["Location"])


def test_a_report_without_a_link_keeps_the_words_and_says_what_is_wrong(
    client: Client, world: Catalogue
) -> None:
    response = client.post("/official/report", {"url": "какая-то страница", "note": "пишут гадости"})
    assert response.status_code == 422
    text = response.content.decode()
    assert "Это не ссылка на страницу" in text
    assert "пишут гадости" in text
    assert LookalikePage.objects.count() == 1


def test_reports_are_few_and_need_the_token_of_the_form(client: Client, world: Catalogue) -> None:
    with time_machine.travel(cast.NOW, tick=False):
        codes = [
            client.post("/official/report", {"url": f"vk.com/minobr_{n}"}).status_code
            for n in range(limits.REPORTS.most + 1)
        ]
    assert codes == [302] * limits.REPORTS.most + [429]
    assert Client(enforce_csrf_checks=True).post("/official/report", {"url": "vk.com/x1"}).status_code == 403
    assert client.get("/official/report").status_code == 405
