"""What both commands of the gazetteer share: the file, the dry run and the telling."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from otklik.common.actor import Actor
from otklik.registry import gazetteers
from otklik.registry.operations import Brought
from otklik.registry.tables.lines import Unreadable


class GazetteerCommand(BaseCommand):
    """Reads a table, writes everything that can be taken, tells the rest by its lines."""

    by: Actor

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="только сказать, что было бы сделано")

    def bring(self, **given: Any) -> Brought:
        raise NotImplementedError

    def handle(self, *_args: Any, **options: Any) -> None:
        with transaction.atomic():
            brought = self._bring(options["file"])
            transaction.set_rollback(options["dry_run"])
        for trouble in brought.troubles:
            self.stderr.write(f"строка {trouble.number} «{trouble.name}»: {trouble.why}")
        for why, count in brought.passed.most_common():
            self.stderr.write(f"пропущено строк: {count}, {why}")
        verb = "было бы добавлено" if options["dry_run"] else "добавлено"
        self.stdout.write(
            f"{verb}: {brought.added}; дополнено: {brought.filled}; уже было: {brought.same}; "
            f"не взято: {len(brought.troubles)}"
        )
        if not brought.added + brought.filled + brought.same:
            raise CommandError("Ни одна строка не подошла: проверьте столбцы и названия муниципалитетов.")

    def _bring(self, path: Path) -> Brought:
        try:
            with path.open("rb") as file:
                return self.bring(file=file, by=self.by, now=timezone.now())
        except OSError as error:
            raise CommandError(f"Файл не открывается: {error.strerror}") from error
        except Unreadable as error:
            raise CommandError(str(error)) from error
        except gazetteers.UnknownLayout as error:
            raise CommandError(str(gazetteers.UnknownLayout.__doc__)) from error
