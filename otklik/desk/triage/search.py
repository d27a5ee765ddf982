"""Settlements and pages by the words of their names, for fields that look while a person types."""

from otklik.registry.models import OfficialPage, Settlement

MOST_FOUND = 20
MOST_WORDS = 6


def found_settlements(words: str) -> list[dict[str, str]]:
    """Options of a field; namesakes are told apart by their municipality."""
    rows = Settlement.objects.select_related("municipality")
    for word in _words(words):
        rows = rows.filter(name__icontains=word)
    return [
        {
            "value": str(row.pk),
            "label": row.name,
            "hint": f"{row.kind} · {row.municipality.short_name}".strip(" ·"),
        }
        for row in rows.order_by("name", "pk")[:MOST_FOUND]
    ]


def found_pages(words: str) -> list[dict[str, str]]:
    """Options of a field: active official pages."""
    rows = OfficialPage.objects.filter(is_active=True).select_related("organization")
    for word in _words(words):
        rows = rows.filter(title__icontains=word)
    return [
        {
            "value": str(row.pk),
            "label": row.title,
            "hint": f"{row.get_network_display()} · {row.organization}",
        }
        for row in rows.order_by("title", "pk")[:MOST_FOUND]
    ]


def _words(text: str) -> list[str]:
    return text.replace("\0", "")[:100].split()[:MOST_WORDS]
