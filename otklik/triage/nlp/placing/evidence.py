"""What around a known name without its kind speaks for a street: a house, «на» and «по», a town before it."""

from otklik.common.streets import KIND_OF
from otklik.triage.nlp.placing import forms
from otklik.triage.nlp.placing.houses import House, house_after
from otklik.triage.nlp.placing.objects import is_object
from otklik.triage.nlp.placing.scene import Scene
from otklik.triage.nlp.placing.senses import Sense

_ALONG = frozenset({"на", "по", "вдоль", "с", "со", "от", "до", "около", "возле", "напротив"})
_CROSSINGS = frozenset(
    {"перекресток", "перекрестке", "перекрестка", "угол", "углу", "пересечение", "пересечении"}
)
ENDS = frozenset(".!?\n;")


def evidence(scene: Scene, first: int, last: int, sense: Sense, towns: set[int]) -> float:
    word, before = scene.words[first], scene.before(first)
    house = house_after(scene.text, scene.words[last - 1].end)
    beside = first in towns and scene.words[first].gap.strip(" \u00a0,") == ""
    along = before is not None and before.text in _ALONG and bool(scene.case_of(first))
    crossing = before is not None and before.text in _CROSSINGS and bool(sense.cases & forms.GENITIVE)
    fits = crossing or (along and bool(scene.case_of(first) & sense.cases))
    # «на Лесной дороге», «Центральная больница»: the adjective belongs to a noun.
    taken = sense.adjective and owned(scene, first, last, sense)
    named = word.big or not sense.ordinary or beside or fits or scene.parted(first)
    if house is not None and named and not _other_preposition(scene, first):
        return 4.0
    if fits and not taken and house_before(scene, first) is not None:
        return 4.0
    if beside and not _names_an_object(scene, last):
        return 2.5
    if (
        fits
        and not taken
        and ((word.big and not scene.starts(first)) or (scene.small and not sense.ordinary))
    ):
        return 2.0
    return 0.0


def _other_preposition(scene: Scene, first: int) -> bool:
    """«в Мирный 5 раз», «из Советской 3»: what comes in these is no street."""
    before = scene.before(first)
    return before is not None and before.text in {"в", "во", "из", "к", "для", "без", "о", "об"}


def owned(scene: Scene, first: int, last: int, sense: Sense) -> bool:
    cases = scene.case_of(first) & sense.cases or sense.cases
    return scene.noun_agrees(scene.words[last - 1].text, last, cases)


def _names_an_object(scene: Scene, at: int) -> bool:
    return scene.plain(at) and (is_object(scene.words[at].text) or scene.words[at].text in KIND_OF)


def house_before(scene: Scene, first: int) -> House | None:
    """«дом 9 по улице Островского», «за домом 20 на Советской», «между домами 5 и 7 по Демакова»."""
    start = scene.words[first].start
    for house in scene.houses:
        between = scene.text[house.end : start]
        if 0 <= start - house.end <= 16 and not set(between) & ENDS:
            return house
    return None
