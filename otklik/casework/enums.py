"""Codes and labels of incidents. States and codes are those of the specification of the incident's machine."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    NEW = "new", _("Новое")
    TRIAGE = "triage", _("Разбор")
    CLARIFICATION = "clarification", _("Запрос уточнения")
    ROUTED = "routed", _("Направлено в орган")
    IN_PROGRESS = "in_progress", _("В работе")
    APPROVAL = "approval", _("На согласовании")
    PUBLISHING = "publishing", _("Публикуется")
    UNCERTAIN = "uncertain", _("Доставка не подтверждена")
    INTERIM_ANSWERED = "interim_answered", _("Дан промежуточный ответ")
    ANSWERED = "answered", _("Дан окончательный ответ")
    DEFERRED = "deferred", _("Запланировано")
    CLOSED = "closed", _("Закрыто")
    REWORK = "rework", _("Возврат на доработку")
    REOPENED = "reopened", _("Возобновлено")
    REJECTED = "rejected", _("Отклонено")
    TRANSFERRED = "transferred", _("Передано в другой порядок")
    ATTACHED = "attached", _("Присоединено")
    ARCHIVED = "archived", _("Архив")


class RejectReason(models.TextChoices):
    SPAM = "spam", _("спам")
    NOT_A_REQUEST = "not_a_request", _("не просьба и не вопрос")
    ABUSE_ONLY = "abuse_only", _("только оскорбления")
    DUPLICATE = "duplicate", _("повтор")
    NO_DETAILS = "no_details", _("автор не уточнил")
    OUT_OF_REGION = "out_of_region", _("не наш регион")


class AttachReason(models.TextChoices):
    FOLLOW_UP = "follow_up", _("продолжение разговора")
    DUPLICATE = "duplicate", _("о том же")
    JOINED = "joined", _("вопросы одного сообщения соединены")
    MASS = "mass", _("массовая проблема")


class DeclineReason(models.TextChoices):
    NOT_OURS = "not_ours", _("не наша компетенция")
    NOT_OUR_TERRITORY = "not_our_territory", _("не наша территория")
    OTHER_OWNER = "other_owner", _("объект другого владельца")


class ReworkCode(models.TextChoices):
    """Why an answer does not pass; the first four come from Yakutia's act."""

    NOT_ON_SUBSTANCE = "not_on_substance", _("ответ не по существу")
    NO_PROOF = "no_proof", _("нет подтверждения")
    THIRD_PARTY_PII = "third_party_pii", _("персональные данные третьих лиц")
    JARGON = "jargon_or_abbrev", _("термины или сокращения без пояснения")
    NO_DATE_OR_STAGE = "no_date_or_stage", _("нет срока или этапа")
    BARE_REDIRECT = "bare_redirect", _("переадресация без передачи")
    RUDE = "rude", _("невежливо")
    WRONG_PLACE = "wrong_thread_or_page", _("не та ветка или страница")
    UNVERIFIED_PAGE = "unverified_page", _("страница без отметки")
    # Nobody judged it: it is gone from the network.
    ANSWER_REMOVED = "answer_removed", _("ответ удалён в сети")
    # Of a plan, not of an answer.
    PLAN_NOT_DONE = "plan_not_done", _("запланированное не сделано")
    THIRD_POSTPONEMENT = "third_postponement", _("третий перенос срока")


class ReviewVerdict(models.TextChoices):
    """What whoever checks an answer after it went out says of it."""

    PASS = "pass", _("ответ хороший")
    RETURN = "return", _("на доработку")


class TransferTarget(models.TextChoices):
    POS = "pos", _("платформа обратной связи")
    APPEAL = "59fz", _("обращение по 59-ФЗ")
    FEDERAL = "federal", _("федеральный орган")


class Resolution(models.TextChoices):
    SOLVED = "solved", _("решено")
    EXPLAINED = "explained", _("разъяснено")
    REFUSED = "refused_with_reason", _("мотивированный отказ")
    PLANNED = "planned", _("выполнено по плану")
    FORWARDED = "forwarded", _("передано, результат получен")
    ACCEPTED_TO_PLAN = "accepted_to_plan", _("предложение принято в план")
    POLL_CREATED = "poll_created", _("по предложению открыто голосование")


class AnswerKind(models.TextChoices):
    FINAL = "final", _("ответ")
    INTERIM = "interim", _("промежуточный ответ")
    PLAN = "plan", _("план со сроком")
    QUESTION = "question", _("уточняющий вопрос")
    NOTE = "note", _("извещение о передаче")


