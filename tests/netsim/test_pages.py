"""The pages for people: a resident writes and is answered, an administrator runs a page, hostile words stay words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netsim.images import drawn
from netsim.pages import words
from netsim.server import Running
from tests.netsim.conftest import NUMBERS, Place, settle
from tests.netsim.visitor import PICTURE, Visitor


@pytest.fixture
def anna(simulator: Running) -> Iterator[Visitor]:
    """A resident who has come in."""
    made = Visitor(simulator.url).become(f"Анна Проверкина {next(NUMBERS)}")
    yield made
    made.close()


@pytest.fixture
def boss(simulator: Running) -> Iterator[Visitor]:
    """Somebody in the administrator's role."""
    made = Visitor(simulator.url).become("Борис Распорядов").rule()
    yield made
    made.close()


def said(place: Place, **query: Any) -> list[dict[str, Any]]:
    """Comments of the page that stand, as the world knows them."""
    items: list[dict[str, Any]] = place.look("comments", group_id=place.gid, **query)["items"]
    return items


def at(place: Place, post: int) -> str:
    """How a form names a post."""
    return f"wall-{place.gid}_{post}"


def last_id(visitor: Visitor) -> int:
    """The comment the visitor was led to."""
    found = re.search(r"[?&]reply=(\d+)", visitor.at)
    assert found, (visitor.status, visitor.at, visitor.words)
    return int(found[1])


# -- coming in ----------------------------------------------------------------------------------------------
def test_the_first_page_says_it_is_an_imitation_and_finds_communities(place: Place) -> None:
    guest = Visitor(place.url)
    guest.open("/")
    assert "Имитация сети — страницы и люди вымышлены" in guest.words
    assert "Кто вы?" in guest.words
    guest.open(f"/?q={place.group['name'].replace(' ', '+').lower()}")
    assert place.group["name"] in guest.words
    guest.open("/?q=нетакойстраницы")
    assert "Ничего не нашлось" in guest.words
    guest.open("/?page=999999")
    assert guest.status == 200
    guest.close()


def test_long_lists_come_in_pages(place: Place) -> None:
    for number in range(32):
        place.sim("communities", {"name": f"Библиотека листания {number}", "members_count": number})
    guest = Visitor(place.url)
    guest.open("/?q=листания")
    assert "1 из 2" in guest.words
    assert "Библиотека листания 31" in guest.words
    assert "Библиотека листания 1 " not in guest.words
    guest.open("/?q=листания&page=2")
    assert "Библиотека листания 1 " in guest.words
    guest.close()


def test_a_name_is_cleaned_and_met_again(simulator: Running) -> None:
    first, second = Visitor(simulator.url).become("  Зоя\u202e \x00Кузьмичёва "), Visitor(simulator.url)
    assert "Зоя Кузьмичёва" in first.words
    assert second.become("Зоя Кузьмичёва").id == first.id
    first.do("become", name="\u202e \u200b")
    assert first.status == 422
    first.do("become", name="Я" * 100)
    assert first.status == 422
    first.close()
    second.close()


