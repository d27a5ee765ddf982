"""The command line of `otklik`: one function a command, each imports what it needs when it is chosen."""

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from launch import keys
from launch.environment import BadSetting, number, prepared, sim_port, sim_url, use_simulator
from launch.parent import die_with_parent
from launch.ports import PortTaken
from launch.postgres import DatabaseUnavailable
from launch.postgres import home as home_folder
from launch.triage import BadTable, add_commands

# Commands of Django that look at no data: they need no database to be started.
WITHOUT_DATABASE = {
    "catalogue", "check", "collectstatic", "compilemessages", "diffsettings", "findstatic", "help",
    "makemessages", "makemigrations", "sendtestemail", "startapp", "version", "--help", "--version",
}  # fmt: skip

Command = Callable[[argparse.Namespace], int]


def main(arguments: list[str] | None = None) -> int:
    """Run one command and give its exit code: 0 well, 1 not, 2 misused, 130 stopped by Ctrl-C."""
    die_with_parent()
    given = sys.argv[1:] if arguments is None else arguments
    # Python's own way of leaving: what was opened is closed, the database is left.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        if given[:1] == ["manage"]:
            return _manage(given[1:])
        if (region := _region_command(given)) is not None:
            return _manage(region)
        chosen = _parser().parse_args(given)
        command: Command = chosen.command
        return command(chosen)
    except (BadSetting, BadTable, DatabaseUnavailable, PortTaken) as trouble:
        print(f"otklik: {trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read the output has seen enough; nothing more can be written, not even by Python at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="otklik", description="Отклик: обращения жителей из соцсетей, от комментария до ответа под ним."
    )
    commands = parser.add_subparsers(title="команды", required=True, metavar="команда")

    def add(name: str, command: Command, what: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=what, description=what)
        added.set_defaults(command=command)
        return added

    add("up", _up, "всё сразу в одном окне: база, сайт, работник, симулятор, учебный регион").add_argument(
        "--without-demo", action="store_true", help="без симулятора и учебного региона"
    )
    add("web", _web, "только сайт").add_argument("--fd", type=int, help=argparse.SUPPRESS)
    add("worker", _worker, "только работник очереди").add_argument(
        "part",
        nargs="?",
        default="all",
        choices=("all", "reading", "rest"),
        help="вся работа, только чтение сообщений или всё остальное",
    )
    add("migrate", _migrate, "привести базу к этой версии программы")
    add("doctor", _doctor, "проверить установку и сказать, что сделать").add_argument(
        "--json", action="store_true", help="для программ"
    )
    commands.add_parser("manage", help="команды Django: otklik manage help")
    _add_registry(commands)
    add_commands(commands)
    _add_demo(commands)
    _add_sim(commands)
    return parser


# Commands for a real region: Django's, under names that say whose business they are.
REGION_COMMANDS = {
    "registry": ("реестр региона", {
        "set-up": ("set_up_region", "завести регион с его рабочим календарём"),
        "load-calendar": ("load_calendar", "загрузить годы производственного календаря: XML или библиотека"),
        "own-calendar": ("own_calendar", "часы работы органа, если они не как у региона"),
        "add-organization": ("add_organization", "добавить орган или учреждение"),
        "add-account": ("add_account", "завести сотрудника или дать ему ещё одну роль"),
        "import-boundaries": ("import_boundaries", "границы муниципалитетов из GeoJSON вместо схемы"),
        "import-settlements": ("import_settlements", "населённые пункты: простая таблица, GeoNames или ОКТМО"),
        "import-streets": ("import_streets", "улицы населённых пунктов"),
        "reindex": ("reindex", "собрать поиск по каталогу заново"),
        "import": ("import_table", "проверить таблицу и занести её в реестр"),
        "export": ("export_register", "выгрузить реестр в CSV или XLSX"),
    }),
    "casework": ("работа с обращениями", {
        "profile": ("sla_profile", "сроки региона: показать профили, выбрать, загрузить свои"),
    }),
    "channels": ("страницы в сетях", {
        "connect": ("connect_page", "подключить страницу ключом сообщества"),
    }),
}  # fmt: skip


