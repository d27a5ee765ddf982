"""How good the lexicon is on messages of three regions it was not written from: one JSON object a line.

    python bench/triage_floor.py          measure
    python bench/triage_floor.py --fit    find the curve of confidence anew and print it as calibration.json

The sets have their own lists of topics. `coarse` compares groups (STRICT by our group alone, otherwise with
the topics that a foreign list files elsewhere); TOPICS_OF reads what a label of theirs would be in our
list, and rows whose label says nothing certain are left out of the figures of topics. Skips, saying so,
without ../shared.
"""

import csv
import json
import math
import re
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from otklik.triage.nlp import Judgement, judge, load_lexicon  # noqa: E402
from otklik.triage.nlp.scoring import features, score  # noqa: E402
from otklik.triage.nlp.words import tokens_of  # noqa: E402
from otklik.triage.rules import THRESHOLD  # noqa: E402

APPEALS = PROJECT.parent / "shared/data/appeals"
SETS = ("kursk", "perm", "ryazan")

STRICT = {
    "ROADS": "roads", "HOUSING": "urban_housing", "URBAN": "urban_housing", "ENERGY": "urban_housing",
    "WASTE": "ecology_waste", "ECO": "ecology_waste", "TRANSIT": "transport", "HEALTH": "health",
    "EDU": "education", "SOCIAL": "social", "BUILD": "construction", "CULTURE": "culture", "SPORT": "sport",
    "TELECOM": "telecom", "ECON": "trade",
}  # fmt: skip
# Where the foreign lists file these: light and hatches under the city, a bus stop under roads, and so on.
ALSO = {
    "ROADS.lighting": "urban_housing", "ROADS.hatch": "urban_housing", "ROADS.flooding": "urban_housing",
    "ROADS.sidewalk": "urban_housing", "ROADS.snow_ice": "urban_housing", "ROADS.cleaning": "urban_housing",
    "ROADS.parking": "urban_housing", "URBAN.yard": "roads", "URBAN.yard_snow": "roads",
    "WASTE.missed": "urban_housing", "WASTE.container": "urban_housing", "WASTE.bulky": "urban_housing",
    "WASTE.fee": "urban_housing", "WASTE.dump": "urban_housing", "TRANSIT.stop": "roads",
    "HOUSING.emergency_housing": "construction", "SOCIAL.housing_aid": "urban_housing",
    "EDU.building": "construction", "BUILD.heritage": "culture", "BUILD.illegal": "urban_housing",
    "URBAN.cleaning": "ecology_waste", "SAFETY.consumer": "trade", "TELECOM.wires": "urban_housing",
    "URBAN.park": "ecology_waste", "URBAN.abandoned": "urban_housing", "URBAN.playground": "sport",
}  # fmt: skip
# A label of theirs (by its words) → our topics that would be right. The first line that fits decides.
TOPICS_OF: tuple[tuple[str, str], ...] = (
    (r"информационно-технич", ""),
    (r"подъезд.*освещени|освещение мест общего|освещение в подъезде|почтовые ящики", "HOUSING.entrance"),
    (r"освещени|фонар", "ROADS.lighting"),
    (r"люк", "ROADS.hatch"),
    (r"уборка улиц|уборк\w+ территорий|дворовой территории многоквартирных домов$",
     "URBAN.cleaning ROADS.cleaning URBAN.yard"),
    (r"парков и скв|в парках|\(парк,", "URBAN.park URBAN.cleaning"),
    (r"внутридвор.*(снег|налед)|дворовой.*налед|внутридворового проезда", "URBAN.yard_snow ROADS.snow_ice"),
    (r"снег|налед", "ROADS.snow_ice URBAN.yard_snow URBAN.cleaning"),
    (r"ямы.*двор|во дворах", "URBAN.yard ROADS.pothole"),
    (r"на тротуарах|тротуар|пешеходн", "ROADS.sidewalk ROADS.signs ROADS.pothole"),
    (r"светофор", "ROADS.traffic_light ROADS.sidewalk"),
    (r"дорожн\w+ знак|разметк|неровност|ограждения автодорог", "ROADS.signs"),
    (r"\(ямы\)|твёрдого дорожного|дорожного покрытия|ремонт дороги|ямы и выбоины на дор|реконструкция дорог",
     "ROADS.pothole ROADS.repair"),
    (r"парковк|парковок", "ROADS.parking"),
    (r"ливнев|ливнёв|подтопление авто", "ROADS.flooding"),
    (r"пробки", "ROADS.closure"),
    (r"остановок|павильоне|табло", "TRANSIT.stop"),
    (r"аварийные деревья|зелен\w+ насажд", "URBAN.trees URBAN.grass"),
    (r"сорная|газонов$", "URBAN.grass URBAN.trees"),
    (r"свал(ки|ок)", "WASTE.dump WASTE.missed WASTE.container WASTE.bulky URBAN.cleaning"),
    (r"плата за вывоз", "WASTE.fee"),
    (r"контейнер", "WASTE.container WASTE.missed"),
    (r"вывоз", "WASTE.missed WASTE.container WASTE.dump WASTE.bulky"),
    (r"теплоснабж|отоплени", "HOUSING.heating"),
    (r"горячей воды", "HOUSING.hot_water"),
    (r"водоснабжение|холодной воды",
     "HOUSING.cold_water HOUSING.water_quality HOUSING.hot_water HOUSING.sewer"),
    (r"канализации|водоотведение", "HOUSING.sewer"),
    (r"управляющ|текущий ремонт", "HOUSING.uk HOUSING.roof HOUSING.entrance HOUSING.sewer HOUSING.basement"),
    (r"фасад|заборах|кровл|козырек", "HOUSING.roof URBAN.yard"),
    (r"подвальных", "HOUSING.basement HOUSING.sewer"),
    (r"капитальному", "HOUSING.capital_repair"),
    (r"оплат\w+ (услуг )?ж|оплата жил|плата за жку|платы за коммун", "HOUSING.bills"),
    (r"аварийн\w+ жил", "HOUSING.emergency_housing"),
    (r"газоснабж", "ENERGY.gas_out ENERGY.gasification"),
    (r"электросет|электроснаб|энергоснаб",
     "ENERGY.power_out ENERGY.voltage ENERGY.power_connect TELECOM.wires"),
    (r"детск\w+ (\(спортивной\) |или спортивной )?площад", "URBAN.playground"),
    (r"уборк\w+ улиц|уборка территорий|дворовой территории|неубранная",
     "URBAN.cleaning ROADS.cleaning URBAN.yard"),
    (r"запахи", "ECO.air HOUSING.sewer"),
    (r"водоём", "ECO.water"),
    (r"безнадзорн", "ANIMAL.stray"),
    (r"лекарств", "HEALTH.drugs"),
    (r"сертификат|вакцин", "HEALTH.vaccination"),
    (r"запис\w+ на при|очередь$", "HEALTH.appointment HEALTH.quality"),
    (r"скорая", "HEALTH.ambulance HEALTH.quality"),
    (r"нехватка или сокращ", "HEALTH.staff HEALTH.fap"),
    (r"оказание мед|оказания мед|ошибки врачей|хамство мед|просьбы о леч", "HEALTH.quality HEALTH.ambulance"),
    (r"обеспечения поликлиник|состояние учреждений здр|содержание больниц", "HEALTH.facility HEALTH.staff"),
    (r"посадки и высадки", "TRANSIT.driver TRANSIT.not_running TRANSIT.stop"),
    (r"санитарное состояние транспорта|вагонов", "TRANSIT.vehicle TRANSIT.suburban"),
    (r"недостаточное количество транс|график движен",
     "TRANSIT.schedule TRANSIT.not_running TRANSIT.suburban"),
    (r"оплатой проезда|льготный проезд", "TRANSIT.fare"),
    (r"отменить маршрут", "TRANSIT.route TRANSIT.not_running"),
    (r"дошкольн", "EDU.kindergarten_place"),
    (r"пособий|соц. помощи|социальной поддержки|социальная поддержка льгот",
     "SOCIAL.benefits SOCIAL.young_family SOCIAL.elderly SOCIAL.military_family SOCIAL.disabled"),
    (r"многодетн", "SOCIAL.young_family SOCIAL.benefits LAND.plot_family"),
    (r"мобилизованных", "SOCIAL.military_family"),
    (r"памятник|культурного наследия", "BUILD.heritage"),
    (r"дольщик", "BUILD.shareholders"),
    (r"оплаты труда", "LABOUR.wage"),
    (r"границ\) земел|границ\w* земел|земельных споров", "LAND.border LAND.plot"),
    (r"несанкционированная торг|торговой деят", "ECON.shop"),
)  # fmt: skip