@pytest.mark.parametrize(
    "back", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_nothing_leads_to_other_sites(anna: Visitor, back: str) -> None:
    anna.do("become", name="Анна Проверкина", back=back)
    assert anna.at == "/"


def test_a_community_is_found_by_every_address(place: Place) -> None:
    guest = Visitor(place.url)
    for path in (f"/club{place.gid}", f"/public{place.gid}", f"/{place.group['screen_name']}"):
        guest.open(path)
        assert "Госорганизация" in guest.words
        assert "15 234 подписчика" in guest.words
    for path in (
        "/club1",
        "/no_such_page",
        f"/wall-{place.gid}_999",
        "/wall-1_1",
        "/photo-1_1",
        f"/id{place.admin}",
    ):
        guest.open(path)
        assert guest.status == 404, path
    guest.close()


# -- comments -----------------------------------------------------------------------------------------------
def test_a_resident_comments_with_photos(place: Place, anna: Visitor) -> None:
    post = place.post()
    anna.open(f"/{at(place, post)}")
    anna.do(
        "say",
        [PICTURE, ("двор.png", drawn("двор", 50, 50), "image/png")],
        object=at(place, post),
        text="Яма!\r\nГлубокая",
    )
    (only,) = said(place)
    assert (only["from_id"], only["text"], len(only["attachments"])) == (anna.id, "Яма!\nГлубокая", 2)
    assert anna.at == f"/{at(place, post)}?reply={only['id']}#said-{only['id']}"
    assert "said--pointed" in anna.page
    assert anna.page.count('alt="Фото ') == 2
    shown = re.findall(r'<img src="(/img/[0-9a-f]+\.png)"', anna.page)
    assert anna.http.get(shown[0]).content == PICTURE[1]


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ([("вирус.svg", b"<svg onload=alert(1)>", "image/png")], "Файл «вирус.svg» не подошёл"),
        ([PICTURE, ("<b>.png", b"\x89PNG not really", "image/png")], "Файл «<b>.png» не подошёл"),
        ([("пусто.png", b"", "image/png")], "не подошёл"),
        ([("большое.png", drawn("б", 20, 20) + b"\0" * (10 << 20), "image/png")], "больше 10 МБ"),
        ([PICTURE] * 6, "Фотографий больше 5"),
    ],
)
def test_wrong_pictures_are_refused_and_the_text_stays(
    place: Place, anna: Visitor, files: list[Any], told: str
) -> None:
    post = place.post()
    anna.do("say", files, object=at(place, post), text="Мой долгий рассказ")
    assert anna.status == 422
    assert told in anna.words
    assert "Мой долгий рассказ</textarea>" in anna.page
    assert said(place) == []


def test_a_form_sent_twice_is_one_comment(place: Place, anna: Visitor) -> None:
    post = place.post()
    for text in ("Вопрос", "Вопрос", "Другой вопрос"):
        anna.do("say", object=at(place, post), text=text, nonce="abc")
    assert [one["text"] for one in said(place)] == ["Вопрос", "Другой вопрос"]


def test_edit_delete_restore(place: Place, anna: Visitor, simulator: Running) -> None:
    post = place.post()
    before = simulator.call(lambda world: dict(world.emitted))
    anna.do("say", object=at(place, post), text="Первое")
    one = {"object": at(place, post), "comment": last_id(anna)}
    anna.do("edit", text="Второе", **one)
    assert "изменён" in anna.words
    anna.do("edit", text="  ", **one)
    assert anna.status == 422
    anna.do("delete", **one)
    assert "Вы удалили этот комментарий" in anna.words
    assert "Второе" not in anna.words
    assert said(place) == []
    anna.do("restore", **one)
    assert [c["text"] for c in said(place)] == ["Второе"]
    after = simulator.call(lambda world: dict(world.emitted))
    for kind in ("new", "edit", "delete", "restore"):
        assert after[f"wall_reply_{kind}"] == before.get(f"wall_reply_{kind}", 0) + 1


def test_only_own_words_can_be_changed(place: Place, anna: Visitor, boss: Visitor) -> None:
    post = place.post()
    number = place.act("comment", object=f"wall{place.owner}_{post}", text="Чужое", post_id=post)["id"]
    one = {"object": at(place, post), "comment": number}
    for deed in ("edit", "delete", "restore"):
        anna.do(deed, text="x", **one)
        assert anna.status == 403, deed
    anna.do("say", object=at(place, post), text="Моё")
    mine = {"object": at(place, post), "comment": last_id(anna)}
    boss.do("delete", **mine)
    anna.do("restore", **mine)
    assert anna.status == 403
    anna.open("/feed")
    assert "Страница удалила ваш комментарий" in anna.words
    assert [c["text"] for c in said(place)] == ["Чужое"]


