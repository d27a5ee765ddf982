"""Templates and guides of answers: written, changed under versions, taken out, and brought back."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import transaction

from otklik.audit import operations as audit
from otklik.casework.enums import TemplateKind
from otklik.casework.models import AnswerTemplate, AnswerTemplateVersion
from otklik.casework.operations.answering import LONGEST_ANSWER
from otklik.casework.rules import templates as rules
from otklik.common.actor import Actor
from otklik.registry.models import Organization
from otklik.triage.models import Topic, TopicGroup


class TemplateIsEmpty(Exception):
    """Напишите название и текст."""


class TemplateTooLong(Exception):
    """Текст длиннее 4000 знаков: сеть не примет такой ответ. Сократите его."""


class TwoScopes(Exception):
    """Выберите тему или группу тем, а не обе."""


class TemplateChanged(Exception):
    """Текст уже изменил другой человек. Обновите страницу и сверьте его со своим."""


class OnlyTheCentre(Exception):
    """Отправлять без согласования разрешает только центр, и только общим шаблонам."""


@dataclass(frozen=True, slots=True)
class TemplateValues:
    """Everything that is written of a template."""

    title: str
    text: str
    kind: str = TemplateKind.TEMPLATE
    topic: Topic | None = None
    group: TopicGroup | None = None
    body: Organization | None = None
    season_begins: int | None = None
    season_ends: int | None = None
    expires_on: date | None = None
    without_approval: bool = False


class _Act(NamedTuple):
    """What is done to a template, for its trace."""

    verb: str
    by: Actor
    now: datetime
    reason: str


_FIELDS = tuple(TemplateValues.__dataclass_fields__)


@transaction.atomic
def add_template(
    *, values: TemplateValues, by: Actor, now: datetime, as_center: bool, reason: str = ""
) -> AnswerTemplate:
    """A new template or guide; `as_center` says that the centre writes it.

    Raises TemplateIsEmpty, TemplateTooLong, UnknownVariable, TooManyVariables, BadSeason, TwoScopes, OnlyTheCentre.
    """
    values = _checked(values, as_center)
    return _kept(AnswerTemplate(version=0), values, _Act("add_template", by, now, reason))


@transaction.atomic
def change_template(
    *,
    template: AnswerTemplate,
    values: TemplateValues,
    version: int,
    by: Actor,
    now: datetime,
    as_center: bool,
    reason: str = "",
) -> AnswerTemplate:
    """The template from now on; `version` is the one the person saw, and its kind stays.

    Raises TemplateChanged and the facts of `add_template`.
    """
    row = _locked(template, version)
    values = _checked(values, as_center)
    before = {name: getattr(row, name) for name in _FIELDS}
    if before == {name: getattr(values, name) for name in _FIELDS} | {"kind": row.kind}:
        return row
    return _kept(row, values, _Act("change_template", by, now, reason), kind=row.kind)


@transaction.atomic
def retire_template(
    *, template: AnswerTemplate, version: int, by: Actor, now: datetime, reason: str = ""
) -> AnswerTemplate:
    """Offer it no more. Raises TemplateChanged."""
    return _turned(_locked(template, version), _Act("retire_template", by, now, reason), active=False)


@transaction.atomic
def restore_template(
    *, template: AnswerTemplate, version: int, by: Actor, now: datetime, reason: str = ""
) -> AnswerTemplate:
    """Offer it again. Raises TemplateChanged."""
    return _turned(_locked(template, version), _Act("restore_template", by, now, reason), active=True)


def _locked(template: AnswerTemplate, version: int) -> AnswerTemplate:
    row = (
        AnswerTemplate.objects.select_for_update(of=("self",))
        .prefetch_related("topic", "group", "body")
        .get(pk=template.pk)
    )
    if row.version != version:
        raise TemplateChanged
    return row


def _checked(values: TemplateValues, as_center: bool) -> TemplateValues:
    given: dict[str, Any] = {name: getattr(values, name) for name in _FIELDS}
    given["title"] = " ".join(values.title.split())[:120]
    given["text"] = values.text.replace("\r\n", "\n").strip()
    if not given["title"] or not given["text"]:
        raise TemplateIsEmpty
    if len(given["text"]) > LONGEST_ANSWER:
        raise TemplateTooLong
    if values.topic and values.group:
        raise TwoScopes
    if values.kind == TemplateKind.TEMPLATE:
        rules.check_variables(given["text"])
    rules.check_season(values.season_begins, values.season_ends)
    is_free = values.kind == TemplateKind.TEMPLATE and values.body is None and as_center
    if values.without_approval and not is_free:
        raise OnlyTheCentre
    return TemplateValues(**given)


def _kept(row: AnswerTemplate, values: TemplateValues, act: _Act, **fixed: str) -> AnswerTemplate:
    for name in _FIELDS:
        setattr(row, name, fixed.get(name, getattr(values, name)))
    return _traced(row, act)


def _turned(row: AnswerTemplate, act: _Act, *, active: bool) -> AnswerTemplate:
    if row.is_active == active:
        return row
    row.is_active = active
    return _traced(row, act)


def _traced(row: AnswerTemplate, act: _Act) -> AnswerTemplate:
    """Save it under its next version and leave the trace: the version, an audit line."""
    row.version, row.updated_at = row.version + 1, act.now
    row.save()
    AnswerTemplateVersion.objects.create(
        template=row,
        number=row.version,
        values=snapshot(row),
        at=act.now,
        actor_name=act.by.name,
        reason=act.reason[:500],
    )
    audit.record(by=act.by, verb=act.verb, subject=row, now=act.now, reason=act.reason, version=row.version)
    return row


def snapshot(row: AnswerTemplate) -> dict[str, Any]:
    """The template as JSON, for its versions."""
    found = {name: getattr(row, name) for name in _FIELDS}
    return found | {
        "topic": row.topic.code if row.topic else None,
        "group": row.group.code if row.group else None,
        "body": row.body_id,
        "expires_on": row.expires_on.isoformat() if row.expires_on else None,
        "is_active": row.is_active,
    }
