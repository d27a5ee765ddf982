"""What stands in a cell of a table of routes, and what a cell means: codes, names and addresses into rows and back."""

from functools import cached_property
from typing import Any, TypeVar

from django.db import models

from otklik.common.text import fold, gettext_noop
from otklik.registry.enums import OrgLevel
from otklik.registry.models import (
    Municipality,
    OfficialPage,
    Organization,
    OrganizationType,
    Settlement,
    Sphere,
)
from otklik.registry.rules.values import BadValue
from otklik.triage.enums import ExecutorLevel, RouteTarget
from otklik.triage.models import Topic, TopicGroup

Row = TypeVar("Row", bound=models.Model)


class Cells:
    """The rows that cells may name, read once for a table."""

    @cached_property
    def _topics(self) -> dict[str, Topic]:
        rows = list(Topic.objects.select_related("group"))
        # A code is surer than a name: it is written last.
        names = {fold(row.name): row for row in rows if row.is_active}
        return names | {fold(row.code): row for row in rows}

    @cached_property
    def _groups(self) -> dict[str, TopicGroup]:
        rows = list(TopicGroup.objects.all())
        return {fold(row.name): row for row in rows} | {fold(row.code): row for row in rows}

    @cached_property
    def _municipalities(self) -> dict[str, Municipality]:
        rows = list(Municipality.objects.all())
        names = {fold(name): row for row in rows for name in (row.name, row.short_name)}
        return names | {row.oktmo: row for row in rows}

    @cached_property
    def _codes(self) -> dict[str, dict[str, str]]:
        """The codes of each field by the codes themselves and by their labels."""
        spheres = list(Sphere.objects.values_list("code", "name"))
        known: dict[str, Any] = {
            "level": ExecutorLevel.choices,
            "page_level": OrgLevel.choices,
            "target": RouteTarget.choices,
            "sphere": spheres,
            "body_sphere": spheres,
            "organization_type": OrganizationType.objects.values_list("code", "name"),
        }
        return {
            field: {fold(str(label)): code for code, label in labels}
            | {fold(code): code for code, _ in labels}
            for field, labels in known.items()
        }

    def code(self, field: str, text: str) -> str:
        """The code that a cell names by itself or by its label. Raises BadValue."""
        found = self._codes[field].get(fold(text), "")
        if text and not found:
            raise BadValue(field, gettext_noop("Такого значения нет: «%(value)s»."), value=text[:100])
        return found

    def topic(self, text: str) -> Topic | None:
        return _found("topic", text, self._topics.get(fold(text)), gettext_noop("Нет темы «%(value)s»."))

    def group(self, text: str) -> TopicGroup | None:
        return _found(
            "group", text, self._groups.get(fold(text)), gettext_noop("Нет группы тем «%(value)s».")
        )

    def municipality(self, text: str) -> Municipality | None:
        found = self._municipalities.get(fold(text))
        return _found("municipality", text, found, gettext_noop("Нет муниципалитета «%(value)s»."))

    def settlement(self, text: str, within: Municipality | None) -> Settlement | None:
        """The settlement of this name; a name that several have wants its municipality."""
        if not text:
            return None
        rows = Settlement.objects.filter(name__iexact=text).select_related("municipality")
        if within is not None:
            rows = rows.filter(municipality=within)
        found = list(rows[:2])
        if len(found) > 1:
            raise BadValue(
                "settlement",
                gettext_noop("Населённых пунктов «%(value)s» несколько: укажите муниципалитет."),
                value=text,
            )
        first = found[0] if found else None
        return _found("settlement", text, first, gettext_noop("Нет населённого пункта «%(value)s»."))

    def page(self, text: str) -> OfficialPage | None:
        """The page by its address, or by its network and number: «vk:12345»."""
        if not text:
            return None
        network, _colon, number = text.partition(":")
        rows = OfficialPage.objects.select_related("organization")
        found = rows.filter(url=text).first() or rows.filter(network=network, external_id=number[:40]).first()
        return _found("page", text, found, gettext_noop("Нет страницы «%(value)s»."))

    def body(self, text: str) -> Organization | None:
        """The organisation by its code in the register, or by its name when one has it."""
        if not text:
            return None
        found = list(Organization.objects.filter(code=text)) or list(
            Organization.objects.filter(models.Q(name=text) | models.Q(short_name=text))[:2]
        )
        if len(found) > 1:
            raise BadValue(
                "organization",
                gettext_noop("Организаций «%(value)s» несколько: укажите код из реестра."),
                value=text,
            )
        first = found[0] if found else None
        return _found("organization", text, first, gettext_noop("Нет организации «%(value)s»."))


def _found(field: str, text: str, row: Row | None, message: str) -> Row | None:
    if not text:
        return None
    if row is None:
        raise BadValue(field, message, value=text[:100])
    return row