def test_the_page_answers_and_the_resident_finds_it(place: Place, anna: Visitor) -> None:
    post = place.post()
    anna.do("say", object=at(place, post), text="Когда дадут воду?")
    mine = last_id(anna)
    answer = {"owner_id": place.owner, "post_id": post, "reply_to_comment": mine}
    number = place.api("wall.createComment", message=f"[id{anna.id}|Анна], воду дадут в 18:00", **answer)[
        "comment_id"
    ]
    anna.open(f"/{at(place, post)}?reply={number}")
    assert "Официальный ответ" in anna.words
    assert "Анна , воду дадут в 18:00" in anna.words
    assert "1 новых" in anna.words
    anna.open("/feed")
    assert "Официальный ответ" in anna.words
    assert f'href="/{at(place, post)}?reply={number}#said-{number}"' in anna.page
    anna.open("/")
    assert "новых" not in anna.words
    anna.do("say", object=at(place, post), text="Спасибо!", reply_to=number)
    thanks = said(place)[-1]
    assert (thanks["parent"], thanks["reply_to_comment"]) == (mine, number)


def test_closed_comments_refuse_and_keep_the_text(place: Place, anna: Visitor, boss: Visitor) -> None:
    post = place.post()
    boss.do("close", object=at(place, post), open="no")
    anna.open(f"/{at(place, post)}")
    assert "Комментарии закрыты" in anna.words
    assert "<textarea" not in anna.page
    anna.do("say", object=at(place, post), text="Успел ли я?")
    assert anna.status == 403
    assert "Успел ли я?" in anna.words
    boss.do("close", object=at(place, post), open="yes")
    anna.do("say", object=at(place, post), text="Успел ли я?")
    assert [c["text"] for c in said(place)] == ["Успел ли я?"]
    boss.do("close", object=at(place, post), open="no")
    anna.do("say", object=at(place, post), text="И ответ?", reply_to=said(place)[0]["id"])
    assert "И ответ?" in anna.words


def test_replies_to_what_is_gone_and_the_banned_are_refused(
    place: Place, anna: Visitor, simulator: Running
) -> None:
    post = place.post()
    anna.do("say", object=at(place, post), text="Раз")
    gone = last_id(anna)
    anna.do("delete", object=at(place, post), comment=gone)
    anna.do("say", object=at(place, post), text="Два", reply_to=gone)
    assert anna.status == 422
    assert "уже удалён" in anna.words
    assert "Два</textarea>" in anna.page
    simulator.call(lambda world: world.ban(place.gid, anna.id, place.admin))
    anna.do("say", object=at(place, post), text="Три")
    assert "чёрный список" in anna.words
    anna.do("letter", group=place.gid, text="Четыре")
    assert anna.status == 403
    assert said(place) == []


def test_photos_videos_and_discussions_take_the_same_comments(
    place: Place, anna: Visitor, simulator: Running
) -> None:
    def shelves(world: Any) -> list[str]:
        picture = world.create_photo(place.owner, drawn("двор"), album_id=1)
        clip = world.create_video(place.owner, title="Эфир главы", live_status="started")
        discussion = world.create_topic(place.owner, title="Вопросы к встрече", created_by=place.admin)
        return [
            f"{kind}-{place.gid}_{thing.id}"
            for kind, thing in (("photo", picture), ("video", clip), ("topic", discussion))
        ]

    for address in simulator.call(shelves):
        kind = address.partition("-")[0]
        anna.open(f"/club{place.gid}?tab={kind}")
        assert f'href="/{address}"' in anna.page
        anna.do("say", [PICTURE], object=address, text=f"Вопрос про {kind}")
        assert f"Вопрос про {kind}" in anna.words
        anna.do("say", object=address, text="И ещё", reply_to=last_id(anna))
        assert anna.at.startswith(f"/{address}?reply=")
    assert {c["on"] for c in said(place)} == {"photo", "video", "topic"}


def test_a_long_talk_opens_at_its_end_and_at_any_comment(place: Place, anna: Visitor) -> None:
    post = place.post()
    numbers = [
        place.act("comment", object=f"wall{place.owner}_{post}", post_id=post, text=f"Реплика {n:03}")["id"]
        for n in range(70)
    ]
    anna.open(f"/{at(place, post)}")
    assert "Реплика 069" in anna.words
    assert "Реплика 003" not in anna.words
    anna.open(f"/{at(place, post)}?reply={numbers[3]}")
    assert "Реплика 003" in anna.words
    assert "Показать следующие комментарии" in anna.words
    anna.open(f"/{at(place, post)}?reply=123456789")
    assert "Комментария, на который ведёт ссылка, здесь нет" in anna.words


