"""The official VK schema as an oracle, loaded from beside the project; without it the tests say so and
skip."""

from __future__ import annotations

import importlib.util
import os
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ORACLE = Path(__file__).parents[2].parent / "shared" / "tools" / "vk_schema.py"

# Where the real network differs from its own schema (networks.md §1.9); nothing else may differ.
EVENT_QUIRKS = {
    "wall_reply_delete": {": 'user_id' is a required property"},
    "photo_comment_new": {"photo_owner_id: {owner} is less than the minimum of 0"},
    "photo_comment_edit": {"photo_owner_id: {owner} is less than the minimum of 0"},
    "photo_comment_restore": {"photo_owner_id: {owner} is less than the minimum of 0"},
    "photo_comment_delete": {"owner_id: {owner} is less than the minimum of 0"},
    "board_post_delete": {"topic_owner_id: {owner} is less than the minimum of 0"},
    "message_event": {"is not of type 'string'"},
}


@cache
def oracle() -> ModuleType:
    """The checker in strict mode, or a skip that says why."""
    if not ORACLE.is_file():
        pytest.skip("the official schema is not here: ../shared/tools/vk_schema.py is absent")
    before = os.environ.get("VK_SCHEMA_STRICT")
    os.environ["VK_SCHEMA_STRICT"] = "1"
    try:
        spec = importlib.util.spec_from_file_location("vk_schema", ORACLE)
        assert spec
        assert spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        if before is None:
            del os.environ["VK_SCHEMA_STRICT"]
        else:
            os.environ["VK_SCHEMA_STRICT"] = before
    # Building a validator costs more than using it.
    module.validator = cache(module.validator)  # type: ignore[attr-defined]
    return module


def complaints(event: dict[str, Any], owner: int) -> list[str]:
    """What the schema has against an event, but for the known quirks."""
    allowed = {quirk.format(owner=owner) for quirk in EVENT_QUIRKS.get(event["type"], set())}
    found: list[str] = oracle().check_event(event)
    return [text for text in found if not any(text == quirk or text.endswith(quirk) for quirk in allowed)]
