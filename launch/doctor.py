"""The examination of an installation: what is wrong and what to do about it, in one page."""

import os
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Literal

from launch import keys
from launch.environment import sim_url
from launch.postgres import DatabaseUnavailable, running
from launch.postgres import home as home_folder

OLDEST_POSTGRESQL = 150000
HEARTBEAT_SECONDS = 60
MARKS = {"ok": "✓", "warn": "!", "bad": "✗"}


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `todo` says what to do when it is not well."""

    name: str
    state: Literal["ok", "warn", "bad"]
    said: str
    todo: str = ""

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


Check = Callable[[], Iterator[Finding]]


def examine() -> list[Finding]:
    """Look at everything; a check that breaks is itself a finding, the others go on. Starts no database."""
    import django

    home = home_folder()
    given = bool(os.environ.get("DATABASE_URL"))
    try:
        if (home / keys.FILE).exists():
            keys.load(home)
        server = None if given else running(home)
    except (DatabaseUnavailable, OSError) as error:
        return [Finding("установка", "bad", str(error), f"запустите от владельца папки {home}")]
    if server is not None:
        os.environ["DATABASE_URL"] = server.url
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        if not given and server is None:
            findings = [*_guarded(_settings)]
            return [*findings, Finding("база", "bad", "не запущена", "запустите всё: otklik up")]
        django.setup()
        checks: list[Check] = [_settings, _database, _queue, _worker, _tokens, _network]
        return [finding for check in checks for finding in _guarded(check)]
    finally:
        if server is not None:
            server.stop()


def picture(findings: list[Finding]) -> str:
    """The findings as lines for a person."""
    width = max(len(finding.name) for finding in findings)
    lines = []
    for finding in findings:
        lines.append(f"{MARKS[finding.state]} {finding.name:<{width}}  {finding.said}")
        if finding.todo and finding.state != "ok":
            lines.append(f"  {'':<{width}}  → {finding.todo}")
    return "\n".join(lines)


def _guarded(check: Check) -> list[Finding]:
    try:
        return list(check())
    except Exception as error:
        text = str(error).strip().splitlines() or [type(error).__name__]
        name = check.__name__.strip("_")
        return [Finding(name, "bad", f"проверка не прошла: {text[0]}", "устраните названное и повторите")]


def _settings() -> Iterator[Finding]:
    from cryptography.fernet import Fernet
    from django.conf import settings

    strong = len(settings.SECRET_KEY) >= 40
    yield _finding("ключ подписи", strong, "задан", "нет или короток", "задайте OTKLIK_SECRET_KEY")
    try:
        known = [Fernet(key) for key in os.environ.get("OTKLIK_FIELD_KEY", "").split(",") if key]
        good = bool(known)
    except ValueError:
        good = False
    yield _finding(
        "ключ токенов", good, "задан", "нет или испорчен", "верните OTKLIK_FIELD_KEY из копии secrets.env"
    )
    yield _finding("отладка", not settings.DEBUG, "выключена", "включена", "уберите OTKLIK_DEBUG", bad="warn")
    hosts = settings.ALLOWED_HOSTS
    closed = bool(hosts) and "*" not in hosts
    yield _finding("имена сайта", closed, ", ".join(hosts), "любые", "перечислите их в OTKLIK_ALLOWED_HOSTS")


def _database() -> Iterator[Finding]:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    connection.ensure_connection()
    version = connection.pg_version  # type: ignore[attr-defined]
    said = f"PostgreSQL {version // 10000}"
    yield _finding(
        "база", version >= OLDEST_POSTGRESQL, said, f"{said}, нужен 15 или новее", "обновите сервер"
    )
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    yield _finding(
        "миграции", not missing, "все на месте", f"не хватает {missing}", "выполните otklik migrate"
    )


def _queue() -> Iterator[Finding]:
    from django.utils import timezone
    from procrastinate.contrib.django.models import ProcrastinateJob

    from otklik.flow import health

    report = health.report(timezone.now())
    ages = {name: value for name, value in report["queue"].items() if name.endswith("_seconds")}
    oldest = max(ages.values(), default=0)
    said = f"старейшее ждёт {oldest:.0f} с"
    yield _finding("очередь", report["status"] == "ok", said, said, "запустите ещё одного: otklik worker")
    failed = ProcrastinateJob.objects.filter(status="failed").count()
    todo = "смотрите журнал работника: задания не выполнились и после повторов"
    yield _finding("упавшие задания", not failed, "нет", str(failed), todo, bad="warn")


def _worker() -> Iterator[Finding]:
    from django.utils import timezone
    from procrastinate.contrib.django.models import ProcrastinateWorker

    alive_since = timezone.now() - timedelta(seconds=HEARTBEAT_SECONDS)
    alive = ProcrastinateWorker.objects.filter(last_heartbeat__gte=alive_since).count()
    yield _finding("работник", alive > 0, f"живых: {alive}", "ни одного", "запустите otklik worker")


def _tokens() -> Iterator[Finding]:
    from django.utils import timezone

    from otklik.channels.models import Connection, Token

    total, usable = Token.objects.count(), Token.objects.usable(timezone.now()).count()
    if not total:
        yield Finding("токены", "warn", "ни одного", "подключите страницы или выполните otklik demo load")
        return
    said = f"работают {usable} из {total}"
    yield _finding(
        "токены", usable == total, said, said, "получите новые у администраторов страниц", bad="warn"
    )
    broken = Connection.objects.exclude(problem="").count()
    todo = "откройте их в кабинете: причина названа там"
    yield _finding("подключения", not broken, "без замечаний", f"с замечаниями: {broken}", todo, bad="warn")


def _network() -> Iterator[Finding]:
    from django.conf import settings

    from otklik.registry.models import Region

    training = Region.objects.filter(is_demo=True).exists() and "OTKLIK_VK_API_URL" not in os.environ
    url = sim_url() if training else settings.VK_API_URL
    try:
        with urllib.request.urlopen(f"{url}/method/utils.getServerTime", timeout=5) as answer:  # noqa: S310
            answer.read(1)
        reached = True
    except urllib.error.HTTPError:
        reached = True  # an answer all the same
    except OSError:
        reached = False
    todo = "запустите симулятор (otklik sim) или проверьте выход в сеть и OTKLIK_VK_API_URL"
    yield _finding("сеть", reached, f"{url} отвечает", f"{url} не отвечает", todo)


def _finding(
    name: str, well: bool, good_words: str, bad_words: str, todo: str, *, bad: Literal["warn", "bad"] = "bad"
) -> Finding:
    return Finding(name, "ok", good_words) if well else Finding(name, bad, bad_words, todo)
