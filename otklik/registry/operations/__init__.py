"""Verbs of the register, and the values other contexts ask it for."""

from otklik.registry.calendars import DEFAULT_WEEK, fill_calendar, set_up_region
from otklik.registry.operations.core import (
    UnknownParent,
    WouldLoop,
    add_organization,
    add_organizations,
    add_page,
    add_pages,
    calendar_value,
    grant,
    move_organization,
    reach_of,
    region,
    set_shape,
    working_calendar,
)

__all__ = [
    "DEFAULT_WEEK",
    "UnknownParent",
    "WouldLoop",
    "add_organization",
    "add_organizations",
    "add_page",
    "add_pages",
    "calendar_value",
    "fill_calendar",
    "grant",
    "move_organization",
    "reach_of",
    "region",
    "set_shape",
    "set_up_region",
    "working_calendar",
]
