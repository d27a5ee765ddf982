"""`catalogue extract | compile | check`: the translations of the interface."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from otklik.common import catalogue

PACKAGE = "otklik"


class Command(BaseCommand):
    help = "Translations: bring catalogues up to the sources, compile them, or check that they are whole."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["extract", "compile", "check"])

    def handle(self, *args: Any, **options: Any) -> None:
        root = Path(settings.BASE_DIR)
        languages = [code for code, _name in settings.LANGUAGES]
        if options["what"] == "compile":
            for language in languages:
                catalogue.compile_(root, language)
            return
        said = catalogue.said_in(root, PACKAGE)
        if options["what"] == "extract":
            for language in languages:
                lacking = catalogue.extract(root, said, language)
                self.stdout.write(f"{language}: {lacking} to translate")
            return
        found = [f"{code}: {each}" for code in languages for each in catalogue.problems(root, said, code)]
        if found:
            raise CommandError(
                "\n".join([*found, f"{len(found)} problems; run `catalogue extract` and translate"])
            )
