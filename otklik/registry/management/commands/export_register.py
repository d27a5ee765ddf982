"""`otklik registry export FILE`: the register as a table that loads back unchanged."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from otklik.registry.models import Organization
from otklik.registry.operations import exports


class Command(BaseCommand):
    """CSV or XLSX by the ending of the name."""

    help = "Выгрузить организации, обязанности и страницы; формат по окончанию имени: .csv или .xlsx."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--active", action="store_true", help="только действующие организации")

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if path.suffix.lower() not in {".csv", ".xlsx"}:
            raise CommandError("Имя файла должно кончаться на .csv или .xlsx.")
        found = Organization.objects.order_by("pk")
        rows = exports.register_lines(found.filter(is_active=True) if options["active"] else found)
        try:
            with path.open("wb") as file:
                exports.write(file, rows, title="Реестр", is_csv=path.suffix.lower() == ".csv")
        except OSError as error:
            raise CommandError(f"Файл не открывается: {error.strerror}") from error
        self.stdout.write(f"Выгружено организаций: {found.count()}.")
