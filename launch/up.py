"""The whole system in one terminal: database, web, worker, simulator and the demonstration region."""

import os
import socket
import sys
import time
from pathlib import Path

from launch import ports, schema
from launch.console import Console
from launch.environment import host, number, prepared, sim_port, sim_url, use_simulator, web_port
from launch.supervise import Program, Supervisor

START_PATIENCE = 60.0  # seconds for a child to begin to answer


def up(*, demo: bool) -> int:
    """Start everything, look after it until Ctrl-C or SIGTERM, stop everything. Gives the exit code."""
    console = Console()
    web = ports.listen(host(), web_port(), variable="PORT")
    if demo:
        ports.check_free("127.0.0.1", sim_port(), variable="SIM_PORT")
        use_simulator()
    embedded = not os.environ.get("DATABASE_URL")
    if embedded:
        console.say("поднимаю базу данных…")
    with prepared() as home:
        console.say(f"база готова, данные в {home}" if embedded else "база указана в DATABASE_URL")
        with Supervisor(console) as supervisor:
            if demo:
                supervisor.start(_otklik("sim"))
            code = _bring_up(supervisor, home, web, demo=demo)
            if code == 0:
                supervisor.watch()
            return 0 if supervisor.stopping else code


def _otklik(name: str, *arguments: str, fds: tuple[int, ...] = (), label: str = "") -> Program:
    return Program(label or name, [sys.executable, "-m", "launch", name, *arguments], fds)


def _bring_up(supervisor: Supervisor, home: Path, web: socket.socket, *, demo: bool) -> int:
    """The steps that must follow one another; 0 when all is up or the stop was asked for meanwhile."""
    if code := _migrate(supervisor, home):
        return code
    for label in _labels("web", number("OTKLIK_WEB_PROCESSES", 1, most=64)):
        supervisor.start(_otklik("web", "--fd", str(web.fileno()), fds=(web.fileno(),), label=label))
    for label in _labels("reader", number("OTKLIK_WORKER_PROCESSES", 1, most=64)):
        supervisor.start(_otklik("worker", "reading", label=label))
    supervisor.start(_otklik("worker", "rest", label="worker"))
    # Loading comes last: the network asks the site about each page while it is connected.
    _await_health(supervisor)
    logins = _load_region(supervisor) if demo else []
    if not supervisor.stopping:
        supervisor.console.block(_welcome(logins, demo=demo))
    return 0


def _migrate(supervisor: Supervisor, home: Path) -> int:
    if schema.is_current(home, os.environ["DATABASE_URL"]):
        return 0
    supervisor.console.say("привожу базу к этой версии…")
    if supervisor.run(_otklik("migrate", label="otklik")):
        return 1
    schema.remember(home, os.environ["DATABASE_URL"])
    return 0


def _load_region(supervisor: Supervisor) -> list[str]:
    """Load the demonstration region and let its residents write; gives the logins to show."""
    logins: list[str] = []
    _await_port(supervisor, sim_port(), "симулятор")
    code = supervisor.run(_otklik("demo", "load", label="demo"), collect=logins)
    if code and not supervisor.stopping:
        supervisor.console.say("учебный регион не загрузился, остальное работает")
    elif not supervisor.stopping:
        supervisor.start(_otklik("demo", "residents", label="demo"))
    return logins


def _labels(name: str, count: int) -> list[str]:
    return [name] if count == 1 else [f"{name}{number}" for number in range(1, count + 1)]


def _await_port(supervisor: Supervisor, port: int, name: str) -> None:
    until = time.monotonic() + START_PATIENCE
    while not supervisor.stopping and not ports.answers("127.0.0.1", port):
        if time.monotonic() > until:
            supervisor.console.say(f"{name} не отвечает на порту {port}")
            return
        supervisor.tend(0.1)


def _await_health(supervisor: Supervisor) -> None:
    until = time.monotonic() + START_PATIENCE
    while not supervisor.stopping and not ports.healthy(web_port()):
        if time.monotonic() > until:
            supervisor.console.say("сайт не отвечает: посмотрите строки web выше")
            return
        supervisor.tend(0.1)


def _welcome(logins: list[str], *, demo: bool) -> str:
    site = os.environ.get("OTKLIK_BASE_URL", f"http://127.0.0.1:{web_port()}")
    lines = ["═" * 72, f"  Отклик работает:   {site}   каталог для жителей"]
    lines += [f"  Рабочее место:     {site}/desk/   вход сотрудников"]
    if demo:
        lines += [f"  Симулятор сети:    {sim_url()}   здесь можно писать как житель", ""]
        lines += [f"  {line}" for line in logins]
    else:
        lines += ["  Первый сотрудник:  otklik manage createsuperuser"]
    return "\n".join([*lines, "", "  Остановить всё: Ctrl-C", "═" * 72])
