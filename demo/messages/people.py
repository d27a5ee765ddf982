"""Invented residents: a name, a gender, a number in the simulated network."""

from dataclasses import dataclass
from functools import cache
from random import Random

FIRST_USER_ID = 754_000_001
MEN = (
    "Александр", "Сергей", "Дмитрий", "Андрей", "Алексей", "Евгений", "Владимир", "Николай", "Иван", "Михаил",
    "Виктор", "Павел", "Артём", "Роман", "Денис", "Олег", "Юрий", "Константин", "Егор", "Рустам", "Тимур",
)  # fmt: skip
WOMEN = (
    "Елена", "Ольга", "Наталья", "Татьяна", "Ирина", "Светлана", "Анна", "Мария", "Екатерина", "Юлия",
    "Марина", "Людмила", "Галина", "Надежда", "Валентина", "Оксана", "Дарья", "Алина", "Зинаида",
    "Гульнара", "Вера",
)  # fmt: skip
SURNAMES = (
    "Барышников", "Верещагин", "Головачёв", "Дробышев", "Ермолин", "Жданов", "Зыков", "Игнатьев",
    "Кайгородов", "Ломакин", "Мальцев", "Нагорнов", "Овсянников", "Пахомов", "Рябинин", "Сапожников",
    "Третьяков", "Устюжанин", "Филатов", "Худяков", "Цветков", "Черепанов", "Шумилов", "Щеглов", "Юдин",
    "Ярцев", "Колмогоров", "Бердников", "Сибиряков", "Лихачёв", "Поздняков", "Ракитин", "Суворин",
    "Тюменцев", "Горбунов", "Васин", "Кочетов",
)  # fmt: skip
SONS = ("Ваня", "Артём", "Кирилл", "Миша", "Тимофей", "Матвей", "Захар", "Марк")
DAUGHTERS = ("Маша", "Лиза", "Соня", "Полина", "Варя", "Алиса", "Ева", "Милана")


@dataclass(frozen=True, slots=True)
class Resident:
    """An author in the simulated network."""

    id: int
    first_name: str
    last_name: str
    female: bool

    @property
    def full_name(self) -> str:
        """First name and surname as the network shows them."""
        return f"{self.first_name} {self.last_name}"


@cache
def residents(count: int = 1500, seed: int = 11) -> tuple[Resident, ...]:
    """So many invented residents, the same for the same seed."""
    random = Random(seed)
    found = []
    for index in range(count):
        female = random.random() < 0.64  # in comments of official pages women are about two thirds
        surname = random.choice(SURNAMES)
        found.append(
            Resident(
                id=FIRST_USER_ID + index,
                first_name=random.choice(WOMEN if female else MEN),
                last_name=f"{surname}а" if female else surname,
                female=female,
            )
        )
    return tuple(found)