# -- the page's administrator -------------------------------------------------------------------------------
def test_an_administrator_publishes_answers_and_removes(place: Place, anna: Visitor, boss: Visitor) -> None:
    boss.do("publish", [PICTURE], group=place.gid, text="Отключение воды 5 мая")
    number = int(boss.at.partition("_")[2])
    anna.do("say", object=at(place, number), text="А в Бердске?")
    question = last_id(anna)
    boss.do("say", object=at(place, number), text="В Бердске тоже", reply_to=question)
    answer = said(place)[-1]
    assert (answer["from_id"], answer["created_by"], answer["parent"]) == (place.owner, place.admin, question)
    boss.do("remove", object=at(place, number))
    anna.open(f"/{at(place, number)}")
    assert anna.status == 404


@pytest.mark.parametrize("deed", ["publish", "close", "remove"])
def test_a_resident_does_not_run_the_page(place: Place, anna: Visitor, deed: str) -> None:
    post = place.post()
    anna.do(deed, group=place.gid, object=at(place, post), text="Моя новость", open="no")
    assert anna.status == 403
    assert place.look("posts", group_id=place.gid)["count"] == 1


# -- private messages ---------------------------------------------------------------------------------------
def test_a_private_talk_with_a_page(place: Place, anna: Visitor, boss: Visitor, simulator: Running) -> None:
    here = {"group": place.gid, "peer": anna.id}
    anna.do("letter", [PICTURE], text="Мой СНИЛС потерян", **here)
    (sent,) = simulator.call(lambda world: world.history(place.gid, anna.id))
    assert (sent.text, len(sent.attachments)) == ("Мой СНИЛС потерян", 1)
    anna.do("letter-edit", text="Мой полис потерян", message=sent.id, **here)
    assert "изменено" in anna.words
    place.api("messages.send", peer_id=anna.id, message="Приходите в МФЦ", random_id=5)
    anna.open("/feed")
    assert "1 непрочитанных" in anna.words
    anna.open(f"/im?sel=-{place.gid}")
    assert "Приходите в МФЦ" in anna.words
    assert "непрочитанных" not in anna.words
    boss.do("letter", text="Ждём вас", **here)
    assert simulator.call(lambda world: world.history(place.gid, anna.id)[-1].out) == 1
    anna.do("letter-delete", message=sent.id, **here)
    assert "полис" not in anna.words
    anna.do("letter-delete", message=sent.id + 1, **here)
    assert anna.status == 404


def test_permission_to_write_is_given_and_taken(place: Place, anna: Visitor, boss: Visitor) -> None:
    letter = {"peer_id": anna.id, "message": "Здравствуйте", "random_id": 9}
    assert place.error("messages.send", **letter) == 901
    anna.do("letter-allow", group=place.gid, allow="yes")
    assert "Странице можно писать вам" in anna.words
    place.api("messages.send", **letter)
    anna.do("letter-allow", group=place.gid, allow="no")
    assert place.error("messages.send", **{**letter, "random_id": 10}) == 901
    boss.do("letter", group=place.gid, peer=anna.id, text="И всё же")
    assert boss.status == 403
    assert "И всё же" in boss.page or "запретил" in boss.words


def test_a_private_talk_is_seen_by_its_two_sides_only(place: Place, anna: Visitor) -> None:
    anna.do("letter", group=place.gid, text="Секретное слово")
    other = Visitor(place.url).become("Посторонний Прохожий")
    other.open(f"/im?sel=-{place.gid}&peer={anna.id}")
    assert "Секретное слово" not in other.page
    other.close()


