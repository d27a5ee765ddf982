"""`otklik registry import FILE --kind …`: what a table would do, and with `--apply` the doing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from otklik.common.actor import Actor
from otklik.registry.enums import ImportKind, ImportState, RowAction
from otklik.registry.models import Import
from otklik.registry.operations import import_words, imports

BY = Actor(None, "otklik registry import")
SHOWN = 50


class Command(BaseCommand):
    """The same steps as at the desk, carried out here and now; the import stays in its list and can be undone there."""

    help = "Проверить таблицу CSV или XLSX и сказать, что она изменит; с --apply занести её в реестр."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--kind", choices=ImportKind.values, required=True,
            help="register: наша выгрузка; federal: таблица мониторинга; oktmo: справочник",
        )  # fmt: skip
        parser.add_argument("--apply", action="store_true", help="занести, если файл прочитан")

    def handle(self, *_args: Any, **options: Any) -> None:
        brought = self._receive(options["file"], options["kind"])
        self._until_still(brought)
        self._tell(brought)
        if brought.state != ImportState.CHECKED:
            raise CommandError(import_words.said(brought.problem) or "Файл не прочитан.")
        if options["apply"]:
            imports.apply(brought=brought, by=BY, now=timezone.now())
            self._until_still(brought)
            if brought.state != ImportState.APPLIED:
                raise CommandError(import_words.said(brought.problem))
            self.stdout.write(f"Применён. Отменить целиком можно на странице импорта № {brought.pk}.")
        if brought.counts.get(RowAction.ERROR):
            raise CommandError("Есть строки с ошибками, они не применяются.")

    def _receive(self, path: Path, kind: str) -> Import:
        try:
            with path.open("rb") as file:
                return imports.receive_file(file=file, name=path.name, kind=kind, by=BY, now=timezone.now())
        except OSError as error:
            raise CommandError(f"Файл не открывается: {error.strerror}") from error
        except (imports.FileTooLarge, imports.EmptyFile) as fact:
            raise CommandError(str(type(fact).__doc__)) from fact

    def _until_still(self, brought: Import) -> None:
        """A worker may be doing it already: then its turn comes before ours, and nothing is done twice."""
        while Import.objects.filter(pk=brought.pk, state__in=imports.BUSY).exists():
            imports.work_off(now=timezone.now())
        brought.refresh_from_db()

    def _tell(self, brought: Import) -> None:
        for note in brought.notes:
            self.stdout.write(import_words.said(note))
        for action in RowAction:
            self.stdout.write(f"{action.label}: {brought.counts.get(action, 0)}")
        wrong = brought.rows.filter(action__in=[RowAction.ERROR, RowAction.CONFLICT]).order_by("line")[:SHOWN]
        for row in import_words.shown(wrong, brought):
            for problem in row.problems:
                place = f", столбец «{problem.column}», «{problem.value}»" if problem.column else ""
                self.stderr.write(f"строка {row.line}{place}: {problem.reason}")
