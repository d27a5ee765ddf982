"""Where a text names a settlement or a district, and how much speaks for the message being about it."""

from dataclasses import dataclass, replace

from otklik.common.streets import KIND_OF
from otklik.triage.nlp.placing import forms
from otklik.triage.nlp.placing.objects import is_object
from otklik.triage.nlp.placing.reading import KIND_CLASS, NEEDS_DOT, TWO_WORD_KINDS, kind_class, words_set
from otklik.triage.nlp.placing.scene import Hit, Scene
from otklik.triage.nlp.placing.senses import Sense

_HERE = frozenset({"в", "во", "на"})
_PLACE_ONLY = _HERE | {"из", "изо", "до", "около", "возле", "под", "через", "между", "по", "перед", "мимо", "близ",
                       "вблизи"}  # fmt: skip
_OF_IT = words_set(
    "жители житель жителей жителям жительница население администрация администрации глава главы мэр мэра "
    "города город улицы улицах дороги дети больница больницы школа школы центр центра центре въезд выезд "
    "окраина окраине территория территории"
)
# «река Кама», «через Обь» is water, whatever else has the name.
_WATERS = words_set(
    "река реки реке реку рекой озеро озера озере пруд пруда ручей ручья канал берег берегу набережная"
)
_LIVE = words_set(
    "живу живем живет живут проживаю проживаем проживает проживают стоим стою нахожусь находимся"
)
_NOT_A_NAME = words_set(
    "район района районе району р область области сельсовет сельсовета сельсовете округ округа округе районный "
    "городской муниципальный район"
)
# A form of everyday words needs at least so much, and what is told of it by neighbours.
KIND, HERE, THERE, ADDRESS = 4.0, 3.0, 1.0, 2.5


@dataclass(frozen=True, slots=True)
class Mention:
    """Words `first` to `last` name one of the places `ids` (settlements, or municipalities when `district`).

    `weak` needs a neighbour that speaks for it: a street with a house, its district, the page.
    """

    first: int
    last: int
    ids: tuple[int, ...]
    name: str
    score: float
    district: bool
    kind: str = ""
    weak: bool = False


def mentions_of(scene: Scene) -> list[Mention]:
    """Every settlement and district that the text names, in its order."""
    hits = [hit for hit in scene.hits.values() if hit.means.places or hit.means.districts]
    found = [mention for hit in hits if (mention := _mention(scene, hit)) is not None]
    return [_on_a_route(scene, found, at) for at in range(len(found))]


def _mention(scene: Scene, hit: Hit) -> Mention | None:
    places, districts = hit.means.places, hit.means.districts
    if districts:
        ids = tuple(id_ for sense in districts for id_ in sense.ids)
        inner = tuple(id_ for sense in places for id_ in sense.ids)
        if not inner:
            return Mention(hit.first, hit.last, ids, districts[0].name, 3.0, True)
        return Mention(hit.first, hit.last, inner, places[0].name, 3.0, False, "district")
    if not places or _is_part_of_another(scene, hit):
        return None
    kind = _kind(scene, hit)
    fitting = [sense for sense in places if kind or _fits(scene, hit, sense)]
    if not fitting:
        return None
    weak = not kind and all(sense.ordinary for sense in fitting) and not _stands_out(scene, hit, fitting[0])
    score = _score(scene, hit, fitting, kind)
    ids = tuple(dict.fromkeys(id_ for sense in fitting for id_ in sense.ids))
    return Mention(hit.first, hit.last, ids, fitting[0].name, score, False, kind, weak)


def _is_part_of_another(scene: Scene, hit: Hit) -> bool:
    """«Бердское шоссе», «улица Академгородок», «Купинского района» are no settlements."""
    before, after = scene.before(hit.first), hit.last
    if before is not None and (
        before.text in _WATERS or (before.text in KIND_OF and before.text not in KIND_CLASS)
    ):
        return True
    if not scene.joined(after):
        return False
    word = scene.words[after].text
    adjective = any(sense.adjective for sense in hit.means.places)
    return adjective and (word in _NOT_A_NAME or (word in KIND_OF and len(word) > 2))