# -- news ---------------------------------------------------------------------------------------------------
def test_the_stream_tells_only_what_the_page_shows(place: Place, anna: Visitor) -> None:
    quiet, loud = place.post(), place.post()
    watch = f"thing:wall:{place.gid}:{loud}"
    with anna.http.stream("GET", "/live", params={"watch": watch}) as stream:
        lines = (line for line in stream.iter_lines() if line.startswith("event:"))
        assert next(lines) == "event: ready"
        place.act("comment", object=f"wall{place.owner}_{quiet}", post_id=quiet, text="Не здесь")
        place.act("comment", object=f"wall{place.owner}_{loud}", post_id=loud, text="Здесь")
        assert next(lines) == "event: changed"
    assert anna.http.get("/live", params={"watch": "everything"}).status_code == 404


# -- hostile words ------------------------------------------------------------------------------------------
ALLOWED = {"a": {"href", "rel", "class"}, "b": {"class"}, "br": set()}


class Judge(HTMLParser):
    """Fails on any tag or attribute that `rich` has no business to write."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED, tag
        for name, value in attrs:
            assert name in ALLOWED[tag], name
            if name == "href":
                assert (value or "").startswith(("http://", "https://", "/club")), value


HOSTILE = st.lists(
    st.one_of(
        st.text(),
        st.sampled_from(
            ["<script>", "[id1|", "|", "]", "[club5|Имя]", "[club5|<img onerror=x>]", "https://a.ru/\"onx='",
             "javascript:", "http://", "&#x3c;", "\n", "\x00", "'\"`", "[id1|[club2|x]]", "data:text/html,", "\u202e"]
        ),
    ),
    max_size=8,
).map("".join)  # fmt: skip


@given(HOSTILE)
def test_no_text_becomes_markup(text: str) -> None:
    judge = Judge()
    judge.feed(str(words.rich(text)))
    judge.close()


@given(HOSTILE)
def test_dividing_a_long_text_loses_nothing(text: str) -> None:
    first, rest = words.split_long(text * 40)
    assert first + rest == text * 40


def test_mentions_and_links_are_shown_as_people_read_them() -> None:
    assert words.rich("[id7|Пётр], см. https://ya.ru/a?b=1&c=2.") == (
        '<b class="mention">Пётр</b>, см. '
        '<a href="https://ya.ru/a?b=1&amp;c=2" rel="nofollow ugc noopener noreferrer">https://ya.ru/a?b=1&amp;c=2</a>.'
    )
    assert words.rich("[club9|Мэрия]\n") == '<a class="mention" href="/club9">Мэрия</a><br>'
    assert words.plain("[id7|Пётр],   здравствуйте\n!") == "Пётр, здравствуйте !"
    assert [words.plural(n, "ответ", "ответа", "ответов") for n in (1, 3, 11, 22, 1000)] == [
        "1\xa0ответ", "3\xa0ответа", "11\xa0ответов", "22\xa0ответа", "1\u202f000\xa0ответов",
    ]  # fmt: skip


def test_every_page_is_free_of_inline_code(simulator: Running) -> None:
    place = settle(simulator.url)
    post = place.post("<script>alert(1)</script>")
    evil = Visitor(simulator.url).become('"><img/src=x onerror=alert(1)>')
    evil.do(
        "say",
        [('"><script>.png', PICTURE[1], "image/png")],
        object=at(place, post),
        text="<svg onload=alert(1)>",
    )
    evil.do("letter", group=place.gid, text="<iframe src=javascript:alert(1)>")
    for role in ("resident", "admin"):
        evil.do("play", role=role)
        for path in (
            "/",
            "/who",
            "/feed",
            "/im",
            f"/im?sel=-{place.gid}&peer={evil.id}",
            f"/club{place.gid}",
            f"/{at(place, post)}",
        ):
            answer = evil.http.get(path)
            policy = answer.headers["content-security-policy"]
            assert "unsafe" not in policy
            assert "default-src 'none'" in policy
            assert not re.search(
                r"<(script|svg|iframe|style|img)(?![^>]*(?:src=\"/|class=\"avatar))", answer.text
            ), path
            assert not re.search(r"<[^>\"']*(?:\"[^\"]*\"[^>\"']*)*\s(?:on\w+|style)=", answer.text), path
    place.http.close()
    evil.close()
