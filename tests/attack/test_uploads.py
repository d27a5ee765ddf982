"""Huge files and bombs through the real web server and the real work on them: refused in words, memory kept."""

import io
import os
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.test import Client

from otklik.registry.models import Import
from otklik.registry.operations.reference import load_reference
from tests import cast
from tests.attack import places
from tests.database import database_address
from tests.registry.tables import as_csv, federal

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
MOST_MB = 600
WORK = """
import django; django.setup()
from pathlib import Path
from django.utils import timezone
from otklik.registry.operations import imports
while imports.work_off(now=timezone.now()):
    pass
# The kernel's own peak of this program: rusage would begin with that of the process which started it.
status = Path("/proc/self/status").read_text()
print(int(status.split("VmHWM:")[1].split()[0]) // 1024)
"""


@contextmanager
def server() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The real web server on the test's database."""
    port = places.free_port()
    env = os.environ | {
        "DATABASE_URL": database_address(),
        "PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    command = [sys.executable, "-c", "from launch import web; web.serve()"]
    with subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL) as child:
        try:
            places.until(lambda: places.listens(port), "the web server listens")
            yield f"http://127.0.0.1:{port}", child
        finally:
            child.kill()


class Person:
    """Whoever keeps the register, at a browser of its own."""

    def __init__(self, site: str) -> None:
        client = Client()
        client.force_login(cast.account("methodist"), backend="django.contrib.auth.backends.ModelBackend")
        cookies = {name: morsel.value for name, morsel in client.cookies.items()}
        self.http = httpx.Client(base_url=site, cookies=cookies, timeout=240, follow_redirects=True)
        page = self.http.get("/desk/register/imports/")
        self.token = page.text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]

    def send(self, file: Any, name: str, kind: str = "federal") -> httpx.Response:
        """The form as a browser sends it: hidden fields first, the file streamed after them."""
        fields = {"csrfmiddlewaretoken": self.token, "kind": kind}
        return self.http.post("/desk/register/imports/receive", data=fields, files={"file": (name, file)})


def _peak_mb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM:"))


def _bomb() -> io.BytesIO:
    """A workbook of 200 KB that unpacks into 200 MB."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _each in range(200):
                sheet.write(b" " * 1_000_000)
    file.seek(0)
    return file


def _work() -> int:
    """A worker's work on everything that waits, in a process of its own; its peak memory in MB."""
    env = os.environ | {"DATABASE_URL": database_address(), "DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run([sys.executable, "-c", WORK], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return int(done.stdout.split()[-1])


@pytest.mark.timeout(600)
def test_memory_stays_within_its_bounds_whatever_is_brought(tmp_path: Path) -> None:
    cast.region()
    load_reference()
    huge = tmp_path / "huge.xlsx"
    with huge.open("wb") as file:
        file.truncate(200_000_000)
    long = as_csv(
        [federal(f"Школа {n} " + "длинное название " * 15, **{"ID госпаблика": n}) for n in range(28_000)]
    )
    assert 15_000_000 < len(long) < 20_000_000
    with server() as (site, process):
        person = Person(site)
        with huge.open("rb") as file:
            answer = person.send(file, "huge.xlsx")
        assert answer.status_code == 200
        assert "Файл больше 20 МБ" in answer.text
        assert not Import.objects.exists()
        assert person.send(_bomb(), "bomb.xlsx").status_code == 200
        together = [threading.Thread(target=person.send, args=(io.BytesIO(long), "a.csv")) for _ in range(4)]
        for each in together:
            each.start()
        for each in together:
            each.join()
        assert _peak_mb(process.pid) < MOST_MB
        assert httpx.get(f"{site}/healthz").status_code == 200
    assert Import.objects.filter(file_name="a.csv", state="checking").count() == 4
    # One of the four is work enough.
    Import.objects.filter(
        pk__in=list(Import.objects.order_by("pk").values_list("pk", flat=True))[2:]
    ).delete()
    assert _work() < MOST_MB
    states = list(Import.objects.order_by("pk").values_list("file_name", "state"))
    assert states == [("bomb.xlsx", "refused"), ("a.csv", "checked")]


def test_a_stranger_is_given_no_larger_body_than_anybody(tmp_path: Path) -> None:
    with server() as (site, _process):
        content = io.BytesIO(b"x" * 5_000_000)
        try:
            answer = httpx.post(f"{site}/desk/register/imports/receive", files={"file": content}, timeout=60)
        except httpx.WriteError:
            return  # hung up on in the middle of it, which is as good
        assert answer.status_code in {302, 403}
        assert not Import.objects.exists()
