"""A person at the pages of the simulator, without a browser."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import httpx

from netsim.images import drawn

PICTURE = ("яма.png", drawn("яма", 120, 90), "image/png")


@dataclass
class Visitor:
    """Reads pages and sends their forms, as a browser without scripts does."""

    url: str
    http: httpx.Client = field(init=False)
    page: str = ""
    at: str = ""
    status: int = 0

    def __post_init__(self) -> None:
        self.http = httpx.Client(
            base_url=self.url, timeout=20, trust_env=False, verify=False, follow_redirects=True
        )

    def open(self, path: str) -> str:
        """The page behind a path."""
        return self._took(self.http.get(path))

    def do(self, deed: str, files: Any = None, **fields: Any) -> str:
        """Send a form with this visitor's proof; the page it leads to."""
        data = {"proof": self.proof, **{name: str(value) for name, value in fields.items()}}
        # A form with files is multipart even when none was chosen, as browsers send it.
        parts = [("photo", one) for one in files or []] or [("photo", ("", b"", "application/octet-stream"))]
        return self._took(self.http.post(f"/do/{deed}", data=data, files=parts))

    def become(self, name: str) -> Visitor:
        """Choose a name."""
        self.open("/who")
        self.do("become", name=name)
        return self

    def rule(self) -> Visitor:
        """Become the administrator of every page."""
        self.do("play", role="admin")
        return self

    @property
    def proof(self) -> str:
        """What the forms of this visitor carry."""
        return self.http.cookies.get("net_proof") or ""

    @property
    def id(self) -> int:
        """Who I am."""
        return int(self.http.cookies.get("net_who") or 0)

    def _took(self, answer: httpx.Response) -> str:
        self.page, self.status = answer.text, answer.status_code
        self.at = answer.url.raw_path.decode() + (f"#{answer.url.fragment}" if answer.url.fragment else "")
        return self.page

    @property
    def words(self) -> str:
        """What a person reads on the page: no tags, single spaces."""
        body = re.sub(r"<(script|style|title)\b.*?</\1>", " ", self.page, flags=re.DOTALL)
        return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())

    def close(self) -> None:
        """Leave."""
        self.http.close()
