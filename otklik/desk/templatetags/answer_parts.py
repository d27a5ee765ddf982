"""What stands beside an answer: the check of the text that is about to go out."""

from typing import Any

from django import template

from otklik.desk.quality import Said, said_of

register = template.Library()


@register.simple_tag(takes_context=True)
def check_of_panel(context: dict[str, Any]) -> Said | None:
    """The check of the text in the open panel, with the kind and the outcome that are chosen in it."""
    form = context["panel"].form
    given = {
        name: str(form[name].value() or "") for name in ("text", "kind", "resolution") if name in form.fields
    }
    return said_of(context["incident"], context["desk"], given)
