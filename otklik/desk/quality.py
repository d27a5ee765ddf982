"""What the check says of an answer, as the desk shows it: the hints, the score in words, the ten points, the marks."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from otklik.casework import operations as casework
from otklik.casework.enums import AnswerKind, Resolution
from otklik.casework.models import Incident
from otklik.casework.operations.answer_words import DEFECTS, POINTS
from otklik.casework.operations.answering import LONGEST_ANSWER, drafted_photos
from otklik.casework.rules import answer_check
from otklik.casework.rules.templates import gaps_of
from otklik.common.text import excerpt
from otklik.desk.access import Desk

# A little more than may be sent, so that whoever cuts a long text is helped too.
LONGEST_CHECKED = 2 * LONGEST_ANSWER
_LONGEST_WORDS = 90
_PLAIN = 70
_SIGNS = {answer_check.YES: "✓", answer_check.NO: "✕", answer_check.UNKNOWN: "—"}


@dataclass(frozen=True, slots=True)
class Hint:
    """One thing to mend: what it is, the words it rests on, what to do instead, and where it stands.

    `start` and `end` count as a browser does (UTF-16); both are 0 when it is about the whole answer.
    """

    code: str
    name: Promise
    advice: Promise
    words: str
    blocks: bool
    of_question: bool
    start: int = 0
    end: int = 0


class Line(NamedTuple):
    """A point of the checklist: a sign, its words, whether it holds, fails or cannot be told."""

    sign: str
    label: Promise
    verdict: str
    verdict_words: str


class Mark(NamedTuple):
    """A piece of the answer and how it is underlined: «late» for what blocks, «warn» for advice, nothing else."""

    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class Said:
    """Everything that the check says."""

    hints: list[Hint]
    score: int
    score_words: str
    score_tone: str
    points: list[Line]
    marks: list[Mark]

    @property
    def blocking(self) -> int:
        """How many hints keep the answer from going out."""
        return sum(each.blocks for each in self.hints)

    @property
    def advising(self) -> int:
        """How many only advise."""
        return len(self.hints) - self.blocking

    @property
    def good(self) -> int:
        """How many points of the checklist hold."""
        return sum(each.verdict == answer_check.YES for each in self.points)

    @property
    def asked(self) -> int:
        """How many points could be told."""
        return sum(each.verdict != answer_check.UNKNOWN for each in self.points)


def said_of(incident: Incident, desk: Desk, given: QueryDict | dict[str, str]) -> Said | None:
    """The check of what was typed in a form with `text` and, once they are chosen, `kind` and `resolution`."""
    text = str(given.get("text") or "").replace("\r\n", "\n")[:LONGEST_CHECKED]
    if not text.strip():
        return None
    kind, resolution = str(given.get("kind") or ""), str(given.get("resolution") or "")
    review = casework.review_answer(
        incident=incident,
        text=text,
        now=desk.now,
        kind=kind if kind in AnswerKind.values else AnswerKind.FINAL,
        resolution=resolution if resolution in Resolution.values else Resolution.EXPLAINED,
        checked=casework.Checked(has_photo=drafted_photos(incident) > 0),
    )
    return _said(text, review)


def _said(text: str, review: answer_check.Review) -> Said:
    report = review.report
    words, tone = _readability(report.score)
    return Said(
        hints=[*_gaps(text), *(_hint(text, each) for each in answer_check.hints(report))],
        score=report.score,
        score_words=words,
        score_tone=tone,
        points=[
            Line(_SIGNS[point.verdict], POINTS[point.code], point.verdict, _verdict(point.verdict))
            for point in review.points
        ],
        marks=_marks(text, report.findings),
    )


def _readability(score: int) -> tuple[str, str]:
    if score >= _PLAIN:
        return _("читается легко"), "ok"
    if score >= answer_check.HARD:
        return _("можно проще"), "warn"
    return _("читается трудно"), "late"


def _verdict(code: str) -> str:
    return {answer_check.YES: _("да"), answer_check.NO: _("нет")}.get(code, _("не спрашивается"))


def _gaps(text: str) -> list[Hint]:
    """Places of a template that are not filled; no rule of a region lets them go."""
    return [
        Hint(
            "gap",
            gettext_lazy("Не заполнено"),
            gettext_lazy("Впишите слова вместо подстановки: система их не знает."),
            words,
            blocks=True,
            of_question=False,
            start=_units(text[:start]),
            end=_units(text[:end]),
        )
        for words, start, end in gaps_of(text)
    ]


def _hint(text: str, finding: answer_check.Finding) -> Hint:
    name, advice = DEFECTS[finding.code]
    whole = _is_whole(text, finding)
    of_question = finding.part is not None
    start = 0 if whole else _units(text[: finding.start])
    return Hint(
        finding.code,
        name,
        advice,
        "" if whole and not of_question else excerpt(finding.words, _LONGEST_WORDS),
        finding.level == answer_check.BLOCK,
        of_question,
        start,
        0 if whole else start + _units(text[finding.start : finding.end]),
    )


def _is_whole(text: str, finding: answer_check.Finding) -> bool:
    """Whether it is said of the answer as a whole: then no words of it are to blame."""
    return text[finding.start : finding.end] == text.strip()


def _units(text: str) -> int:
    """The length as a browser counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _marks(text: str, findings: Iterable[answer_check.Finding]) -> list[Mark]:
    """The text cut at the findings; joined again it is the same text. Of two that overlap the first is shown."""
    marks: list[Mark] = []
    at = 0
    for each in findings:
        if each.start < at or each.end <= each.start or _is_whole(text, each):
            continue
        marks.append(Mark(text[at : each.start], ""))
        marks.append(
            Mark(text[each.start : each.end], "late" if each.level == answer_check.BLOCK else "warn")
        )
        at = each.end
    marks.append(Mark(text[at:], ""))
    return [each for each in marks if each.text]