class Case(NamedTuple):
    """One message with what is known of it, and what the lexicon says."""

    coarse: str
    right: frozenset[str]
    judgement: Judgement
    features: tuple[float, float, float] | None


def emit(name: str, value: float, unit: str) -> None:
    print(json.dumps({"name": name, "value": round(value, 4), "unit": unit}, ensure_ascii=False))


def right_topics(label: str) -> frozenset[str]:
    for pattern, topics in TOPICS_OF:
        if re.search(pattern, label.lower()):
            return frozenset(topics.split())
    return frozenset()


def read(name: str) -> list[Case]:
    lexicon = load_lexicon()
    with (APPEALS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    cases = []
    for row in rows:
        tokens = tokens_of(row["text"])
        hits = [hit for hit in lexicon.find(tokens) if not hit.phrase.target.startswith("!")]
        ranked = [each for each in score(lexicon, tokens, hits, None) if each.topic != "GOV.thanks"]
        facts = features(ranked, len(tokens)) if ranked and ranked[0].points > 0 else None
        cases.append(Case(row["coarse"], right_topics(row["topic"]), judge(row["text"]), facts))
    return cases


def group_is_right(case: Case, strict: bool = False) -> bool:
    topic = case.judgement.topic
    allowed = {STRICT.get(topic.partition(".")[0], "")}
    return case.coarse in (allowed if strict else allowed | {ALSO.get(topic, "")})


def topic_is_right(case: Case) -> bool:
    return case.judgement.topic in case.right


def share(cases: Sequence[Case], test: Callable[[Case], bool]) -> float:
    return sum(map(test, cases)) / len(cases) if cases else 0.0


def report(name: str, cases: Iterable[Case]) -> None:
    judged = list(cases)
    known = [case for case in judged if case.coarse]
    labelled = [case for case in judged if case.right]
    sure = [case for case in judged if case.judgement.confidence >= THRESHOLD and case.judgement.is_request]
    emit(f"triage_{name}_group_accuracy", share(known, group_is_right), "share")
    emit(
        f"triage_{name}_group_accuracy_strict", share(known, lambda case: group_is_right(case, True)), "share"
    )
    emit(f"triage_{name}_topic_accuracy", share(labelled, topic_is_right), "share")
    emit(f"triage_{name}_topic_labelled", len(labelled) / len(judged), "share")
    emit(f"triage_{name}_above_threshold", len(sure) / len(judged), "share")
    groups, topics = [c for c in sure if c.coarse], [c for c in sure if c.right]
    emit(f"triage_{name}_group_precision_above", share(groups, group_is_right), "share")
    emit(f"triage_{name}_topic_precision_above", share(topics, topic_is_right), "share")
    emit(f"triage_{name}_not_a_request", share(judged, lambda case: not case.judgement.is_request), "share")


def fit(cases: Iterable[Case]) -> list[float]:
    """Logistic regression by Newton's steps with a little ridge: bias, points, margin, length."""
    rows = [
        ((1.0, *case.features), float(topic_is_right(case))) for case in cases if case.features and case.right
    ]
    weights = [0.0] * 4
    for _ in range(25):
        slope = [-0.01 * weight for weight in weights]
        bend = [[0.01 if i == j else 0.0 for j in range(4)] for i in range(4)]
        for x, y in rows:
            p = 1 / (1 + math.exp(-sum(w * f for w, f in zip(weights, x, strict=True))))
            for i in range(4):
                slope[i] += (y - p) * x[i]
                for j in range(4):
                    bend[i][j] += p * (1 - p) * x[i] * x[j]
        weights = [w + step for w, step in zip(weights, solve(bend, slope), strict=True)]
    return weights


def solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    size = len(right)
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for i in range(size):
        pivot = max(range(i, size), key=lambda r: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [value / rows[i][i] for value in rows[i]]
        for r in range(size):
            if r != i:
                rows[r] = [a - rows[r][i] * b for a, b in zip(rows[r], rows[i], strict=True)]
    return [row[size] for row in rows]


def chance(weights: Sequence[float], facts: tuple[float, float, float]) -> float:
    return 1 / (1 + math.exp(-sum(w * f for w, f in zip(weights, (1.0, *facts), strict=True))))


def report_left_out(sets: dict[str, list[Case]]) -> None:
    """Precision above the threshold of a curve that has never seen the set it is measured on."""
    for name, cases in sets.items():
        curve = fit(case for other, rest in sets.items() if other != name for case in rest)
        measured = [case for case in cases if case.features and case.right]
        sure = [case for case in measured if case.features and chance(curve, case.features) >= THRESHOLD]
        emit(f"triage_{name}_left_out_topic_precision_above", share(sure, topic_is_right), "share")
        emit(f"triage_{name}_left_out_above_threshold", len(sure) / max(len(measured), 1), "share")


def report_calibration(cases: Sequence[Case]) -> None:
    measured = [case for case in cases if case.right]
    error = 0.0
    for low in range(10):
        part = [case for case in measured if low / 10 <= case.judgement.confidence < (low + 1) / 10]
        said = sum(case.judgement.confidence for case in part)
        error += abs(said - sum(map(topic_is_right, part)))
    emit("triage_expected_calibration_error", error / max(len(measured), 1), "share")


def report_speed() -> None:
    texts = []
    for name in SETS:
        with (APPEALS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            texts += [row["text"] for row in csv.DictReader(file)]
    started = time.perf_counter()
    for text in texts:
        judge(text)
    emit("triage_ms_per_message", (time.perf_counter() - started) * 1000 / len(texts), "ms")


def main() -> None:
    if not APPEALS.is_dir():
        print(json.dumps({"name": "triage_floor", "skipped": "../shared/data/appeals is absent"}))
        return
    sets = {name: read(name) for name in SETS}
    everything = [case for cases in sets.values() for case in cases]
    if "--fit" in sys.argv:
        names = ("bias", "points", "margin", "length")
        found = dict(zip(names, (round(weight, 4) for weight in fit(everything)), strict=True))
        print(json.dumps({"version": load_lexicon().version, **found}))
        return
    for name, cases in sets.items():
        report(name, cases)
    report_left_out(sets)
    report_calibration(everything)
    report_speed()


if __name__ == "__main__":
    main()
