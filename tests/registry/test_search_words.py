"""The language of the search, without a database."""

import pytest

from otklik.registry.rules import searching as rules
from otklik.registry.search import scripts, terms, typos
from otklik.registry.search.documents import Subject, document
from otklik.registry.search.phrases import phrase_at, table
from otklik.registry.search.queries import question
from otklik.registry.search.stems import key, keys
from otklik.registry.search.words import STOP, fold, words


@pytest.mark.parametrize(
    "forms",
    [
        ("Бердск", "Бердска", "Бердску", "Бердске"),
        ("Тогучин", "Тогучина", "Тогучине", "Тогучином"),
        ("Обь", "Оби"),
        ("школа", "школы", "школу", "школой", "школ", "школах"),
        ("администрация", "администрации", "администрацией", "администраций"),
        ("поликлиника", "поликлинику", "поликлиникой"),
        ("Новосибирский", "Новосибирского", "новосибирском", "новосибирскую"),
        ("лицей", "лицея", "лицеем", "лицее"),
        ("музей", "музея", "музею", "музеем"),
        ("область", "области", "областью"),
        ("образование", "образования", "образованием"),
        ("мэрия", "мэрии", "мэрией"),
    ],
)
def test_forms_of_a_word_have_one_key(forms: tuple[str, ...]) -> None:
    assert len({key(fold(form)) for form in forms}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("Новосибирск", "Новосибирский"), ("мэр", "мэрия"), ("район", "районная"), ("Искитим", "Искитимский")],
)
def test_different_words_have_different_keys(one: str, other: str) -> None:
    assert key(fold(one)) != key(fold(other))


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("елец", "ельце"),
        ("орел", "орла"),
        ("тогучинский", "тогучин"),
        ("евсинский", "евсино"),
        ("мысков", "мыски"),
    ],
)
def test_a_related_form_is_among_the_keys(name: str, form: str) -> None:
    assert key(form) in keys(name)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("МБОУ «СОШ №14»", ["мбоу", "сош", "14"]),
        ("14-я школа", ["14", "школа"]),
        ("детсад14", ["детсад", "14"]),
        ("д/с № 007", ["детсад", "7"]),
        ("двенадцатая школа", ["12", "школа"]),
        ("школа сорок пятая", ["школа", "45"]),
        ("Йошкар-Ола", ["йошкар", "ола"]),
        ("Берёзка", ["березка"]),
    ],
)
def test_words_of_a_text(text: str, said: list[str]) -> None:
    assert [word for word in words(fold(text)) if word not in STOP] == said


def test_the_other_layout() -> None:
    assert scripts.in_russian_layout("vbyplhfd") == "минздрав"
    assert scripts.in_russian_layout(fold("<thlcr")) == "бердск"
    assert scripts.in_latin_layout("ьштявкфм") == "minzdrav"


@pytest.mark.parametrize(
    ("latin", "russian"),
    [
        ("shkola", "школа"),
        ("administratsiya", "администрация"),
        ("novosibirskiy", "новосибирский"),
        ("rayona", "района"),
        ("rajona", "района"),
        ("novaja", "новая"),
        ("licej", "лицей"),
        ("yoshkar", "йошкар"),
    ],
)
def test_russian_in_latin_letters(latin: str, russian: str) -> None:
    assert russian in scripts.to_russian(latin)


def test_russian_letters_come_to_latin_ones_and_lookalikes_back() -> None:
    assert scripts.to_latin("щегловск") == "scheglovsk"
    assert scripts.undisguised("cад") == "сад"
    assert scripts.undisguised("sad") == "sad"


def test_every_phrase_of_the_table_is_found_by_itself() -> None:
    for rows in table().values():
        for phrase in rows:
            found = phrase_at([frozenset({each}) for each in phrase.keys], 0)
            assert found is not None
            assert len(found.keys) == len(phrase.keys), phrase


def test_a_phrase_means_one_thing() -> None:
    meanings: dict[tuple[str, ...], set[str]] = {}
    for rows in table().values():
        for phrase in rows:
            meanings.setdefault(phrase.keys, set()).add(phrase.meant)
    assert {run: meant for run, meant in meanings.items() if len(meant) > 1} == {}


