"""Catalogues of messages: what the sources say, what is translated, what is missing. No GNU gettext is needed.

Russian is the language of the sources. Its own catalogue holds only messages with a number, for their three forms;
every other language holds them all.
"""

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

SOURCE_LANGUAGE = "ru"
_KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), (1,)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), (2,)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), (2, 3)),
}
_STRING = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_CALL = re.compile(rf"\b(_|n?p?gettext)\(\s*({_STRING}(?:\s*,\s*{_STRING})*)")
_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
# Dates and tools in a header change with every run and tell a reader nothing.
_NOISE = (
    "Project-Id-Version|Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team"
)
_HEADER = re.compile(rf'^"(?:{_NOISE}|Generated-By).*\n'.encode(), re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Said:
    """One message of the sources."""

    text: str
    plural: str = ""
    context: str | None = None
    place: str = ""


def said_in(root: Path, package: str) -> list[Said]:
    """Every message of the package: calls of gettext, templates, and the docstrings of facts."""
    found: list[Said] = []
    for path in sorted((root / package).rglob("*")):
        place = path.relative_to(root).as_posix()
        if path.suffix == ".py" and "migrations" not in path.parts:
            source = path.read_bytes()
            found += [*_calls(source, place), *_facts(source.decode(), place)]
        elif path.suffix == ".html" and "templates" in path.parts:
            found += _template(path.read_text(encoding="utf-8"), place)
    return found


def _calls(source: bytes, place: str) -> Iterator[Said]:
    calls = extract_python(BytesIO(source), dict.fromkeys(_KEYWORDS), [], {"encoding": "utf-8"})
    for _line, name, texts, _comments in calls:
        given: Any = texts  # a text, several, or nothing when no argument is a literal
        found = [given] if isinstance(given, str) else [text for text in given or () if isinstance(text, str)]
        yield from _message(str(name), found, place)


def _template(source: str, place: str) -> Iterator[Said]:
    for call in _CALL.finditer(templatize(source)):
        yield from _message(call[1], list(ast.literal_eval(f"({call[2]},)")), place)


def _message(name: str, texts: list[str], place: str) -> Iterator[Said]:
    places = _KEYWORDS[name]
    if len(texts) < max(places):
        return
    context = texts[0] if "pgettext" in name else None
    text, plural = texts[places[0] - 1], texts[places[1] - 1] if len(places) > 1 else ""
    if text:
        yield Said(text, plural, context, place)


def _facts(source: str, place: str) -> Iterator[Said]:
    """An exception is a fact and its docstring its message: those in Russian are shown to people."""
    known = {"Exception"}
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.ClassDef):
            continue
        bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
        if not any(base in known or base.endswith(("Exception", "Error")) for base in bases):
            continue
        known.add(node.name)
        text = ast.get_docstring(node, clean=False)
        if text and _CYRILLIC.search(text):
            yield Said(inspect.cleandoc(text), place=place)


def template_of(said: list[Said], language: str) -> Catalog:
    """The messages that a catalogue of the language must have."""
    catalog = Catalog(locale=language, fuzzy=False)
    for each in said:
        if language == SOURCE_LANGUAGE and not each.plural:
            continue
        catalog.add((each.text, each.plural) if each.plural else each.text, context=each.context)
    return catalog


def path_of(root: Path, language: str) -> Path:
    """Where the catalogue of a language lies."""
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def read(root: Path, language: str) -> Catalog:
    """The catalogue as it is; an empty one when there is none."""
    path = path_of(root, language)
    if not path.exists():
        return Catalog(locale=language, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def extract(root: Path, said: list[Said], language: str) -> int:
    """Bring the catalogue up to the sources: new messages come untranslated, old ones go. Returns how many lack."""
    catalog = read(root, language)
    catalog.update(template_of(said, language), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    path = path_of(root, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    out = BytesIO()
    catalog.header_comment = f"# Otklik: {language}."
    write_po(out, catalog, width=110, no_location=True, sort_output=True, ignore_obsolete=True)
    path.write_bytes(_HEADER.sub(b"", out.getvalue()))
    return sum(1 for message in catalog if message.id and not _is_whole(message))


def compile_(root: Path, language: str) -> Path:
    """Make the file that the program reads; returns its path."""
    path = path_of(root, language).with_suffix(".mo")
    with path.open("wb") as file:
        write_mo(file, read(root, language))
    return path


def problems(root: Path, said: list[Said], language: str) -> list[str]:
    """What is wrong with a catalogue: missing, doubtful, no longer said, or with other placeholders."""
    catalog, wanted = read(root, language), template_of(said, language)
    found = []
    for message in wanted:
        if not message.id:
            continue
        kept = catalog.get(_key(message), context=message.context)
        if kept is None or not _is_whole(kept):
            found.append(f"missing: {_key(message)}")
        elif kept.fuzzy:
            found.append(f"fuzzy: {_key(message)}")
        elif _placeholders(kept.id) != _placeholders(kept.string):
            found.append(f"other placeholders: {_key(message)}")
    found += [
        f"no longer said: {_key(message)}"
        for message in catalog
        if message.id and wanted.get(_key(message), context=message.context) is None
    ]
    return found + [f"obsolete: {key}" for key in catalog.obsolete]


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else str(message.id[0])


def _is_whole(message: Message) -> bool:
    texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(texts)


def _placeholders(texts: str | tuple[str, ...] | list[str] | None) -> set[str]:
    return set(_PLACEHOLDER.findall(texts if isinstance(texts, str) else " ".join(texts or ())))
