"""`otklik registry add-organization`: one body or institution, with its parent."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from otklik.common.actor import Actor
from otklik.registry import operations
from otklik.registry.enums import OrgLevel
from otklik.registry.models import Organization

BY = Actor(None, "otklik registry add-organization")


class Command(BaseCommand):
    """One organisation at a time; whole registers are imported elsewhere."""

    help = "Добавить организацию: её код потом называют в других командах."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="короткий код латиницей, например minzdrav")
        parser.add_argument("name", help="полное название")
        parser.add_argument("--short", default="", help="короткое название")
        parser.add_argument("--level", choices=OrgLevel.values, required=True)
        parser.add_argument("--type", default="", help="например administration или school")
        parser.add_argument("--parent", help="код вышестоящей организации")

    def handle(self, *_args: Any, **options: Any) -> None:
        if Organization.objects.filter(code=options["code"]).exists():
            raise CommandError(f"Организация с кодом {options['code']} уже есть.")
        parent = None
        if options["parent"]:
            parent = Organization.objects.filter(code=options["parent"]).first()
            if parent is None:
                raise CommandError(f"Нет организации с кодом {options['parent']}.")
        made = operations.add_organization(
            code=options["code"],
            name=options["name"],
            short_name=options["short"] or options["name"][:120],
            level=options["level"],
            type=options["type"],
            parent=parent,
            by=BY,
            now=timezone.now(),
        )
        self.stdout.write(f"Добавлено: {made.name} ({made.code}).")
