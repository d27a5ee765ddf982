"""400 people at work at once over a million incidents: how long each page takes.

Each has a session and a live connection of his own and does something every twenty seconds: opens a card, pages through
the queue, searches, opens a form; at least a fifth writes (a draft kept, a verdict confirmed, an incident accepted).
Beside that each browser does by itself what the desk's scripts do (`live.js`): it asks for rows that changed when it
hears of them, for the open card when that has changed, says at which card it is, and asks who else is there when
told. Two web processes, PostgreSQL and the 400 clients share the machine. Nothing is cached for several people but the
counts of the queue, as in life.
"""

import asyncio
import json
import os
import random
import re
import resource
import socket
import sys
import time
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from bench import stage
from bench.crowd_world import Crowd, build
from bench.figures import Figure, against_limit, percentile
from bench.memory import _session

EVERY_S, WARM_S, SECONDS, MARK_MS = 20.0, 30.0, 180.0, 300.0
WEB_PROCESSES = 2
# As the scripts of the desk do.
PRESENCE_S, SETTLED_S, REST_S = 30.0, 1.0, 1.2
ACTS = (("card", 34), ("queue", 12), ("more", 6), ("search", 4), ("panel", 8), ("write", 36))
LEAST_WRITES, CARDS_TRIED = 0.2, 3
VIEWS = {
    "dispatcher": ("triage", "triage", "triage", "overdue", "all", "answered"),
    "official": ("routed", "in_progress", "in_progress", "mine", "all"),
}
WORDS = ("отопление", "автобус", "яма во дворе", "детский сад", "не горит фонарь", "Житель 17")
DRAFT = "Здравствуйте! Проверили по вашему адресу, бригада выйдет завтра до 18:00. "


class Refused(Exception):
    """An answer that a person would not understand as one."""


@dataclass(slots=True)
class Tally:
    """What was measured after the warming up, by the name of the page."""

    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    by_itself: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    stale: int = 0
    heard: int = 0
    since: float = 0.0


class Line:
    """One kept connection; requests on it follow each other. The cookies of the session are the browser's."""

    def __init__(self, port: int, cookies: dict[str, str]) -> None:
        self.port, self.cookies = port, cookies
        self._lock = asyncio.Lock()
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def exchange(self, method: str, path: str, head: str, body: bytes) -> tuple[int, str]:
        """Status and text of the response; a connection that the server has let go is opened anew."""
        async with self._lock:
            for last in (False, True):
                try:
                    return await self._once(method, path, head, body)
                except (asyncio.IncompleteReadError, ConnectionError):
                    self._reader = None
                    if last:
                        raise
        raise AssertionError

    async def _once(self, method: str, path: str, head: str, body: bytes) -> tuple[int, str]:
        if self._reader is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port, limit=2**22)
        assert self._writer is not None
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self._writer.write(
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies}\r\n{head}"
            f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        top = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin1")
        for name, value in re.findall(r"(?im)^set-cookie: (\w+)=([^;]*)", top):
            self.cookies[name] = value
        return int(top[9:12]), (await self._body(top.lower())).decode()

    async def _body(self, top: str) -> bytes:
        assert self._reader is not None
        if length := re.search(r"content-length: (\d+)", top):
            return await self._reader.readexactly(int(length[1]))
        parts = []
        while "chunked" in top:
            size = int(await self._reader.readuntil(b"\r\n"), 16)
            parts.append((await self._reader.readexactly(size + 2))[:-2])
            if not size:
                break
        return b"".join(parts)


