"""`otklik registry load-calendar`: a year of the production calendar, out of a file or of the library `holidays`."""

import re
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from otklik.common.actor import Actor
from otklik.registry import operations
from otklik.registry.models import WorkCalendar

BY = Actor(None, "otklik registry load-calendar")
MOST_YEARS = 20


class Command(BaseCommand):
    """Nothing is written when a line of a file is wrong; the same year twice changes nothing."""

    help = "Загрузить годы производственного календаря из XML; без файлов — из библиотеки holidays (--years)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", type=Path, nargs="*", metavar="ФАЙЛ.xml")
        parser.add_argument("--years", help="годы из библиотеки: 2026 или 2019-2026")
        parser.add_argument("--calendar", help="название календаря; без него — календарь региона")
        parser.add_argument("--exact", action="store_true", help="убрать дни этого года, которых нет в файле")
        parser.add_argument("--dry-run", action="store_true", help="только сказать, что было бы сделано")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not options["files"] and not options["years"]:
            raise CommandError("Назовите файлы календаря или годы: --years 2026-2027.")
        calendar = self._calendar(options["calendar"])
        with transaction.atomic():
            for path in options["files"]:
                self._load(calendar, path, exact=options["exact"])
            if options["years"]:
                self._fill(calendar, options["years"])
            transaction.set_rollback(options["dry_run"])
        if options["dry_run"]:
            operations.forget_calendars()
            self.stdout.write("Это была проба: ничего не записано.")

    def _calendar(self, name: str | None) -> WorkCalendar:
        if name:
            found = WorkCalendar.objects.filter(name=name).first()
            if found is None:
                known = ", ".join(f"«{each}»" for each in WorkCalendar.objects.values_list("name", flat=True))
                raise CommandError(f"Нет календаря «{name}». Есть: {known or 'ни одного'}.")
            return found
        here = operations.region()
        if here is None:
            raise CommandError("Региона ещё нет: сначала otklik registry set-up.")
        return here.calendar

    def _load(self, calendar: WorkCalendar, path: Path, *, exact: bool) -> None:
        try:
            content = path.read_bytes()
            done = operations.load_calendar(
                calendar=calendar, content=content, exact=exact, by=BY, now=timezone.now()
            )
        except OSError as error:
            raise CommandError(f"{path.name}: файл не открывается: {error.strerror}") from error
        except operations.BadCalendarFile as error:
            for line, reason, params in error.wrongs:
                self.stderr.write(f"{path.name}, строка {line}: {reason % params}")
            raise CommandError(f"{path.name}: {operations.BadCalendarFile.__doc__}") from error
        self.stdout.write(
            f"{done.year}: добавлено {done.added}, изменено {done.changed}, так и было {done.same}, "
            f"убрано {done.removed}"
        )
        if done.others:
            self.stdout.write(
                f"{done.year}: в календаре есть ещё особые дни, которых нет в файле: {done.others}. "
                "Они оставлены; убрать их — с ключом --exact."
            )

    def _fill(self, calendar: WorkCalendar, years: str) -> None:
        found = re.fullmatch(r"([12]\d{3})(?:-([12]\d{3}))?", years)
        first = int(found[1]) if found else 0
        last = int(found[2] or first) if found else 0
        if not found or not 0 <= last - first < MOST_YEARS:
            raise CommandError("Годы пишутся так: 2026 или 2019-2026.")
        added = operations.fill_calendar(calendar=calendar, first=first, last=last, by=BY, now=timezone.now())
        self.stdout.write(f"{years}: из библиотеки добавлено особых дней: {added}")
