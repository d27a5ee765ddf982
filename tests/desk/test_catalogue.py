"""Every word of the interface is translated, and the command that says so can be believed."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from otklik.common import catalogue
from otklik.common.catalogue import Said

VIEW = '''
from django.utils.translation import gettext as _, ngettext

class TooMuch(Exception):
    """Слишком
    много."""

class Internal(Exception):
    """Not for people."""

class Deeper(TooMuch):
    """Глубже."""

a = _("Привет, %(name)s")
b = ngettext("%(n)s дом", "%(n)s домов", 3)
'''
PAGE = """{% load i18n %}{% translate "Верно" %}{% translate "любая" context "filter" %}
{% blocktranslate count n=homes with x=y %}{{ n }} двор{% plural %}{{ n }} дворов{% endblocktranslate %}
<a title="{% translate 'Закрыть' %}">Не для перевода</a>"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "otklik" / "templates"
    folder.mkdir(parents=True)
    (tmp_path / "otklik" / "views.py").write_text(VIEW, encoding="utf-8")
    (folder / "page.html").write_text(PAGE, encoding="utf-8")
    return tmp_path


def said(root: Path) -> list[Said]:
    return catalogue.said_in(root, "otklik")


def edit(root: Path, language: str, old: str, new: str) -> None:
    path = catalogue.path_of(root, language)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_catalogues_of_the_product_are_whole() -> None:
    call_command("catalogue", "check")


def test_everything_that_is_said_is_found(root: Path) -> None:
    assert {(each.text, each.plural, each.context) for each in said(root)} == {
        ("Слишком\nмного.", "", None),
        ("Глубже.", "", None),
        ("Привет, %(name)s", "", None),
        ("%(n)s дом", "%(n)s домов", None),
        ("Верно", "", None),
        ("любая", "", "filter"),
        ("%(n)s двор", "%(n)s дворов", None),
        ("Закрыть", "", None),
    }


def test_a_new_catalogue_lacks_everything_and_says_what(root: Path) -> None:
    assert catalogue.extract(root, said(root), "en") == 8
    assert "missing: Верно" in catalogue.problems(root, said(root), "en")
    # Russian is what the sources say: only its plural forms have to be given.
    assert catalogue.extract(root, said(root), "ru") == 2


def test_a_translation_survives_the_next_extraction(root: Path) -> None:
    catalogue.extract(root, said(root), "en")
    edit(root, "en", 'msgid "Верно"\nmsgstr ""', 'msgid "Верно"\nmsgstr "Correct"')
    before = catalogue.path_of(root, "en").read_bytes()
    assert catalogue.extract(root, said(root), "en") == 7
    assert catalogue.path_of(root, "en").read_bytes() == before


def test_a_wrong_placeholder_a_fuzzy_and_an_orphan_are_problems(root: Path) -> None:
    catalogue.extract(root, said(root), "en")
    edit(
        root,
        "en",
        'msgid "Привет, %(name)s"\nmsgstr ""',
        'msgid "Привет, %(name)s"\nmsgstr "Hello, %(nome)s"',
    )
    edit(root, "en", 'msgid "Верно"\nmsgstr ""', '#, fuzzy\nmsgid "Верно"\nmsgstr "Correct"')
    edit(root, "en", 'msgid "Закрыть"', 'msgid "Открыть"\nmsgstr "Open"\n\nmsgid "Закрыть"')
    found = catalogue.problems(root, said(root), "en")
    assert "other placeholders: Привет, %(name)s" in found
    assert "fuzzy: Верно" in found
    assert "no longer said: Открыть" in found


def test_plural_forms_are_counted_by_language(root: Path) -> None:
    catalogue.extract(root, said(root), "ru")
    edit(
        root,
        "ru",
        'msgid_plural "%(n)s домов"\nmsgstr[0] ""\nmsgstr[1] ""',
        'msgid_plural "%(n)s домов"\nmsgstr[0] "%(n)s дом"\nmsgstr[1] "%(n)s дома"',
    )
    assert "missing: %(n)s дом" in catalogue.problems(root, said(root), "ru")


def test_compiled_is_what_the_program_reads(root: Path) -> None:
    import gettext

    catalogue.extract(root, said(root), "en")
    edit(root, "en", 'msgid "Верно"\nmsgstr ""', 'msgid "Верно"\nmsgstr "Correct"')
    with catalogue.compile_(root, "en").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Верно") == "Correct"


def test_the_command_fails_with_the_list_of_problems(root: Path, settings: object) -> None:
    settings.BASE_DIR = root  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="missing: Верно"):
        call_command("catalogue", "check")