def _region_command(given: list[str]) -> list[str] | None:
    """The arguments for Django when these words name a command of the region."""
    if len(given) >= 2 and given[0] in REGION_COMMANDS and given[1] in REGION_COMMANDS[given[0]][1]:
        return [REGION_COMMANDS[given[0]][1][given[1]][0], *given[2:]]
    return None


def _add_registry(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    for group, (what, names) in REGION_COMMANDS.items():
        actions = commands.add_parser(group, help=what).add_subparsers(required=True, metavar="действие")
        for name, (_command, about) in names.items():
            actions.add_parser(name, help=f"{about}; otklik {group} {name} --help")


def _add_demo(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    demo = commands.add_parser("demo", help="учебный регион").add_subparsers(
        required=True, metavar="действие"
    )
    load = demo.add_parser("load", help="загрузить учебный регион в базу и в симулятор (можно повторять)")
    load.set_defaults(command=_demo_load)
    residents = demo.add_parser("residents", help="жители, которые всё время пишут в симулятор")
    residents.set_defaults(command=_demo_residents)


def _add_sim(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    sim = commands.add_parser("sim", help="симулятор сетей; sim feed ФАЙЛ.csv пишет в него за жителей")
    sim.set_defaults(command=_sim)
    feed = sim.add_subparsers(metavar="действие").add_parser(
        "feed", help="каждая строка таблицы становится комментарием жителя"
    )
    feed.add_argument("file", type=Path, metavar="ФАЙЛ.csv")
    feed.add_argument("--rate", type=float, default=5.0, help="комментариев в секунду, 0 без ограничения (5)")
    feed.add_argument("--limit", type=int, help="не больше стольких строк")
    feed.add_argument("--column", help="столбец с текстом, если он назван необычно")
    feed.add_argument("--seed", type=int, default=1, help="от него зависит выбор страниц и жителей")
    feed.set_defaults(command=_feed)


def _wake_django() -> None:
    import django

    django.setup()


def _up(chosen: argparse.Namespace) -> int:
    from launch.up import up

    return up(demo=not chosen.without_demo)


def _web(chosen: argparse.Namespace) -> int:
    from launch.web import serve

    with prepared():
        serve(fd=chosen.fd)
    return 0


def _worker(chosen: argparse.Namespace) -> int:
    from launch.worker import work

    with prepared():
        _wake_django()
        work(chosen.part)
    return 0


def _migrate(chosen: argparse.Namespace) -> int:
    return _manage(["migrate", "--no-input", "--verbosity", "0"])


def _manage(arguments: list[str]) -> int:
    from django.core.management import execute_from_command_line

    line = ["otklik manage", *(arguments or ["help"])]
    if WITHOUT_DATABASE & set(line[1:]):
        keys.borrow()
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        execute_from_command_line(line)
        return 0
    with prepared():
        execute_from_command_line(line)
    return 0


def _doctor(chosen: argparse.Namespace) -> int:
    from launch.doctor import examine, picture

    findings = examine()
    if chosen.json:
        print(json.dumps([finding.as_dict() for finding in findings], ensure_ascii=False))
    else:
        print(picture(findings))
    return 1 if any(finding.state == "bad" for finding in findings) else 0


def _demo_load(chosen: argparse.Namespace) -> int:
    use_simulator()
    with prepared():
        _wake_django()
        from launch.demonstration import load

        return load()


def _demo_residents(chosen: argparse.Namespace) -> int:
    pace = number("OTKLIK_DEMO_PER_MINUTE", 6, least=0, most=6000)
    return _become("demo.residents", "--sim", sim_url(), "--per-minute", str(pace))


def _sim(chosen: argparse.Namespace) -> int:
    folder = home_folder() / "netsim"
    folder.mkdir(parents=True, exist_ok=True)
    return _become("netsim", "--port", str(sim_port()), "--data", str(folder))


def _become(module: str, *arguments: str) -> int:
    # exec, not a child: the wish to die with the supervisor passes over to it.
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])  # noqa: S606


def _feed(chosen: argparse.Namespace) -> int:
    from launch.feeding import feed

    return feed(chosen.file, rate=chosen.rate, limit=chosen.limit, column=chosen.column, seed=chosen.seed)
