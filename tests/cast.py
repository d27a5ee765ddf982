"""The people, bodies, pages and messages that tests play with: one call each, unique when not named.

States of incidents are reached by the verbs themselves, so a test never starts from what could not be.
"""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from otklik.casework import operations as casework
from otklik.casework.models import Answer, Incident
from otklik.channels.base import Incoming, What
from otklik.channels.enums import ConnectionState, DeliveryState
from otklik.channels.models import Connection, Delivery
from otklik.common.actor import SYSTEM
from otklik.inbox.models import Author, SourceMessage, Thread
from otklik.people import operations as people
from otklik.people.enums import Role
from otklik.people.models import Account
from otklik.registry import operations as registry
from otklik.registry.models import CalendarDay, Municipality, OfficialPage, Organization, Region, WorkCalendar
from otklik.triage.enums import IncidentKind, Priority
from otklik.triage.models import Topic, Verdict

ZONE = ZoneInfo("Asia/Novosibirsk")
NOW = datetime(2026, 11, 18, 4, 0, tzinfo=UTC)
"""A Wednesday, 11:00 in Novosibirsk: the middle of a working morning."""

SECRET = "s3cr3t-of-the-page"
PASSWORD = "правильный-пароль-77"
_next = count(1000)


def after(**passed: float) -> datetime:
    """NOW and so much later: after(minutes=5)."""
    return NOW + timedelta(**passed)


def region(**fields: Any) -> Region:
    """The one region, working five days a week with lunch, in the zone of Novosibirsk."""
    calendar, _ = WorkCalendar.objects.get_or_create(
        name="Обычный", defaults={"timezone": ZONE.key, "week": registry.DEFAULT_WEEK}
    )
    return Region.objects.create(**{"name": "Сибирская область", "code": "54", "calendar": calendar} | fields)


def day_off(calendar: WorkCalendar, at: datetime) -> CalendarDay:
    """A holiday on the local date of the instant."""
    return CalendarDay.objects.create(
        calendar=calendar, date=at.astimezone(ZONE).date(), spans=[], note="праздник"
    )


def municipality(**fields: Any) -> Municipality:
    number = next(_next)
    return Municipality.objects.create(
        **{
            "oktmo": f"50{number:06d}",
            "name": f"Район {number}",
            "short_name": f"р-н {number}",
            "kind": "district",
        }
        | fields
    )


def body(name: str = "", *, parent: Organization | None = None, **fields: Any) -> Organization:
    """An authority or institution: a regional ministry unless told otherwise."""
    number = next(_next)
    name = name or f"Министерство {number}"
    defaults: dict[str, Any] = {
        "code": f"body-{number}",
        "name": name,
        "short_name": name[:120],
        "level": "regional",
        "type": "ministry",
    }
    return registry.add_organization(by=SYSTEM, now=NOW, parent=parent, **defaults | fields)


def administration(of: Municipality | None = None, **fields: Any) -> Organization:
    """The administration of a municipality."""
    return body(
        "Администрация", level="municipal", type="administration", municipality=of or municipality(), **fields
    )


def school(of: Municipality | None = None, **fields: Any) -> Organization:
    """An institution of a municipality."""
    return body("Школа № 7", level="institution", type="school", municipality=of, **fields)


def page(of: Organization | None = None, **fields: Any) -> OfficialPage:
    """An official page in VK."""
    number = str(fields.pop("external_id", next(_next) + 100_000))
    defaults: dict[str, Any] = {
        "network": "vk",
        "external_id": number,
        "title": f"Страница {number}",
        "url": f"https://vk.com/club{number}",
    }
    return registry.add_page(organization=of or body(), by=SYSTEM, now=NOW, **defaults | fields)


def connection(of: OfficialPage | None = None, **fields: Any) -> Connection:
    """A page that sends its events, with a secret and a confirmation code."""
    of = of or page()
    defaults: dict[str, Any] = {
        "secret": SECRET,
        "confirmation_code": "d8v2ve07",
        "state": ConnectionState.CONNECTED,
    }
    return Connection.objects.create(
        page=of, network=of.network, external_id=of.external_id, **defaults | fields
    )


