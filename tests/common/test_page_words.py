"""Words as pages show them."""

import pytest

from otklik.common.templatetags.otklik import inside_sentence


@pytest.mark.parametrize(
    ("position", "shown"),
    [
        ("Руководитель ЦУР", "руководитель ЦУР"),
        ("ИТ-директор", "ИТ-директор"),
        ("Я", "я"),
        ("", ""),
    ],
)
def test_a_position_after_a_name_keeps_its_acronyms(position: str, shown: str) -> None:
    assert inside_sentence(position) == shown
