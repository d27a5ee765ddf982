"""Calls of VK's methods: POST of a form, version 5.199, errors turned into failures."""

import json
from collections.abc import Callable
from typing import Any

from otklik.channels import http
from otklik.channels.base import NetworkFailure
from otklik.channels.vk import errors

VERSION = "5.199"


class Api:
    """One key at one address.

    `gate`, called before every call, waits for a slot or raises NetworkFailure; `blame` hears of every failure.
    """

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        kind: str = "",
        gate: Callable[[str], None] | None = None,
        blame: Callable[[NetworkFailure], None] | None = None,
    ) -> None:
        self._base_url, self._token = base_url.rstrip("/"), token
        self._gate, self._blame = gate, blame
        self.kind = kind

    def __repr__(self) -> str:
        return f"Api({self._base_url}, {self.kind})"

    def call(self, method: str, **params: Any) -> Any:
        """The `response` of the method; None among the parameters means "left out".

        Raises NetworkFailure: `lost` when a write may have been carried out all the same.
        """
        try:
            if self._gate:
                self._gate(method)
            return self._call(method, params)
        except NetworkFailure as failure:
            failure.method, failure.key_kind = method, self.kind
            if self._blame:
                self._blame(failure)
            raise

    def _call(self, method: str, params: dict[str, Any]) -> Any:
        form = {key: _form_value(value) for key, value in params.items() if value is not None}
        # The key goes into a header: addresses and forms end up in logs of proxies, headers do not.
        status, body = http.call(
            f"{self._base_url}/method/{method}",
            {**form, "v": VERSION},
            headers={"Authorization": f"Bearer {self._token}"},
        )
        if status != 200:
            raise NetworkFailure("bad_request", f"HTTP {status}", permanent=status != 408)
        return _response(body)


def _response(body: bytes) -> Any:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NetworkFailure("broken_response", repr(body[:100]), permanent=False, lost=True) from error
    if isinstance(answer, dict) and isinstance(answer.get("error"), dict):
        error_code = answer["error"].get("error_code")
        code = error_code if isinstance(error_code, int) else 0
        raise errors.failure(code, str(answer["error"].get("error_msg", "")))
    if not isinstance(answer, dict) or "response" not in answer:
        raise NetworkFailure("broken_response", repr(body[:100]), permanent=False, lost=True)
    return answer["response"]


def _form_value(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, list | tuple):
        return ",".join(str(each) for each in value)
    return str(value)
