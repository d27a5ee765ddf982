"""The federal table of 10 000 lines: dry run and applying, as XLSX, the register half filled; memory of the process."""

import io
import random
import resource
import time
from datetime import UTC, datetime
from itertools import count

from bench import stage
from bench.figures import against_limit

LINES, CHECK_SECONDS, APPLY_SECONDS, MOST_MB = 10_000, 10.0, 20.0, 600.0
HEADERS = (
    "Уровень", "Учредитель", "Наименование подведомственной организации",
    "Официальная страница не ведется на основании", "ОГРН", "Сфера 1", "Сфера 2", "Сфера 3", "Статус", "ID госпаблика",
    "Ссылка на госпаблик ВК", "Адрес, указанный в настройках страницы",
    "Подключение к компоненту «Госпаблики» (да/нет)", "Госметка (да/нет)", "Оформление (%)", "Виджеты (0/1/2)",
    "Активность (%)", "Количество подписчиков", "Общий охват аудитории за неделю", "Средний охват одной публикации",
)  # fmt: skip
KINDS = (("Школа", "Образование"), ("Детский сад", "Образование"), ("Районная больница", "Здравоохранение"),
         ("Дом культуры", "Культура"), ("Библиотека", "Культура"), ("Центр помощи", "Социальная защита"))  # fmt: skip


def ogrn(number: int) -> str:
    """A number of 13 digits with its check digit."""
    body = f"1{number:011d}"
    return f"{body}{int(body) % 11 % 10}"


def federal_lines(lines: int, seed: int = 7) -> list[list[object]]:
    """Lines of a region: administrations of districts first, then what they founded. Seeded."""
    rng, numbers = random.Random(seed), count(10_000_000)
    founders = [f"Администрация района № {each}" for each in range(1, 51)]
    told: list[list[object]] = [_line(rng, "", name, next(numbers), "Управление") for name in founders]
    while len(told) < lines:
        kind, sphere = rng.choice(KINDS)
        number, founder = next(numbers), rng.choice(founders)
        told.append(_line(rng, founder, f"{kind} № {number}", number, sphere))
    return told[:lines]


def _line(rng: random.Random, founder: str, name: str, number: int, sphere: str) -> list[object]:
    start: list[object] = ["муниципальный", founder, name]
    if rng.random() < 0.2:
        return [
            *start,
            "Распоряжение Правительства РФ от 02.09.2022 № 2523-р",
            ogrn(number),
            sphere,
            *[""] * 14,
        ]
    return [
        *start, "", ogrn(number), sphere, "", "", "Подтверждена", number, f"https://vk.com/public{number}",
        "ул. Мира, 1", rng.choice(("да", "нет")), rng.choice(("да", "нет")), rng.randrange(101), rng.randrange(3),
        rng.randrange(101), rng.randrange(20_000), rng.randrange(50_000), rng.randrange(3_000),
    ]  # fmt: skip


def workbook(lines: list[list[object]]) -> io.BytesIO:
    """The lines as a person would send them."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Мониторинг")
    sheet.append(HEADERS)
    for each in lines:
        sheet.append(each)
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file


def _bring(lines: list[list[object]]) -> tuple[float, float, dict[str, int]]:
    """(seconds of the dry run, seconds of applying, counts of what it found and seconds of the processor)."""
    from otklik.common.actor import Actor
    from otklik.registry.models import Import
    from otklik.registry.operations import imports

    by, now = Actor(None, "bench"), datetime.now(UTC)
    brought = imports.receive_file(
        file=workbook(lines), name="monitoring.xlsx", kind="federal", by=by, now=now
    )
    started, cpu = time.perf_counter(), time.process_time()
    imports.work_off(now=now)
    checked, cpu_check = time.perf_counter(), time.process_time() - cpu
    found = Import.objects.get(pk=brought.pk)
    if found.state != "checked":
        raise SystemExit(f"the dry run ended in {found.state}: {found.problem}")
    imports.apply(brought=found, by=by, now=now)
    asked, cpu = time.perf_counter(), time.process_time()
    imports.work_off(now=now)
    done, cpu_apply = time.perf_counter(), time.process_time() - cpu
    if Import.objects.get(pk=brought.pk).state != "applied":
        raise SystemExit("the table was not applied")
    # Of this process alone: on a busy machine the only figure that says something of the code.
    said = {"cpu_check": round(cpu_check, 1), "cpu_apply": round(cpu_apply, 1)}
    return checked - started, done - asked, found.counts | said


def main() -> None:
    stage.django_setup()
    from otklik.registry.operations.reference import load_reference

    load_reference()
    lines = federal_lines(LINES)
    _bring(lines[: LINES // 2])
    checking, applying, counts = _bring(lines)
    again, _nothing, left = _bring(lines)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    note = f"{LINES} lines of XLSX over a register with half of them: {counts}"
    print(
        against_limit("registry_import_check_10k_seconds", checking, "s", CHECK_SECONDS, note).line(),
        flush=True,
    )
    print(
        against_limit(
            "registry_import_10k_seconds",
            applying,
            "s",
            APPLY_SECONDS,
            "one transaction, history and journal with it",
        ).line(),
        flush=True,
    )
    print(
        against_limit(
            "registry_import_again_10k_seconds", again, "s", CHECK_SECONDS, f"the same file again: {left}"
        ).line(),
        flush=True,
    )
    print(against_limit("registry_import_peak_mb", peak, "MB", MOST_MB).line(), flush=True)


if __name__ == "__main__":
    main()