def test_the_short_name_and_the_long_one_come_to_one_key() -> None:
    short = document(Subject("Минздрав НСО")).core
    long = document(Subject("Министерство здравоохранения Новосибирской области")).core
    assert short == long
    assert document(Subject("МБДОУ «Детский сад № 14»")).core == document(Subject("садик 14")).core


def test_the_region_that_everything_stands_in_is_no_part_of_the_name() -> None:
    made = document(Subject("Администрация Бердска Новосибирской области", region="Новосибирской области"))
    assert made.core == ["администрац", "бердск"]
    assert key("нсо") in made.beside
    assert f"'{key('нсо')}':1B" in made.vector()
    assert "'бердск':1A" in made.vector()


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("поликлинник", "поликлиник"),
        ("паликлиник", "поликлиник"),
        ("бердкс", "бердск"),
        ("берск", "бердск"),
        ("децкий", "детский"),
        ("здравохранен", "здравоохранен"),
    ],
)
def test_a_slip_is_near(wrong: str, right: str) -> None:
    assert set(typos.near(wrong)) & set(typos.near(right))
    assert typos.distance(wrong, right) <= typos.allowed(wrong) or typos.sound(wrong) == typos.sound(right)


def test_another_word_is_far() -> None:
    assert typos.distance("томск", "курск") > typos.allowed("томск")
    assert typos.near("14") == []


def test_a_query_is_read_in_the_likeliest_way() -> None:
    known = {"минздрав": 80, key("нсо"): 3000, "школ": 500, "12": 40, "бердск": 90}
    for typed in ("минздрав нсо", "vbyplhfd ycj", "minzdrav nso"):
        said = terms.settle(question(typed), known, {})
        assert [max(each.options, key=lambda it: each.options[it]) for each in said] == [
            "минздрав",
            key("нсо"),
        ]
    mixed = terms.settle(question("школа 12 ,thlcr"), known, {})
    assert [set(each.options) for each in mixed] == [{"школ"}, {"12"}, {"бердск"}]


def test_the_mended_query_is_told_as_it_was_taken() -> None:
    known = {"школ": 500, "12": 40, "бердск": 90}
    said = terms.settle(question("irjkf 12 ,thlcr"), known, {})
    assert terms.mended_text(said, ["школ", "12", "бердск"], {}) == "школа 12 бердск"
    slips = {"берск": terms.slips_of("берск", ["бердск"], begun=False)}
    said = terms.settle(question("школа 12 берск"), known, slips)
    assert terms.mended_text(said, ["бердск"], {"бердск": "бердск"}) == "школа 12 бердск"
    assert terms.mended_text(terms.settle(question("школа 12"), known, {}), [], {}) == ""


def test_what_is_begun_is_offered_and_weighs_less_than_what_is_whole() -> None:
    found = terms.slips_of("тогуч", ["тогучин", "тогуч"], begun=True)
    assert found["тогучин"] < found["тогуч"]
    assert "тогучин" not in terms.slips_of("тогуч", ["тогучин"], begun=False)


def test_a_phrase_may_also_be_found_word_by_word() -> None:
    known = {"детсад": 10, "детский": 10, "сад": 10, "14": 3}
    wanted = terms.resolved(terms.settle(question("детский сад 14"), known, {}), known)
    assert rules.expression(wanted) == "(('детсад' | (('детский') & ('сад'))) & ('14'))"
    assert rules.expression(wanted, 1) == "(('детсад' | (('детский') & ('сад')))) | (('14'))"


def test_the_body_itself_stands_before_what_belongs_to_it() -> None:
    known = {"администрац": 900, "бердск": 90, key("управление"): 300, key("культура"): 300}
    asked = rules.weigh(
        terms.resolved(terms.settle(question("администрация бердска"), known, {}), known), known, 9000
    )
    body = document(Subject("Администрация города Бердска"))
    board = document(Subject("Управление культуры администрации города Бердска"))
    scores = [
        rules.score(asked, rules.Candidate(each.core, each.beside, each.far, 2))[0] for each in (body, board)
    ]
    assert scores[0] > scores[1]
