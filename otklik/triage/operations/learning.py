"""Versions of the learnt model: asked for, trained beside the road, made active, taken back."""

import json
import logging
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from otklik.audit import operations as audit
from otklik.common import jobs
from otklik.common.actor import SYSTEM, Actor
from otklik.common.wakeup import wake_up
from otklik.triage.enums import ModelState
from otklik.triage.models import Example, ModelFile, Topic, TopicModel
from otklik.triage.nlp.learning import BrokenModel as BrokenModel
from otklik.triage.nlp.learning import from_bytes
from otklik.triage.operations.topics import successors, topics_version

log = logging.getLogger(__name__)

LEAST_EXAMPLES = 50
"""With fewer the starter knows more than any model could learn."""

MOST_SECONDS = 3600
"""Longer no training takes; what does is given up."""


class TooFewExamples(Exception):
    """Примеров мало: нужно хотя бы 50, хотя бы по двум темам. Загрузите таблицу прошлых сообщений."""


class NotReady(Exception):
    """Эта модель не обучена или уже работает."""


class NothingToRollBackTo(Exception):
    """До этой модели другой не было: её можно только снять."""


@transaction.atomic
def ask_training(*, by: Actor, now: datetime) -> TopicModel:
    """A new version is wanted; one that already waits is enough for everybody. Raises TooFewExamples."""
    waiting = TopicModel.objects.select_for_update(of=("self",)).filter(state=ModelState.WAITING).first()
    if waiting is not None:
        return waiting
    topics = Example.objects.filter(topic__is_active=True).values("topic").distinct().count()
    if topics < 2 or Example.objects.filter(topic__is_active=True).count() < LEAST_EXAMPLES:
        raise TooFewExamples
    model = TopicModel.objects.create(asked_at=now, asked_by=by.name)
    audit.record(by=by, verb="ask_training", subject=model, now=now)
    wake_up(jobs.TRAIN)
    return model


def train_next(*, now: datetime) -> int:
    """Train the version that waits longest; returns how many were trained. One process does this at a time.

    No transaction is open while it learns: messages go on being judged by the model that is active. A version
    whose process died is trained again.
    """
    with transaction.atomic():
        model = (
            TopicModel.objects.select_for_update(of=("self",))
            .filter(state__in=[ModelState.TRAINING, ModelState.WAITING])
            .order_by("state", "pk")
            .first()
        )
        if model is None:
            return 0
        model.state, model.started_at, model.topics_version = ModelState.TRAINING, now, topics_version()
        model.save(update_fields=["state", "started_at", "topics_version"])
        texts, labels = gathered()
        names = dict(Topic.objects.active().values_list("code", "name"))
    try:
        body = _train_apart({"texts": texts, "labels": labels, "names": names})
        made = from_bytes(body)
    except (subprocess.SubprocessError, BrokenModel, OSError) as error:
        log.warning("model %s was not trained: %s", model.pk, error)
        _fail(model, str(error))
        return 1
    with transaction.atomic():
        model.state, model.version, model.report = ModelState.READY, made.version, made.report
        model.examples, model.topics = len(texts), len(made.labels)
        model.finished_at = now
        model.save()
        ModelFile.objects.update_or_create(model=model, defaults={"body": body})
        audit.record(by=SYSTEM, verb="train", subject=model, now=now, version=made.version)
    return 1


def training_waits() -> bool:
    """Whether a version waits to be trained."""
    return TopicModel.objects.filter(state=ModelState.WAITING).exists()


def gathered() -> tuple[list[str], list[str]]:
    """All examples as texts and codes of active topics, in their order: the same rows train the same model."""
    active, instead = set(Topic.objects.active().values_list("code", flat=True)), successors()
    rows = Example.objects.order_by("digest").values_list("text", "topic__code")
    texts, labels = [], []
    for text, given in rows:
        code = instead.get(given, given)
        if code in active:
            texts.append(text)
            labels.append(code)
    return texts, labels


def _train_apart(given: dict[str, Any]) -> bytes:
    done = subprocess.run(
        [sys.executable, "-m", "otklik.triage.teaching"],
        input=json.dumps(given).encode(),
        capture_output=True,
        timeout=MOST_SECONDS,
        check=False,
    )
    if done.returncode:
        raise subprocess.SubprocessError(
            done.stderr.decode(errors="replace")[-2000:] or f"code {done.returncode}"
        )
    return done.stdout


@transaction.atomic
def _fail(model: TopicModel, error: str) -> None:
    TopicModel.objects.filter(pk=model.pk).update(state=ModelState.FAILED, error=error[-2000:])


@transaction.atomic
def activate(*, model: TopicModel, by: Actor, now: datetime) -> TopicModel:
    """From the next batch on verdicts are this model's; the one before stays at hand. Raises NotReady, BrokenModel."""
    model = _locked(model)
    if model.state not in {ModelState.READY, ModelState.RETIRED}:
        raise NotReady
    # A file of an older program would stop the road at its first message.
    from_bytes(bytes(ModelFile.objects.values_list("body", flat=True).get(model=model)))
    TopicModel.objects.filter(state=ModelState.ACTIVE).update(state=ModelState.RETIRED)
    model.state, model.activated_at, model.activated_by = ModelState.ACTIVE, now, by.name
    model.save(update_fields=["state", "activated_at", "activated_by"])
    audit.record(by=by, verb="activate_model", subject=model, now=now, version=model.version)
    return model


@transaction.atomic
def roll_back(*, model: TopicModel, by: Actor, now: datetime) -> TopicModel:
    """The model that was active before this one is active again. Raises NotReady, NothingToRollBackTo."""
    model = _locked(model)
    if model.state != ModelState.ACTIVE:
        raise NotReady
    before = (
        TopicModel.objects.filter(state=ModelState.RETIRED, activated_at__lt=model.activated_at)
        .order_by("-activated_at")
        .first()
    )
    if before is None:
        raise NothingToRollBackTo
    return activate(model=before, by=by, now=now)


@transaction.atomic
def retire_model(*, model: TopicModel, by: Actor, now: datetime) -> TopicModel:
    """No learnt model is active: the starter judges alone. Raises NotReady."""
    model = _locked(model)
    if model.state != ModelState.ACTIVE:
        raise NotReady
    model.state = ModelState.RETIRED
    model.save(update_fields=["state"])
    audit.record(by=by, verb="retire_model", subject=model, now=now, version=model.version)
    return model


def _locked(model: TopicModel) -> TopicModel:
    rows: Sequence[TopicModel] = list(
        TopicModel.objects.select_for_update(of=("self",)).filter(state=ModelState.ACTIVE)
    )
    known = {row.pk: row for row in rows}
    return known.get(model.pk) or TopicModel.objects.select_for_update(of=("self",)).get(pk=model.pk)