def account(
    role: str = "",
    *,
    organization: Organization | None = None,
    page: OfficialPage | None = None,
    **fields: Any,
) -> Account:
    """Somebody of the staff, with a role when one is named: of the centre unless a body or a page is given.

    Hashing a password takes half a second on purpose, so only who logs in by one is given it.
    """
    number = next(_next)
    defaults: dict[str, Any] = {
        "username": f"user{number}",
        "full_name": f"Мария Крылова {number}",
        "password": None,
    }
    made = people.create_account(by=SYSTEM, now=NOW, **defaults | fields)
    if role:
        registry.grant(account=made, role=role, organization=organization, page=page, by=SYSTEM, now=NOW)
    return made


def dispatcher(**fields: Any) -> Account:
    return account(Role.DISPATCHER, **fields)


def executor(of: Organization, **fields: Any) -> Account:
    return account(Role.EXECUTOR, organization=of, **fields)


def author(**fields: Any) -> Author:
    number = next(_next)
    return Author.objects.create(
        **{"network": "vk", "external_id": str(number), "name": "Анна Белова"} | fields
    )


def thread(of: OfficialPage, **fields: Any) -> Thread:
    number = str(next(_next))
    return Thread.objects.create(
        **{"page": of, "place": "wall", "object_id": "6", "root_id": number} | fields
    )


def message(text: str = "Когда уберут снег во дворе на улице Мира, 5?", **fields: Any) -> SourceMessage:
    """A comment of a resident under a post. `by` is its author, `under` its connection."""
    under: Connection = fields.pop("under", None) or connection()
    by: Author = fields.pop("by", None) or author()
    root: Thread = fields.pop("thread", None) or thread(under.page)
    defaults: dict[str, Any] = {
        "connection": under,
        "page": under.page,
        "thread": root,
        "author": by,
        "kind": "comment",
        "place": root.place,
        "object_id": root.object_id,
        "external_id": str(next(_next)),
        "text": text,
        "sent_at": NOW,
        "received_at": NOW,
    }
    return SourceMessage.objects.create(**defaults | fields)


def topic(code: str = "ROADS.repair") -> Topic:
    return Topic.objects.get(code=code)


def verdict(of: SourceMessage, **fields: Any) -> Verdict:
    defaults: dict[str, Any] = {
        "kind": IncidentKind.COMPLAINT,
        "topic": fields.pop("topic", None) or Topic.objects.active().order_by("pk").first(),
        "confidence": 0.9,
        "priority": Priority.NORMAL,
        "model_version": "test",
        "decided_at": NOW,
    }
    return Verdict.objects.create(message=of, **defaults | fields)


def opening(of: SourceMessage, action: str = "open", **fields: Any) -> casework.Opening:
    """What triage decided about a message: sure and routed to the page's body unless told otherwise."""
    defaults: dict[str, Any] = {
        "question": of.text,
        "action": action,
        "reason": {"open": "confident", "ask": "low_confidence", "reject": "spam"}[action],
        "suggested_id": of.page.organization_id,
        "municipality_id": None,
    }
    given = fields.pop("verdict", None) or verdict(of)
    return casework.Opening(verdict=given, **defaults | fields)


def incident(state: str = "in_progress", **fields: Any) -> Incident:
    """An incident brought into the state by the verbs; `message`, `body` and `priority` may be given."""
    of: SourceMessage = fields.pop("message", None) or message()
    judged = verdict(of, priority=fields.pop("priority", Priority.NORMAL))
    action = "reject" if state == "rejected" else "ask"
    if state == "new":
        return _unjudged(judged)
    made = casework.open_many(openings=[opening(of, action, verdict=judged)], now=NOW)[0]
    if state in {"triage", "rejected"}:
        return made
    someone = fields.pop("by", None) or dispatcher()
    if state == "clarification":
        casework.ask(incident=made, text="Уточните, пожалуйста, адрес.", by=someone, now=NOW)
        Delivery.objects.filter(answer__incident=made).update(
            state="delivered", external_id=str(next(_next)), finished_at=NOW
        )
        casework.record_receipt(
            delivery=Delivery.objects.get(answer__incident=made), state="delivered", now=NOW
        )
        return Incident.objects.get(pk=made.pk)
    if state == "attached":
        return casework.attach(incident=made, parent=incident("triage"), by=someone.actor, now=NOW)
    if state == "transferred":
        return transferred(made, by=someone)
    made = casework.confirm(
        incident=made,
        topic=made.topic,
        kind=made.kind,
        priority=made.priority,
        executor=fields.pop("body", None) or of.page.organization,
        by=someone,
        now=NOW,
    )
    return made if state == "routed" else _worked(made, state, someone)


