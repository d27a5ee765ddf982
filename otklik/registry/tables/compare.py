"""Wishes of a file against the register: what would be added, changed, left; what repeats, contradicts, or loops."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from otklik.common.text import gettext_noop
from otklik.registry.enums import RowAction
from otklik.registry.tables.known import LINKS, OKTMO, ORGANIZATION, PAGE, Known, Ref
from otklik.registry.tables.lines import Trouble
from otklik.registry.tables.wishes import Clash, Failure, Parser, Reading, Told, Wish, Wrong


@dataclass(slots=True)
class Verdict:
    """What one line would do."""

    line: int
    action: RowAction
    title: str
    raw: dict[str, str]
    problems: list[Trouble]
    changes: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Comparison:
    """Keeps what the lines so far have said, so that the next is held against it too."""

    known: Known
    reading: Reading
    parser: Parser
    # (kind, row, field) → the line that named it.
    _said: dict[tuple[str, Ref, str], int] = field(default_factory=dict)
    _seen: dict[tuple[str, Ref], int] = field(default_factory=dict)

    def claim(self, told: Told) -> None:
        """First pass: find or reserve the organisation of a line that is read well."""
        if told.troubles:
            return
        try:
            missing = next((each for each in self.parser.layout.columns if each.required and
                            not told.values.get(each.code)), None)  # fmt: skip
            if missing is not None:
                raise Wrong(missing.code, "", gettext_noop("Заполните это поле."))
            self.reading.claim(told)
        except Failure as failure:
            told.failure = failure

    def judge(self, told: Told) -> Verdict:
        """Second pass: what the line would do."""
        title = str(told.values.get("name") or told.values.get("organization.name") or "")
        verdict = Verdict(told.line, RowAction.ERROR, title, told.raw, told.troubles)
        if told.troubles:
            return verdict
        changes: list[dict[str, Any]] = []
        try:
            if told.failure is not None:
                raise told.failure
            wishes = self.reading.wishes(told)
            self._refuse_repeats(told, wishes)
            clash = self._compare(wishes, changes)
            if clash is not None:
                verdict.changes = changes
                raise clash
        except Failure as failure:
            verdict.action = RowAction.CONFLICT if isinstance(failure, Clash) else RowAction.ERROR
            header = self.parser.header(failure.column) if failure.column else ""
            value = failure.value or told.raw.get(header, "")
            verdict.problems.append(Trouble(header, value, failure.reason, failure.params))
            return verdict
        self._remember(told.line, wishes)
        verdict.changes = changes
        verdict.action = action_of(changes)
        return verdict

    def _refuse_repeats(self, told: Told, wishes: list[Wish]) -> None:
        """The same page, or the same organisation without a page, twice in a file is a mistake of the file."""
        key = next(
            ((each.subject, each.ref) for each in reversed(wishes) if each.subject in {PAGE, OKTMO, ORGANIZATION}),
            (ORGANIZATION, 0),
        )  # fmt: skip
        before = self._seen.get(key)
        if before is not None:
            raise Wrong("", "", gettext_noop("Повторяет строку %(line)s."), line=before)
        self._seen[key] = told.line

    def _compare(self, wishes: list[Wish], changes: list[dict[str, Any]]) -> Clash | None:
        """Fills `changes`; gives the first contradiction."""
        clash = None
        for wish in wishes:
            row = self.known.rows[wish.subject].get(wish.ref)
            if row is None:
                changes.append({"subject": wish.subject, "id": None, "ref": wish.ref, "added": wish.values})
                continue
            for name, value in wish.values.items():
                if _same(row.get(name), value):
                    continue
                changes.append(
                    {
                        "subject": wish.subject,
                        **_place(wish.ref),
                        "field": name,
                        "old": row.get(name),
                        "new": value,
                    }
                )
                clash = clash or self._clash(wish, name, row)
        return clash

    def _clash(self, wish: Wish, name: str, row: dict[str, Any]) -> Clash | None:
        if wish.subject == PAGE and name == "organization":
            owner = self.known.rows[ORGANIZATION].get(row["organization"], {})
            return Clash(
                "external_id" if self.parser.places.get("external_id") is not None else "page.external_id",
                str(row["external_id"]),
                gettext_noop("Страница принадлежит другой организации: «%(owner)s»."),
                owner=owner.get("name", ""),
            )
        line = self._said.get((wish.subject, wish.ref, name))
        if line is None:
            return None
        return Clash(
            self._column(wish.subject, name),
            "",
            gettext_noop("В строке %(line)s для той же организации или страницы сказано другое."),
            line=line,
        )

    def _column(self, subject: str, name: str) -> str:
        codes = {each.code for each in self.parser.layout.columns}
        return next((code for code in (f"{subject}.{name}", name) if code in codes), "")

    def _remember(self, line: int, wishes: list[Wish]) -> None:
        for wish in wishes:
            row = self.known.rows[wish.subject].setdefault(wish.ref, {})
            row.update(wish.values)
            for name in wish.values:
                self._said.setdefault((wish.subject, wish.ref, name), line)


def _same(old: Any, new: Any) -> bool:
    """Cells lose spare spaces on their way: that is no change."""
    if isinstance(old, str) and isinstance(new, str):
        return old == new or old.split() == new.split()
    return bool(old == new) or (old is None and new == "")


def _place(ref: Ref) -> dict[str, Any]:
    return {"id": ref, "ref": None} if isinstance(ref, int) else {"id": None, "ref": ref}


def action_of(changes: Iterable[dict[str, Any]]) -> RowAction:
    """Adding wins over changing, nothing is leaving."""
    changes = list(changes)
    if any("added" in each for each in changes):
        return RowAction.ADD
    return RowAction.CHANGE if changes else RowAction.LEAVE


def settle(verdicts: list[Verdict], known: Known) -> None:
    """Lines that name a row whose own line will not be applied, and organisations under themselves, become errors."""
    by_line = {each.line: each for each in verdicts}
    for verdict in verdicts:
        if verdict.action in {RowAction.ADD, RowAction.CHANGE} and _loops(verdict, known):
            _spoil(verdict, gettext_noop("Организация не может подчиняться самой себе."))
    changed = True
    while changed:
        changed = False
        for verdict in verdicts:
            if verdict.action not in {RowAction.ADD, RowAction.CHANGE}:
                continue
            for line in _lines_named(verdict):
                if line != verdict.line and by_line[line].action in {RowAction.CONFLICT, RowAction.ERROR}:
                    reason = gettext_noop("Опирается на строку %(line)s, которая не будет применена.")
                    _spoil(verdict, reason, line=line)
                    changed = True
                    break


def _spoil(verdict: Verdict, reason: str, **params: Any) -> None:
    verdict.action = RowAction.ERROR
    verdict.problems.append(Trouble("", "", reason, params))
    verdict.changes = []


def _lines_named(verdict: Verdict) -> Iterator[int]:
    """The lines whose new organisations this one names or changes."""
    for change in verdict.changes:
        named = [change["ref"]] if change["subject"] == ORGANIZATION else []
        if "added" in change:
            named += [value for name, value in change["added"].items() if name in LINKS]
        elif change["field"] in LINKS:
            named.append(change["new"])
        for ref in named:
            if isinstance(ref, str):
                yield int(ref.split(":")[1])


def _loops(verdict: Verdict, known: Known) -> bool:
    rows = known.rows[ORGANIZATION]
    for change in verdict.changes:
        moved = change["subject"] == ORGANIZATION and (change.get("field") == "parent" or "added" in change)
        if not moved:
            continue
        start = change["id"] or change["ref"]
        above, steps = rows.get(start, {}).get("parent"), 0
        while above is not None and steps < 100:
            if above == start:
                return True
            above, steps = rows.get(above, {}).get("parent"), steps + 1
        if steps >= 100:
            return True
    return False
