"""The documents are held to the code: links, commands, identifiers, licences, decisions."""

import argparse
import importlib
import re
import shlex
from collections.abc import Iterator
from importlib.metadata import metadata
from pathlib import Path
from typing import Any

import pytest

from launch.main import _parser
from tests.source import ROOT, lines_of, tracked

DOCUMENTS = [path for path in tracked() if path.suffix == ".md"]
ADRS = [path for path in DOCUMENTS if path.parts[:2] == ("docs", "adr")]
# Pictures are made by a command, so a fresh clone may be without them for a moment.
MADE_LATER = {"docs/img/desk.png"}


def _text(path: Path | str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("path", ADRS, ids=lambda path: path.stem)
def test_a_record_says_its_status_why_and_what(path: Path) -> None:
    text = _text(path)
    number = int(path.stem[:4])
    assert re.match(rf"# (ADR )?0*{number}[.:] ", text), "the title begins with the number"
    assert re.search(r"^Status: (accepted|superseded by \[|rejected)", text, flags=re.MULTILINE)
    assert re.search(r"^## Decision", text, flags=re.MULTILINE)
    assert re.search(r"^## (Why|Context)", text, flags=re.MULTILINE)


def test_records_are_numbered_once() -> None:
    numbers = [path.stem[:4] for path in ADRS]
    assert len(numbers) == len(set(numbers))


def _links(text: str) -> Iterator[str]:
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    yield from re.findall(r"!?\[[^\]]*\]\(([^)\s]+)\)", text)


@pytest.mark.parametrize("path", DOCUMENTS, ids=str)
def test_links_lead_somewhere(path: Path) -> None:
    broken = []
    for link in _links(_text(path)):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        name, _, anchor = link.partition("#")
        target = (ROOT / path.parent / name).resolve() if name else ROOT / path
        relative = target.relative_to(ROOT).as_posix()
        missing = not target.exists() and relative not in MADE_LATER
        if missing or (
            target.exists() and anchor and anchor not in _anchors(target.read_text(encoding="utf-8"))
        ):
            broken.append(link)
    assert broken == []


def _anchors(text: str) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


def _identifiers() -> list[str]:
    rows = [
        line for line in lines_of(Path("docs/glossary.md")) if line.startswith("| ") and line.endswith("` |")
    ]
    return [re.findall(r"`([^`]+)`", row)[-1] for row in rows]


@pytest.mark.parametrize("name", _identifiers())
def test_a_word_of_the_glossary_exists_in_the_code(name: str) -> None:
    parts = name.split(".")
    module: Any = importlib.import_module(f"otklik.{'.'.join(parts[:2])}")
    thing = module
    for part in parts[2:]:
        fields = {field.name for field in thing._meta.get_fields()} if hasattr(thing, "_meta") else set()
        if part in fields:
            return
        thing = getattr(thing, part)


def test_the_glossary_has_words_of_every_kind() -> None:
    words = _identifiers()
    assert len(words) > 50
    assert len(set(words)) == len(words)


def _targets() -> set[str]:
    found = re.findall(r"^([a-z][a-z-]*):(?!=)", _text("Makefile"), flags=re.MULTILINE)
    return set(found)


def test_every_target_of_make_is_told_by_its_help() -> None:
    told = set(re.findall(r"\bmake ([a-z-]+)", _text("Makefile")))
    assert _targets() - {"help", "install", "dev"} <= told
    assert re.search(r"\.PHONY: (.*)", _text("Makefile"))[1].split().sort() == sorted(_targets()).sort()  # type: ignore[index]


def _commands() -> Iterator[tuple[Path, str]]:
    """What documents tell people to type: code in blocks and in lines."""
    for path in DOCUMENTS:
        text = _text(path)
        blocks = "\n".join(re.findall(r"```\w*\n(.*?)```", text, flags=re.DOTALL))
        inline = "\n".join(re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL)))
        for line in f"{blocks}\n{inline}".splitlines():
            if found := re.match(r"\s*(?:\$ )?((?:[A-Z_]+=\S+ )*)((?:make|otklik)\b.*)", line):
                yield path, found[2].split("  #")[0].strip()