class Browser:
    """One person's browser: a session, the page that is open, and what its scripts do beside."""

    def __init__(self, port: int, session: str, kind: str, tally: Tally, seed: int) -> None:
        self.cookies = {"sessionid": session}
        self.own, self.itself = Line(port, self.cookies), Line(port, self.cookies)
        self.port, self.kind, self.tally, self.rng = port, kind, tally, random.Random(seed)
        self.token = self.after = self.html = self.query = self.open = self.at = ""
        self.ids: list[str] = []
        self.news: set[str] = set()
        # How many the last deed took: a card opened on the way to a write is one, too.
        self.acts = 0
        self.rest = REST_S
        self.arrived = asyncio.Event()

    async def ask(
        self, name: str, path: str, form: dict[str, str] | None = None, *, whole: bool = False
    ) -> str:
        """A page a person asked for, measured from the press of the key to its last byte."""
        head = "" if whole else "HX-Request: true\r\nHX-Target: card\r\n"
        return await self._ask((self.own, self.tally.took), name, path, head, form)

    async def ask_itself(self, name: str, path: str, form: dict[str, str] | None = None) -> str:
        """What a script asks for."""
        return await self._ask((self.itself, self.tally.by_itself), name, path, "HX-Request: true\r\n", form)

    async def _ask(
        self,
        where: tuple[Line, dict[str, list[float]]],
        name: str,
        path: str,
        head: str,
        form: dict[str, str] | None,
    ) -> str:
        line, tally = where
        self.acts += line is self.own
        body = urlencode(form or {}).encode()
        if form is not None:
            head += f"X-CSRFToken: {self.token}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        began = time.perf_counter()
        method = "GET" if form is None else "POST"
        status, text = await line.exchange(method, path, head, body)
        if status == 409:
            self.tally.stale += 1
        elif status not in {200, 204}:
            raise Refused(f"{method} {path}: {status} {text[:300]}")
        if began >= self.tally.since:
            tally[name].append((time.perf_counter() - began) * 1000)
        return text

    async def queue(self) -> None:
        """The whole page of a view, in the usual order or the newest first."""
        query = {"view": self.rng.choice(VIEWS[self.kind])} | (
            {"sort": "newest"} if self.rng.random() < 0.2 else {}
        )
        await self._list("queue", urlencode(query))

    async def search(self) -> None:
        """The whole page of what was looked for in everything."""
        await self._list("search", urlencode({"view": "all", "q": self.rng.choice(WORDS)}))

    async def _list(self, name: str, query: str) -> None:
        page = await self.ask(name, f"/desk/?{query}", whole=True)
        self.token = _first(r'X-CSRFToken": "(\w+)"', page)
        self.query, self.open, self.html = query, "", ""
        self._rows(page)
        if self.at:
            left, self.at = self.at, ""
            await self.ask_itself("presence", f"/desk/incidents/{left}/presence", {"doing": "left"})

    def _rows(self, page: str) -> None:
        self.ids = re.findall(r'<li id="row-(\d+)"', page)
        self.after = _first(r'hx-get="(/desk/more[^"]*)"', page).replace("&amp;", "&")

    async def more(self) -> None:
        """The next rows of the list, or the list anew at its end."""
        if not self.after:
            return await self.queue()
        self._rows(await self.ask("more", self.after))
        return None

    async def card(self) -> None:
        """A row of the list, opened beside it."""
        if not self.ids:
            return await self.queue()
        self.open, before = self.rng.choice(self.ids), self.open
        self.html = await self.ask("card", f"/desk/incidents/{self.open}?{self.query}")
        if self.open != before:
            self.arrived.set()
        return None

    async def panel(self) -> None:
        """A form of the open card."""
        panels = re.findall(r'data-panel="([^"?]*)', self.html)
        if not panels:
            return await self.card()
        await self.ask("panel", f"{self.rng.choice(panels)}?{self.query}")
        return None

    async def write(self) -> None:
        """What the open card offers, or one of the next cards when it offers nothing."""
        for _ in range(CARDS_TRIED):
            if await self._written():
                return
            await self.card()

    async def _written(self) -> bool:
        """Confirm the verdict, accept the incident, or keep a line more of the draft, as far as the card allows."""
        verdict = re.search(r'<form class="verdict".*?</form>', self.html, re.DOTALL)
        if verdict and 'data-testid="confirm"' in verdict[0] and 'name="executor" value=""' not in verdict[0]:
            await self._press("confirm", _fields(verdict[0]))
        elif "/accept?" in self.html and self.rng.random() < 0.5:
            await self._press("accept", {"version": _first(r'data-version="(\d+)"', self.html)})
        elif 'id="editor"' in self.html:
            await self._draft()
        else:
            return False
        return True

    async def _press(self, what: str, form: dict[str, str]) -> None:
        self.html = await self.ask(f"write {what}", f"/desk/incidents/{self.open}/{what}?{self.query}", form)

    async def _draft(self) -> None:
        version = _first(r'name="draft_version" value="(\d+)"', self.html)
        form = {"text": DRAFT * self.rng.randrange(1, 6), "draft_version": version}
        path = f"/desk/incidents/{self.open}/draft"
        text = await self._ask(
            (self.own, self.tally.took), "write draft", path, "Accept: application/json\r\n", form
        )
        if kept := re.search(r'"version": (\d+)', text):
            self.html = re.sub(r'(name="draft_version" value=")\d+', rf"\g<1>{kept[1]}", self.html)

    async def work(self, until: float) -> None:
        """Act after act until the time is over."""
        names, weights = zip(*ACTS, strict=True)
        await asyncio.sleep(self.rng.random() * EVERY_S)
        await self.queue()
        while time.perf_counter() < until:
            await asyncio.sleep(EVERY_S * max(1, self.acts) * (0.5 + self.rng.random()))
            self.acts = 0
            await getattr(self, self.rng.choices(names, weights)[0])()

    async def listen(self) -> None:
        """The live connection: what changed is asked for a little later, once in a second and a bit at most."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        cookie = self.cookies["sessionid"]
        writer.write(
            f"GET /desk/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: sessionid={cookie}\r\n\r\n".encode()
        )
        top = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in top[:20]:
            raise Refused(top.decode("latin1"))
        name = ""
        while line := await reader.readline():
            if line.startswith(b"event:"):
                name = line[6:].strip().decode()
            elif line.startswith(b"data:"):
                await self._hear(name, json.loads(line[5:]))
        raise Refused("the live connection was closed")

    async def _hear(self, name: str, told: dict[str, Any]) -> None:
        self.tally.heard += 1
        ids = {str(each) for each in told.get("ids", [])}
        if name == "changed":
            self.rest = told.get("pause", self.rest * 1000) / 1000
            self.news |= ids
        elif name == "here" and self.open in ids:
            await self.ask_itself("here", f"/desk/incidents/{self.open}/here")

    async def renew(self) -> None:
        """The rows that changed; if the open card is among them, whether it has moved on, and then the card."""
        while True:
            await asyncio.sleep(self.rest + 0.04 + self.rng.random() * 0.26)
            if not self.news or not self.query:
                continue
            news, self.news = self.news, set()
            await self.ask_itself("rows", f"/desk/rows?ids={','.join(sorted(news))}&{self.query}")
            if self.open in news:
                opened, version = self.open, _first(r'data-version="(\d+)"', self.html)
                if await self.ask_itself("news", f"/desk/incidents/{opened}/news?version={version}"):
                    await self.ask_itself("card", f"/desk/incidents/{opened}?{self.query}")

    async def be_present(self) -> None:
        """«I am at this card»: when it has been open for a moment, then every half a minute."""
        while True:
            try:
                async with asyncio.timeout(PRESENCE_S):
                    await self.arrived.wait()
                self.arrived.clear()
                await asyncio.sleep(SETTLED_S)
            except TimeoutError:
                pass
            opened, before = self.open, self.at
            if not opened:
                continue
            form = {"doing": "reading"} | ({"left": before} if before not in {"", opened} else {})
            self.at = opened
            await self.ask_itself("presence", f"/desk/incidents/{opened}/presence", form)


def _first(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    return found[1] if found else ""


def _fields(form: str) -> dict[str, str]:
    """What a browser sends of a form of hidden fields and radio buttons, as it stands."""
    sent = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = _first(r'name="([^"]*)"', tag), _first(r'value="([^"]*)"', tag)
        if name and ("radio" not in tag or "checked" in tag):
            sent[name] = value
    sent.pop("auto", None)
    return sent


async def play(port: int, sessions: list[tuple[str, str]], tally: Tally) -> None:
    """Everybody at once: (session, kind) of each. The first error ends it."""
    people = [Browser(port, session, kind, tally, seed) for seed, (session, kind) in enumerate(sessions)]
    async with asyncio.TaskGroup() as group:
        beside = [
            group.create_task(work)
            for each in people
            for work in (each.listen(), each.renew(), each.be_present())
        ]
        tally.since = time.perf_counter() + WARM_S
        until = tally.since + SECONDS
        await asyncio.gather(*(group.create_task(each.work(until)) for each in people))
        for each in beside:
            each.cancel()


def run(crowd: Crowd) -> None:
    """Start the servers, let everybody work, print the figures."""
    sessions = [(_session(each), "dispatcher") for each in crowd.dispatchers]
    sessions += [(_session(each), "official") for each in crowd.officials]
    tally = Tally()
    with ExitStack() as stack:
        listening = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=2048))
        port = listening.getsockname()[1]
        for _ in range(WEB_PROCESSES):
            stack.enter_context(stage.web_on(listening, OTKLIK_LOG_LEVEL="ERROR"))
        asyncio.run(play(port, sessions, tally))
    _tell(tally, crowd, len(sessions))


def _tell(tally: Tally, crowd: Crowd, people: int) -> None:
    acts = [each for took in tally.took.values() for each in took]
    writes = sum(len(took) for name, took in tally.took.items() if name.startswith("write"))
    itself = sum(len(took) for took in tally.by_itself.values())
    note = (
        f"{people} people, {crowd.incidents} incidents, {crowd.open} open; {len(acts)} acts in {SECONDS:g} s, "
        f"{writes} of them writes ({tally.stale} met a change by another), {itself} requests by scripts, "
        f"{tally.heard} pieces of live news; median {percentile(acts, 0.5):.0f} ms, slowest {max(acts):.0f} ms"
    )
    if writes < LEAST_WRITES * len(acts):
        raise RuntimeError(f"only {writes} of {len(acts)} acts were writes")
    print(against_limit("load_400_p95_ms", percentile(acts, 0.95), "ms", MARK_MS, note).line(), flush=True)
    for kind, pages in (("", tally.took), ("itself_", tally.by_itself)):
        for name, took in sorted(pages.items()):
            code = f"load_400_{kind}{name.replace(' ', '_')}_p95_ms"
            print(
                Figure(code, round(percentile(took, 0.95), 1), "ms", note=f"{len(took)} times").line(),
                flush=True,
            )


def main() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (8192, 8192))
    os.environ["OTKLIK_LOG_LEVEL"] = "ERROR"
    stage.django_setup()
    began = time.monotonic()
    crowd = build(datetime.now(UTC))
    print(f"{crowd.incidents} incidents in {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    run(crowd)


if __name__ == "__main__":
    main()
