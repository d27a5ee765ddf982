"""Secrets stay out of logs, whoever writes the line."""

import io
import logging

import pytest

from otklik.common.logs import MaskSecrets, masked


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("access_token=vk1.a.abc&v=5.199", "access_token=•••&v=5.199"),
        ("secret=abc", "secret=•••"),
        ("secret_key: abc", "secret_key: •••"),
        ("{'password': 'a b', 'x': 1}", "{'password': '•••', 'x': 1}"),
        ('{"secret": "a \\" b", "x": 1}', '{"secret": "•••", "x": 1}'),
        ('{"secret": "cut in the mid', '{"secret": "•••"'),
        ("Authorization: Bearer vk1.a.abc", "Authorization: •••"),
        ("csrfmiddlewaretoken=abc&text=1", "csrfmiddlewaretoken=•••&text=1"),
        ("PASSWORD=abc", "PASSWORD=•••"),
        ("the secret of the page", "the secret of the page"),
        ("", ""),
        ("сломано \ud800", "сломано \\ud800"),
    ],
)
def test_the_value_is_hidden_and_the_rest_is_shown(line: str, shown: str) -> None:
    assert masked(line) == shown


def _logged(write: str, *arguments: object, error: Exception | None = None) -> str:
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    handler = logging.StreamHandler(out)
    handler.addFilter(MaskSecrets())
    log = logging.Logger("alone")  # noqa: LOG001 - one that no other test has written to
    log.addHandler(handler)
    log.error(write, *arguments, exc_info=error)
    out.flush()
    return out.buffer.getvalue().decode()  # type: ignore[attr-defined]


def test_arguments_and_tracebacks_are_masked_too() -> None:
    line = _logged("calling %s", "https://api.example/method?access_token=abc")
    assert line == "calling https://api.example/method?access_token=•••\n"
    traced = _logged("failed", error=ValueError("password=abc \ud800"))
    assert "abc" not in traced
    assert "\\ud800" in traced