def test_every_make_in_the_documents_exists() -> None:
    unknown = {
        (str(path), command)
        for path, command in _commands()
        if command.startswith("make ") and not re.match(r"make [A-Z]", command)
        and command.split()[1] not in _targets()
    }  # fmt: skip
    assert unknown == set()


def _subcommands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    found: dict[str, argparse.ArgumentParser] = {}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            found |= action.choices
    return found


def test_every_otklik_in_the_documents_is_a_command() -> None:
    unknown, seen = [], set()
    for path, command in _commands():
        if not command.startswith("otklik "):
            continue
        parser = _parser()
        words = [word for word in shlex.split(command.replace("…", "")) if not word.isupper()][1:]
        for word in words:
            inner = _subcommands(parser)
            if word.startswith("-"):
                if word.split("=")[0] not in parser._option_string_actions:
                    unknown.append(f"{path}: {command}")
                break
            if not inner:
                break
            if word not in inner:
                unknown.append(f"{path}: {command}")
                break
            parser = inner[word]
            seen.add(word)
    assert unknown == []
    assert {"up", "doctor", "sim", "feed"} <= seen


def test_every_command_of_otklik_is_documented() -> None:
    told = _text("docs/running.md")
    for name, parser in _subcommands(_parser()).items():
        assert f"`otklik {name}" in told, name
        for inner in _subcommands(parser):
            assert f"`otklik {name} {inner}" in told, f"{name} {inner}"


def test_the_picture_of_the_readme_is_named_where_it_is_made() -> None:
    assert "docs/img/desk.png" in _text("README.md")
    assert "screenshots" in _targets()


def test_the_licence_is_the_same_everywhere() -> None:
    assert _text("LICENSE").startswith("                    GNU AFFERO GENERAL PUBLIC LICENSE")
    assert 'license = "AGPL-3.0-or-later"' in _text("pyproject.toml")
    for name in ("README.md", "docs/adr/0001-licence.md"):
        assert "AGPL-3.0-or-later" in _text(name)


def _required(name: str) -> list[str]:
    rows = [line.strip() for line in lines_of(Path(f"requirements/{name}.in"))]
    return [re.split(r"[\[<>=~;\s]", row)[0] for row in rows if row and not row.startswith(("#", "-"))]


# Compatible with AGPL-3.0-or-later for what is shipped; tools for work on the project are not shipped.
COMPATIBLE = re.compile(r"MIT|BSD|Apache|LGPL|MPL|PSF|ISC|Python Software Foundation", re.IGNORECASE)


def _licence(name: str) -> str:
    told = metadata(name)
    said = [told.get("License-Expression") or "", told.get("License") or ""]
    said += [each for each in told.get_all("Classifier") or [] if each.startswith("License")]
    return " ".join(said)


@pytest.mark.parametrize("name", _required("base"))
def test_what_is_shipped_is_compatible_with_our_licence(name: str) -> None:
    if name == "setuptools":
        return
    assert COMPATIBLE.search(_licence(name)), f"{name}: {_licence(name)}"


@pytest.mark.parametrize("name", [*_required("base"), *_required("dev")])
def test_every_part_has_its_reason(name: str) -> None:
    told = _text("docs/adr/0011-parts.md").lower()
    if name in {"setuptools", "types-jsonschema"}:
        return
    assert re.search(rf"\b{re.escape(name.lower())}\b", told), f"say in ADR 11 why {name} is there"


def test_the_changelog_keeps_its_form() -> None:
    text = _text("CHANGELOG.md")
    assert "## [Unreleased]" in text
    kinds = set(re.findall(r"^### (\w+)$", text, flags=re.MULTILINE))
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
