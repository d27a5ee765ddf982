"""The part of VKScript that programs use: `var`, `return`, literals, objects, `API.section.method({...})`,
`.field`,
`@.field`, `[index]`, `+`. No loops and no conditions: such a script does not compile here (error 12)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
    r"""|(?P<name>[A-Za-z_]\w*)|(?P<mark>@\.|[{}\[\](),:;.=+\-]))""",
    re.DOTALL,
)
ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}
WORDS: dict[str, Any] = {"true": True, "false": False, "null": None}
DEPTH_LIMIT = 60

Api = Callable[[str, dict[str, Any]], Any]
Scope = dict[str, Any]
Node = Callable[[Api, Scope], Any]


class CompileError(ValueError):
    """The script cannot be read."""


@dataclass(slots=True)
class Script:
    """A compiled script: assignments and, at the end, what it returns."""

    steps: list[tuple[str, Node]]
    result: Node

    def run(self, api: Api) -> Any:
        """Carry the script out, calling `api(method, params)` for each call."""
        scope: Scope = {}
        for name, node in self.steps:
            scope[name] = node(api, scope)
        return self.result(api, scope)

    def constant(self) -> Any:
        """What a script without calls returns."""

        def refuse(name: str, params: dict[str, Any]) -> Any:
            raise CompileError(f"{name} is not allowed here")

        return self.run(refuse)


def compile_script(code: str) -> Script:
    """Read a script. Raises `CompileError`."""
    return _Reader(code).script()


class _Reader:
    def __init__(self, code: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        self.at = 0
        self.depth = 0
        place, code = 0, code.strip()
        while place < len(code):
            match = TOKEN.match(code, place)
            if match is None:
                raise CompileError(f"syntax error near: {code[place : place + 20]!r}")
            self.tokens.append((match.lastgroup or "", match[match.lastgroup or 0]))
            place = match.end()

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def take(self, *wanted: str) -> str:
        kind, text = self.peek()
        if wanted and text not in wanted and kind not in wanted:
            raise CompileError(f"expected {wanted[0]}, found {text or 'the end'}")
        self.at += 1
        return text

    def skip(self, mark: str) -> bool:
        if self.peek() == ("mark", mark):
            self.at += 1
            return True
        return False

    def script(self) -> Script:
        steps: list[tuple[str, Node]] = []
        while self.peek()[0] != "end":
            word = self.take("name")
            if word == "return":
                result = self.expression()
                self.skip(";")
                self.take("end")
                return Script(steps, result)
            name = self.take("name") if word == "var" else word
            self.take("=")
            steps.append((name, self.expression()))
            self.skip(";")
        return Script(steps, lambda api, scope: None)

    def expression(self) -> Node:
        self.depth += 1
        if self.depth > DEPTH_LIMIT:
            raise CompileError("too deep")
        left = self.postfix()
        while self.skip("+"):
            left = _added(left, self.postfix())
        self.depth -= 1
        return left

    def postfix(self) -> Node:
        node = self.primary()
        while True:
            if self.skip("@."):
                node = _each(node, self.take("name"))
            elif self.skip("."):
                node = _field(node, self.take("name"))
            elif self.skip("["):
                node = _item(node, self.expression())
                self.take("]")
            else:
                return node

    def primary(self) -> Node:
        kind, text = self.peek()
        if kind == "number":
            return _constant(float(self.take()) if "." in text else int(self.take()))
        if kind == "string":
            self.take()
            return _constant(re.sub(r"\\(.)", lambda m: ESCAPES.get(m[1], m[1]), text[1:-1], flags=re.DOTALL))
        if kind == "name":
            return self.named()
        return self.marked()

    def marked(self) -> Node:
        if self.skip("-"):
            node = self.primary()
            return lambda api, scope: -node(api, scope)
        if self.skip("("):
            node = self.expression()
            self.take(")")
            return node
        if self.skip("["):
            items = self.listed("]", self.expression)
            return lambda api, scope: [item(api, scope) for item in items]
        if self.skip("{"):
            pairs = self.listed("}", self.pair)
            return lambda api, scope: {name: value(api, scope) for name, value in pairs}
        raise CompileError(f"unexpected {self.peek()[1] or 'end'}")

    def listed(self, end: str, one: Callable[[], Any]) -> list[Any]:
        found: list[Any] = []
        while not self.skip(end):
            found.append(one())
            if not self.skip(","):
                self.take(end)
                break
        return found

    def pair(self) -> tuple[str, Node]:
        kind, _ = self.peek()
        name = self.take("name", "string", "number")
        self.take(":")
        return (name[1:-1] if kind == "string" else name), self.expression()

    def named(self) -> Node:
        name = self.take("name")
        if name in WORDS:
            return _constant(WORDS[name])
        if name != "API":
            return lambda api, scope: scope.get(name)
        self.take(".")
        section = self.take("name")
        self.take(".")
        called = f"{section}.{self.take('name')}"
        self.take("(")
        arguments = self.listed(")", self.expression)
        return _call(called, arguments)


def _constant(value: Any) -> Node:
    return lambda api, scope: value


def _call(called: str, arguments: list[Node]) -> Node:
    def run(api: Api, scope: Scope) -> Any:
        params = arguments[0](api, scope) if arguments else {}
        return api(called, params if isinstance(params, dict) else {})

    return run


def _added(left: Node, right: Node) -> Node:
    def run(api: Api, scope: Scope) -> Any:
        a, b = left(api, scope), right(api, scope)
        if isinstance(a, str) or isinstance(b, str):
            return f"{a}{b}"
        return a + b if type(a) is type(b) or isinstance(a, int | float) else None

    return run


def _field(node: Node, name: str) -> Node:
    def run(api: Api, scope: Scope) -> Any:
        value = node(api, scope)
        if name == "length":
            return len(value)
        return value.get(name) if isinstance(value, dict) else None

    return run


def _item(node: Node, index: Node) -> Node:
    def run(api: Api, scope: Scope) -> Any:
        value, at = node(api, scope), index(api, scope)
        try:
            return value[at]
        except (LookupError, TypeError):
            return None

    return run


def _each(node: Node, name: str) -> Node:
    def run(api: Api, scope: Scope) -> Any:
        value = node(api, scope)
        return [item.get(name) for item in value if isinstance(item, dict)] if isinstance(value, list) else []

    return run
