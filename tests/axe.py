"""What axe finds wrong with a page for those who read it otherwise, in the light scheme and in the dark.

Schemes differ by the values of colours and by nothing else (`test_guards.py` holds the styles to that), so what is not
about colour is looked for once.
"""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]
from playwright.sync_api import Page

# Every rule of axe tagged `cat.color`, but the one that asks for the contrast of level AAA.
ABOUT_COLOUR = ("color-contrast", "link-in-text-block")
GRAVE = frozenset({"serious", "critical"})


def faults(page: Page, *, grave_only: bool = False) -> list[str]:
    """The faults of the page as it stands, in words; only those that axe calls serious or critical when asked so."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = _run(page, {})
    page.emulate_media(color_scheme="dark")
    found += _run(page, {"runOnly": {"type": "rule", "values": ABOUT_COLOUR}})
    page.emulate_media(color_scheme="light")
    return [_told(each) for each in found if not grave_only or each["impact"] in GRAVE]


def _run(page: Page, options: dict[str, Any]) -> list[dict[str, Any]]:
    script = "options => axe.run(document, options).then(found => found.violations)"
    return list(page.evaluate(script, {"resultTypes": ["violations"], **options}))


def _told(fault: dict[str, Any]) -> str:
    nodes = "\n".join(f"{node['html'][:200]} {node['failureSummary']}" for node in fault["nodes"])
    return f"{fault['id']}: {fault['help']}\n{nodes}"