def _kind(scene: Scene, hit: Hit) -> str:
    """What kind of a place is said beside the name: «с. Убинское», «жилмассив Стрижи», «Стрижи жилмассив»."""
    first, words = hit.first, scene.words
    if first > 1 and (pair := TWO_WORD_KINDS.get((words[first - 2].text, words[first - 1].text))):
        return pair
    before = scene.before(first)
    if before is not None and before.text in KIND_CLASS:
        dotted = words[first].gap.startswith(".")
        if dotted or before.text not in NEEDS_DOT or (before.text == "п" and words[first].big):
            return KIND_CLASS[before.text]
    if scene.plain(hit.last) and KIND_CLASS.get(words[hit.last].text) == "quarter":
        return "quarter"
    return ""


def _fits(scene: Scene, hit: Hit, sense: Sense) -> bool:
    """Whether the form may name the place here: a surname and a word of the language need more."""
    asked = scene.case_of(hit.first)
    if asked and not asked & sense.cases:
        return False
    if sense.surname:
        before = scene.before(hit.first)
        return before is not None and before.text in (_PLACE_ONLY | _OF_IT)
    if not sense.ordinary:
        return True
    form = scene.words[hit.last - 1].text
    cases = asked & sense.cases or sense.cases
    return not scene.quoted(hit.first) and not (sense.adjective and scene.noun_agrees(form, hit.last, cases))


def _stands_out(scene: Scene, hit: Hit, sense: Sense) -> bool:
    """Whether a word of the language is plainly a name here: «жители Северного», «в Горном»."""
    if not scene.words[hit.first].big:
        return False
    before = scene.before(hit.first)
    rows = scene.gazetteer.settlements
    if (
        before is not None
        and before.text == "на"
        and all(kind_class(rows[id_].kind) != "quarter" for id_ in sense.ids)
    ):
        # «на Садовом», «на Северном» is said of quarters and streets, rarely of a village.
        return False
    if before is not None and before.text in (_PLACE_ONLY | _OF_IT):
        return bool(scene.case_of(hit.first)) or before.text in _OF_IT
    return not scene.starts(hit.first) and scene.parted(hit.last) and sense.cases & forms.NOMINATIVE > 0


def _score(scene: Scene, hit: Hit, senses: list[Sense], kind: str) -> float:
    first = hit.first
    before = scene.before(first)
    score = KIND if kind else 0.0
    cases = 0
    for sense in senses:
        cases |= sense.cases
    # The words before «с. Убинское» are before «с».
    at = first - 1 if kind and before is not None and before.text in KIND_CLASS else first
    score += _by_preposition(scene, at, cases) or (0 if kind else _by_place(scene, hit, cases))
    if not _LIVE.isdisjoint(scene.words.texts[max(0, at - 3) : at]):
        score += 2
    if not kind and before is not None and is_object(before.text) and before.text not in _OF_IT:
        score *= 0.2
    return score * 0.3 if scene.quoted(first) else score


def _by_preposition(scene: Scene, at: int, cases: int) -> float:
    before = scene.before(at)
    asked = scene.case_of(at)
    if before is None or not asked:
        return 0
    if before.text in _HERE:
        here = cases & forms.LOCATIVE and not cases & forms.NOMINATIVE
        return HERE if here else HERE - 0.5 if cases & forms.LOCATIVE else THERE - 0.2
    return THERE + 0.2


def _by_place(scene: Scene, hit: Hit, cases: int) -> float:
    before = scene.before(hit.first)
    if cases & forms.GENITIVE and before is not None and before.text in _OF_IT:
        return THERE + 0.5
    if not cases & forms.NOMINATIVE:
        return 0.5
    if scene.parted(hit.first):
        return ADDRESS if scene.parted(hit.last) else ADDRESS - 1
    return THERE


def _on_a_route(scene: Scene, found: list[Mention], at: int) -> Mention:
    """«Новосибирск — Колывань» is a bus, not a place."""
    mention = found[at]
    for other in (found[at - 1] if at else None, found[at + 1] if at + 1 < len(found) else None):
        if other is None or mention.district or other.district:
            continue
        later = max(mention.first, other.first)
        if later in {mention.last, other.last} and scene.words[later].gap.strip() in {"—", "–", "-"}:
            return replace(mention, score=max(0.3, mention.score - 2))
    return mention