class AnswerStatus(models.TextChoices):
    DRAFT = "draft", _("черновик")
    APPROVAL = "approval", _("на согласовании")
    PUBLISHING = "publishing", _("публикуется")
    PUBLISHED = "published", _("опубликован")
    UNDELIVERABLE = "undeliverable", _("не доставлен")
    UNCERTAIN = "uncertain", _("доставка не подтверждена")


class RuleMode(models.TextChoices):
    """What a rule of the check of answers does with what it finds."""

    BLOCK = "block", _("не пускает")
    ADVISE = "advise", _("советует")
    OFF = "off", _("выключено")


class TemplateKind(models.TextChoices):
    TEMPLATE = "template", _("шаблон")
    GUIDE = "guide", _("памятка")


class ReadingReason(models.TextChoices):
    """Why somebody opened what is masked on a card; the order is that of the keys."""

    CONTACT = "contact", _("связаться с автором")
    VISIT = "visit", _("прийти или выехать по адресу")
    FIND = "find", _("найти заявку в своей системе")
    CHECK = "check", _("проверить разбор или ответ")
    OTHER = "other", _("другое")


class DeliveryNote(models.TextChoices):
    """What the desk must see of a delivery beside the incident's state."""

    NONE = "", ""
    MANUAL = "manual", _("ждёт администратора страницы")
    HELD = "held", _("ждёт ключа страницы")
    UNDELIVERABLE = "undeliverable", _("ответ не доставлен")
    UNCERTAIN = "uncertain", _("неизвестно, вышел ли ответ")
    NOT_ASKED = "not_asked", _("уточняющий вопрос не доставлен")
    NOT_NOTED = "not_noted", _("автор не извещён о передаче")
    EDITED = "edited", _("опубликованный ответ изменён в сети")
    REMOVED = "removed", _("опубликованный ответ удалён в сети")


class Addressee(models.TextChoices):
    """Who is told that an answer runs late."""

    ASSIGNEE = "assignee", _("исполнитель")
    CURATOR = "curator", _("куратор органа")
    BODY_HEAD = "body_head", _("руководитель органа")
    DISPATCHER = "dispatcher", _("диспетчер")
    CENTER_HEAD = "center_head", _("руководитель центра")
    VICE_GOVERNOR = "vice_governor", _("вице-губернатор")


class MassState(models.TextChoices):
    """The one status of a mass problem; its members mirror it."""

    OPEN = "open", _("В работе")
    INTERIM = "interim", _("Дан промежуточный ответ")
    PLANNED = "planned", _("Запланировано")
    ANSWERED = "answered", _("Дан ответ")
    FIXED = "fixed", _("Исправлено, ждём тишины")
    CLOSED = "closed", _("Закрыто")


class MassHow(models.TextChoices):
    """How an incident came into a mass problem."""

    CLUSTER = "cluster", _("вместе со всеми")
    LATE = "late", _("позже, само")
    BY_HAND = "by_hand", _("добавил сотрудник")


class MemberState(models.TextChoices):
    IN = "in", _("участник")
    PROPOSED = "proposed", _("предложен")
    OUT = "out", _("вынут")
    DECLINED = "declined", _("не о том")


class RoundState(models.TextChoices):
    DRAFT = "draft", _("черновик")
    RUNNING = "running", _("рассылается")
    PAUSED = "paused", _("на паузе")
    STOPPED = "stopped", _("остановлена")
    # Another answer has come after it: whoever joins from then on gets that one.
    PAST = "past", _("прошлая")


class ErasureState(models.TextChoices):
    """How far a request for erasure is."""

    RECEIVED = "received", _("получено")
    CHECKED = "checked", _("личность проверена")
    HELD = "held", _("ждёт: удалять запрещено")
    REFUSED = "refused", _("отказано")
    DONE = "done", _("исполнено")


class ErasureChannel(models.TextChoices):
    """How a request came."""

    LETTER = "letter", _("письмо")
    VISIT = "visit", _("личный приём")
    ESIA = "esia", _("через Госуслуги")
    NETWORK = "network", _("сообщение в сети")
    AUTHORITY = "authority", _("через надзорный орган")


