"""The ten points of post-control, as far as they are computed."""

from otklik.casework.rules.answer_check import NO, POINTS, UNKNOWN, YES, Facts, checklist

GOOD = (
    "Здравствуйте, Марина! Яму на Лесной засыпали 3 мая, асфальт положат до 20 мая. "
    "Отвечает участок «Дорсервис», мастер Ильин, телефон 8 (38455) 5-11-22. Хорошего дня!"
)


def verdicts(answer: str, facts: Facts, question: str = "Яма на Лесной, когда заделают?") -> dict[str, str]:
    return {each.code: each.verdict for each in checklist(answer, [question], facts)}


def test_an_answer_that_keeps_all_ten_points() -> None:
    assert verdicts(GOOD, Facts(resolution="solved", has_photo=True)) == dict.fromkeys(POINTS, YES)


def test_an_answer_that_keeps_hardly_any() -> None:
    found = verdicts("Обратитесь в администрацию. Оцените нашу работу!", Facts(resolution="forwarded"))
    no = {
        "greeting_and_name",
        "says_what_is_done",
        "date_or_stage",
        "body_and_contact",
        "no_bare_redirect",
        "polite_closing",
    }
    assert no <= {code for code, verdict in found.items() if verdict == NO}
    assert found["no_personal_data"] == YES


def test_what_is_not_asked_of_an_answer_is_unknown() -> None:
    found = verdicts("Справка бесплатная.", Facts(), "Справка платная?")
    assert (found["date_or_stage"], found["proof"]) == (UNKNOWN, UNKNOWN)
    assert verdicts("Яму засыпали.", Facts(resolution="solved"))["proof"] == NO


def test_without_questions_nobody_knows_whether_they_are_answered() -> None:
    points = checklist(GOOD, [], Facts())
    assert points[1].verdict == UNKNOWN
    assert [each.code for each in points] == list(POINTS)


def test_a_point_says_why() -> None:
    (point,) = [each for each in checklist("Хватит ныть.", ["Яма"], Facts()) if each.code == "polite_closing"]
    assert (point.verdict, point.because) == (NO, ("rude",))
