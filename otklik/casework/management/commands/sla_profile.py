"""`otklik casework profile`: by which deadlines the region works, and profiles of its own out of JSON."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from otklik.casework import rules
from otklik.casework.models import SlaProfile
from otklik.casework.operations import profiles
from otklik.common.actor import Actor

BY = Actor(None, "otklik casework profile")


class Command(BaseCommand):
    """Without arguments only lists; a file is taken whole or not at all; the same file twice changes nothing."""

    help = "Показать профили сроков, загрузить свои из JSON, выбрать тот, по которому работает регион."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--load", type=Path, metavar="ФАЙЛ.json", help="профили: код → name, source, limits"
        )
        parser.add_argument("--choose", metavar="КОД", help="дальше сроки считаются по этому профилю")
        parser.add_argument("--dry-run", action="store_true", help="только проверить файл")

    def handle(self, *_args: Any, **options: Any) -> None:
        profiles.load_profiles()
        if options["load"]:
            with transaction.atomic():
                for code, given in self._read(options["load"]).items():
                    self._save(code, given)
                transaction.set_rollback(options["dry_run"])
        if options["choose"]:
            self._choose(options["choose"])
        for each in SlaProfile.objects.order_by("code"):
            mark = "→" if each.is_default else " "
            self.stdout.write(f"{mark} {each.code}: {each.name} ({each.source})")

    def _read(self, path: Path) -> dict[str, Any]:
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise CommandError(f"Файл не открывается: {error.strerror}") from error
        except json.JSONDecodeError as error:
            raise CommandError(f"Это не JSON: строка {error.lineno}, знак {error.colno}.") from error
        except (UnicodeDecodeError, RecursionError) as error:
            raise CommandError("Файл не читается: нужен JSON в UTF-8.") from error
        if not isinstance(found, dict):
            raise CommandError("В файле должны быть профили: код → name, source, limits.")
        return found

    def _save(self, code: str, given: Any) -> None:
        if not isinstance(given, dict) or not {"name", "limits"} <= given.keys() <= {
            "name",
            "source",
            "limits",
        }:
            raise CommandError(f"{code}: у профиля есть name, source и limits, и больше ничего.")
        if not (code.isascii() and code.replace("_", "").isalnum() and len(code) <= 40):
            raise CommandError(f"{code[:60]}: код профиля пишется латиницей и цифрами, до 40 знаков.")
        try:
            profiles.save_profile(
                code=code,
                name=str(given["name"]),
                source=str(given.get("source", "")),
                limits=given["limits"],
                by=BY,
                now=timezone.now(),
            )
        except rules.BadLimits as error:
            raise CommandError(f"{code}: {error}") from error

    def _choose(self, code: str) -> None:
        profile = SlaProfile.objects.filter(code=code).first()
        if profile is None:
            known = ", ".join(SlaProfile.objects.order_by("code").values_list("code", flat=True))
            raise CommandError(f"Нет профиля «{code}». Есть: {known}.")
        try:
            profiles.choose_profile(profile=profile, by=BY, now=timezone.now())
        except rules.BadLimits as error:
            raise CommandError(f"{code}: {error}") from error