class RetentionKind(models.TextChoices):
    """Personal data that is kept for a term; in the order in which it goes: bytes before the words made of them."""

    EVENTS = "events", _("события сетей, байт в байт")
    REFUSED = "refused", _("отвергнутые запросы к приёму")
    FILES = "files", _("сведения о файлах жителей")
    PHOTOS = "photos", _("фотографии к ответам")
    OUTSIDE = "outside", _("фотографии и адреса тех, кто отвечал по ссылке")
    DIALOGS = "dialogs", _("личные сообщения и всё, что по ним написано")
    COMMENTS = "comments", _("комментарии и всё, что по ним написано")
    TALK = "talk", _("сообщения без инцидента и ответы страниц")
    BROUGHT = "brought", _("слова в загруженной истории")
    READS = "reads", _("пояснения в журнале открытий")


class RetentionSince(models.TextChoices):
    """The moment from which a term runs."""

    ARCHIVED = "archived", _("с ухода инцидента в архив")
    RECEIVED = "received", _("со дня получения")
    BROUGHT = "brought", _("со дня загрузки таблицы")
    READ = "read", _("со дня открытия")


class ModerationGround(models.TextChoices):
    """For what a page may act against a comment. The list is closed: criticism is not on it and never will be."""

    PROFANITY = "profanity", _("нецензурная брань")
    INSULT = "insult", _("оскорбление")
    THREAT = "threat", _("угроза")
    HATE = "hate", _("разжигание вражды")
    SPAM = "spam", _("спам и реклама")
    MALWARE = "malware", _("вредоносная ссылка")
    ILLEGAL = "illegal", _("запрещённые законом материалы")
    ADULT = "adult", _("материалы для взрослых")
    PERSONAL_DATA = "personal_data", _("чужие персональные данные")
    FALSE_INFORMATION = "false_information", _("заведомо ложные сведения")
    AGITATION = "agitation", _("предвыборная агитация")


class ModerationMeasure(models.TextChoices):
    """What is done about a message; in the order of strength."""

    LEAVE = "leave", _("оставить как есть")
    WARN = "warn", _("предупредить автора")
    REMOVE = "remove", _("удалить комментарий")
    BAN = "ban", _("заблокировать автора на срок")


class ModerationState(models.TextChoices):
    ASKED = "asked", _("ждёт отправки в сеть")
    DOING = "doing", _("выполняется")
    DONE = "done", _("выполнено")
    BY_HAND = "by_hand", _("ждёт администратора страницы")
    REFUSED = "refused", _("сеть отказала")
    UNDONE = "undone", _("отменено")
    EXPIRED = "expired", _("срок вышел")


class SatisfactionVerdict(models.TextChoices):
    """What the author thinks of an answer; nothing is known of most."""

    POSITIVE = "positive", _("доволен ответом")
    NEGATIVE = "negative", _("недоволен ответом")
    NEITHER = "none", _("по словам не понять")


class AppealVerdict(models.TextChoices):
    WAITING = "", _("ждёт решения")
    UPHELD = "upheld", _("решение оставлено в силе")
    GRANTED = "granted", _("решение отменено")


class SystemicState(models.TextChoices):
    """How far a systemic decision is."""

    PROPOSED = "proposed", _("предложено")
    AGREED = "agreed", _("согласовано")
    IN_WORK = "in_work", _("в работе")
    DONE = "done", _("исполнено")
    CHECKED = "checked", _("результат проверен")
    DECLINED = "declined", _("отклонено")


class ActKind(models.TextChoices):
    """By which managerial act it was decided."""

    ORDER = "order", _("приказ или распоряжение")
    BUDGET = "budget", _("деньги в бюджете")
    RULE = "rule", _("изменение правил")
    WORKS = "works", _("работы")
    OTHER = "other", _("другое")


class Effect(models.TextChoices):
    """What a person says of the measured effect."""

    HELPED = "helped", _("помогло")
    PARTLY = "partly", _("помогло отчасти")
    NOT = "not", _("не помогло")


class FakeKind(models.TextChoices):
    """Only what can be true or false is checked."""

    FACT = "fact", _("утверждение о факте: его можно проверить")
    OPINION = "opinion", _("мнение, критика, недовольство: это не фейк")


class FakeState(models.TextChoices):
    """How far the check of a statement is."""

    REPORTED = "reported", _("ждёт проверки")
    CHECKING = "checking", _("проверяется")
    REFUTED = "refuted", _("неправда")
    CONFIRMED = "confirmed", _("правда")
    UNCHECKABLE = "uncheckable", _("проверить нельзя")
    CLOSED = "closed", _("мнение, закрыто без действий")