def _worked(made: Incident, state: str, by: Account) -> Incident:
    made = casework.accept(incident=made, by=by, now=NOW)
    if state == "approval":
        casework.submit(incident=made, text="Уберём.", resolution="solved", by=by, now=NOW)
        return Incident.objects.get(pk=made.pk)
    return made if state == "in_progress" else _answered(made, state, by)


def _unjudged(judged: Verdict) -> Incident:
    """What no verb leaves behind, because a verdict moves it in the same breath."""
    of = judged.message
    return Incident.objects.create(
        message=of,
        question=of.text,
        page=of.page,
        kind=judged.kind,
        topic=judged.topic,
        received_at=NOW,
        entered_at=NOW,
        due_at=after(days=1),
    )


def transferred(of: Incident, *, by: Account | None = None) -> Incident:
    """Handed to the platform of feedback, its author told."""
    note = casework.transfer(
        incident=of, target="pos", text="Передали.", reason="нужна проверка", by=by or dispatcher(), now=NOW
    )
    settle(note, DeliveryState.DELIVERED)
    return Incident.objects.get(pk=of.pk)


# What an answer of another kind than the final one promises, and where its receipt leads.
_PROMISES = {"interim_answered": ("interim", 3), "deferred": ("plan", 40)}


def _answered(made: Incident, state: str, by: Account) -> Incident:
    kind, days = _PROMISES.get(state, ("final", 0))
    answer = publish(made, by=by, kind=kind, promised_for=after(days=days) if days else None)
    if state != "publishing":
        settle(answer, DeliveryState.UNCERTAIN if state == "uncertain" else DeliveryState.DELIVERED)
    made.refresh_from_db()
    later = after(minutes=2)
    if state == "rework":
        return casework.return_for_rework(incident=made, code="no_proof", by=by.actor, now=later)
    if state == "reopened":
        return casework.reopen(incident=made, reason="не решено", by=by.actor, now=later)
    if state in {"closed", "archived"}:
        made = casework.close(incident=made, resolution="solved", by=by.actor, now=later)
    if state == "archived":
        casework.archive_old(now=after(days=366))
        made.refresh_from_db()
    return made


def publish(
    of: Incident, text: str = "Уборку закончим завтра к 12:00.", *, by: Account | None = None, **given: Any
) -> Answer:
    """An answer on its way."""
    return casework.publish(
        incident=of, text=text, resolution="explained", by=by or dispatcher(), now=after(minutes=1), **given
    )


def settle(answer: Answer, state: str, *, reason: str = "") -> None:
    """The outbox says how it ended, and casework learns it."""
    fields: dict[str, Any] = {"state": state, "reason": reason, "finished_at": after(minutes=1)}
    if state == DeliveryState.DELIVERED:
        fields |= {"external_id": str(next(_next)), "permalink": "https://vk.com/wall-1_6?reply=77"}
    delivery = answer.delivery
    assert delivery is not None
    Delivery.objects.filter(pk=delivery.pk).update(**fields)
    delivery.refresh_from_db()
    casework.record_receipt(delivery=delivery, state=state, now=after(minutes=1))


def incoming(what: str = "new", **fields: Any) -> Incoming:
    """What a network tells of a comment under a post."""
    number = str(fields.pop("external_id", next(_next)))
    defaults: dict[str, Any] = {"place": "wall", "object_id": "6", "external_id": number}
    if what != What.DELETED:
        defaults |= {"root_id": number, "author_id": "100200300", "text": "Почему нет тепла?", "sent_at": NOW}
    return Incoming(What(what), **defaults | fields)


def vk_comment(group_id: int | str, kind: str = "wall_reply_new", **fields: Any) -> dict[str, Any]:
    """An event of VK about a comment under a post, as the Callback API sends it."""
    number, secret, event_id = next(_next), fields.pop("secret", SECRET), fields.pop("event_id", None)
    thing = {
        "id": number,
        "from_id": 100200300,
        "date": 1_795_260_100,
        "text": "Почему нет тепла?",
        "post_id": 6,
    }
    thing |= {"owner_id": -int(group_id), "parents_stack": [], "post_owner_id": -int(group_id)}
    envelope = {
        "group_id": int(group_id),
        "type": kind,
        "event_id": event_id or f"{number:040x}",
        "v": "5.199",
    }
    return envelope | {"object": thing | fields, "secret": secret}
