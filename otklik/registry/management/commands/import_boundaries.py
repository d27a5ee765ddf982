"""`otklik registry import-boundaries FILE.geojson`: true boundaries in place of the schematic map."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from otklik.common.actor import Actor
from otklik.registry import boundaries, operations
from otklik.registry.models import Municipality

BY = Actor(None, "otklik registry import-boundaries")


class Command(BaseCommand):
    """Reads the file whole, says what it would not take, then writes everything or nothing."""

    help = "Загрузить границы муниципалитетов из GeoJSON (названия или ОКТМО в свойствах)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="только сказать, что было бы сделано")

    def handle(self, *_args: Any, **options: Any) -> None:
        found, troubles = self._read(options["file"])
        by_code = {each.oktmo: each for each in Municipality.objects.all()}
        by_name = {boundaries.key_of(each.name): each for each in by_code.values()}
        by_name |= {boundaries.key_of(each.short_name): each for each in by_code.values() if each.short_name}
        pairs: dict[int, tuple[Municipality, boundaries.Boundary]] = {}
        for boundary in found:
            place = by_code.get(boundary.code) or by_name.get(boundaries.key_of(boundary.name))
            if place is None:
                troubles.append(
                    boundaries.Trouble(boundary.number, boundary.name, "такого муниципалитета нет")
                )
            elif place.pk in pairs:
                troubles.append(boundaries.Trouble(boundary.number, boundary.name, "граница уже была выше"))
            else:
                pairs[place.pk] = (place, boundary)
        for trouble in sorted(troubles, key=lambda each: each.number):
            self.stderr.write(f"объект {trouble.number} «{trouble.name}»: {trouble.why}")
        if not options["dry_run"]:
            self._write(list(pairs.values()))
        verb = "было бы загружено" if options["dry_run"] else "загружено"
        self.stdout.write(f"{verb}: {len(pairs)} из {len(by_code)}; не взято: {len(troubles)}")
        if not pairs:
            raise CommandError(
                "Ни одна граница не подошла: проверьте названия или ОКТМО в свойствах объектов."
            )

    def _read(self, path: Path) -> tuple[list[boundaries.Boundary], list[boundaries.Trouble]]:
        try:
            return boundaries.read(json.loads(path.read_text(encoding="utf-8-sig")))
        except OSError as error:
            raise CommandError(f"Файл не открывается: {error.strerror}") from error
        except boundaries.NotGeoJson as error:
            raise CommandError(
                "Это не GeoJSON: нужен FeatureCollection с границами муниципалитетов."
            ) from error
        except (ValueError, RecursionError) as error:
            raise CommandError(f"Файл не читается как JSON: {error}") from error

    @transaction.atomic
    def _write(self, pairs: list[tuple[Municipality, boundaries.Boundary]]) -> None:
        now = timezone.now()
        for place, boundary in pairs:
            operations.set_shape(municipality=place, shape=boundary.geometry, schematic=False, by=BY, now=now)
