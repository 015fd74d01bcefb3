"""A million open orders with three clocks each, drawn and written inside the database.

Spread as a service center's are: by kind, state, unit and hour; eight in a hundred late, three due within the hour, the
rest over ten days; beside them those that ended in the weeks before. A row says what the services would have
written, by the shipped rules; `check_sample` proves the leading clocks of some.
"""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from notifications.models import Message
from staff.choices import Role
from staff.models import Member
from workorders.choices import Channel, ClockKind, Kind, ServiceType, State
from workorders.kinds import CLOCKS, KINDS
from workorders.models import Alarm, Clock, Event, Heartbeat, PolicyRule, WorkOrder
from workorders.rules import Case, applicable, rulebook
from workorders.services.clocks import choose_leaders

# How often each comes, in a hundred.
SHARE_OF_KIND = {
    Kind.FAULT: 46, Kind.SERVICE: 22, Kind.INQUIRY: 16, Kind.COMPLAINT: 9, Kind.OPINION: 6, Kind.TIP_OFF: 1,
}  # fmt: skip
SHARE_OF_STATE = {
    State.RECEIVED: 6, State.DISPATCHED: 10, State.ACCEPTED: 14, State.IN_PROGRESS: 35, State.RESOLVED: 10,
    State.ANSWERED: 25,
}  # fmt: skip
# The three clocks of an order: one leads until it is dispatched, one until it is answered, one afterwards.
THREE = {
    Kind.FAULT: (ClockKind.DISPATCH, ClockKind.ARRIVE, ClockKind.RESTORE),
    Kind.COMPLAINT: (ClockKind.DISPATCH, ClockKind.CONTACT, ClockKind.ANSWER),
}
USUAL_THREE = (ClockKind.DISPATCH, ClockKind.ANSWER, ClockKind.CALL_BACK)
FILLED = (WorkOrder, Clock, Event, Alarm, Message)

LOOKUPS = (
    "CREATE TEMP TABLE any_kind (id serial, kind text, letters text, service_type text) ON COMMIT DROP",
    "CREATE TEMP TABLE any_state (id serial, state text, rank int) ON COMMIT DROP",
    "CREATE TEMP TABLE rule_of (kind text, slot int, rule bigint, is_promise bool) ON COMMIT DROP",
    """
CREATE TEMP TABLE any_place ON COMMIT DROP AS
SELECT row_number() OVER () AS id, c.id AS customer, c.name, t.phone, s.id AS point, s.address, a.crew_id AS crew,
    a.station_id AS station, a.area_class
FROM customers_supplypoint s JOIN customers_customer c ON c.id = s.customer_id
JOIN customers_contact t ON t.customer_id = c.id AND t.is_primary
JOIN customers_transformer f ON f.id = s.transformer_id JOIN customers_area a ON a.id = f.area_id""",
    """
CREATE TEMP TABLE hands ON COMMIT DROP AS
SELECT m.home_unit_id AS crew, array_agg(m.id) AS ids
FROM staff_member m JOIN staff_rolegrant g ON g.member_id = m.id AND g.role = 'handler' GROUP BY 1""",
    "ANALYZE any_place",
)

DRAW = """
CREATE TEMP TABLE drawn ON COMMIT DROP AS
SELECT i, i <= %(open)s AS is_open, k.kind, k.letters, k.service_type, s.state, CASE WHEN i <= %(open)s THEN s.rank END
    AS rank, p.*, clerks[1 + i %% cardinality(clerks)] AS clerk, h.ids[1 + i %% cardinality(h.ids)] AS hand,
    dice.due < .08 AS is_late, dice.told < .3 AS is_told, due.at AS due,
    CASE WHEN i > %(open)s THEN due.at - (1 + 60 * dice.age) * interval '1 hour'
         ELSE least(due.at, %(now)s) - (.1 + 240 * dice.age * dice.age) * interval '1 hour' END AS received
FROM generate_series(1::bigint, %(open)s + %(ended)s) i CROSS JOIN (SELECT %(clerks)s::bigint[] AS clerks) every
CROSS JOIN LATERAL (SELECT random() + 0 * i AS due, random() AS far, random() AS age, random() AS told) dice
CROSS JOIN LATERAL (SELECT CASE
    WHEN i > %(open)s THEN %(now)s - (%(days)s * dice.far) * interval '1 day'
    WHEN dice.due < .08 THEN %(now)s - (48 * dice.far * dice.far) * interval '1 hour' - interval '1 second'
    WHEN dice.due < .11 THEN %(now)s + (60 * dice.far) * interval '1 minute'
    ELSE %(now)s + (1 + 239 * dice.far) * interval '1 hour' END AS at) due
JOIN any_kind k ON k.id = 1 + i * 37 %% 100
JOIN any_state s ON s.id = 1 + i / 100 %% 100
JOIN any_place p ON p.id = 1 + i * 7919 %% %(places)s
JOIN hands h USING (crew)"""

ORDERS = """
INSERT INTO workorders_workorder (id, code, tail, token, kind, service_type, situation, channel, is_safety, area_class,
    customer_id, supply_point_id, contact_name, contact_phone, address, subject, description, details, state, unit_id,
    assignee_id, first_owner_id, is_supervised, is_first_contact, received_at, ruled_on, closed_at, result, late_reason,
    late_told_at, bounces, generation, version, next_clock_id, next_due_at, promise_clock_id, promise_due_at)
SELECT i, letters || '-' || lpad((i / 10000)::text, 6, '0') || '-' || lpad((i %% 10000)::text, 4, '0'),
    lpad((i %% 10000)::text, 4, '0'), 'bench' || i, d.kind, service_type,
    CASE WHEN d.kind = 'fault' THEN 'whole' ELSE '' END, 'hotline', false, area_class, customer, point, name, phone,
    address, CASE WHEN d.kind = 'fault' THEN '' ELSE '电表读数不对' END, '下午突然停电，楼道灯也不亮。', '{}',
    CASE WHEN is_open THEN state ELSE 'closed' END, CASE WHEN rank BETWEEN 1 AND 4 THEN crew ELSE station END,
    CASE WHEN rank >= 2 THEN hand END, clerk, false, false, received, %(today)s, CASE WHEN NOT is_open THEN due END,
    CASE WHEN rank >= 4 OR NOT is_open THEN '换了表前空开' ELSE '' END, '', CASE WHEN is_late AND is_told THEN due END,
    0, 1, 1 + coalesce(rank, 6), 3 * i - CASE WHEN rank = 0 THEN 2 WHEN rank < 5 THEN 1 ELSE 0 END,
    CASE WHEN is_open THEN due END, CASE WHEN two.is_promise THEN 3 * i - 1 END,
    CASE WHEN rank < 5 AND two.is_promise THEN due + CASE rank WHEN 0 THEN interval '7 hours' ELSE interval '0' END END
FROM drawn d JOIN rule_of two ON two.kind = d.kind AND two.slot = 2 ORDER BY i"""

PROMISES = """
INSERT INTO workorders_clock (id, order_id, rule_id, kind, ordinal, order_generation, generation, state, starts_on,
    base, amount, target, per_order, is_promise, started_at, warn_at, due_at, stopped_at, is_provisional, stages,
    next_stage, fire_at, sweep_error)
SELECT 3 * (i - 1) + slot, i, rule, r.clock, 0, 1, 1, life, r.starts_on, r.base, r.amount, r.target, true, o.is_promise,
    began, warn, ends, CASE WHEN life = 'stopped' THEN greatest(began, least(%(now)s, CASE
        WHEN is_late AND slot = 2 THEN ends + interval '3 hours' ELSE ends - (ends - began) * .3 END)) END,
    false, CASE WHEN ends IS NULL THEN '[]' ELSE steps END, CASE WHEN life = 'running' THEN fired ELSE 0 END,
    CASE WHEN life = 'running' THEN next END, ''
FROM drawn d JOIN rule_of o USING (kind) JOIN workorders_policyrule r ON r.id = o.rule
CROSS JOIN LATERAL (SELECT CASE WHEN NOT is_open THEN 4 WHEN rank = 0 THEN 1 WHEN rank < 5 THEN 2 ELSE 3 END AS turn) t
CROSS JOIN LATERAL (SELECT CASE WHEN slot < turn THEN 'stopped' WHEN slot = turn OR r.starts_on = 'receive'
    THEN 'running' ELSE 'waiting' END AS life) l
CROSS JOIN LATERAL (SELECT CASE WHEN life <> 'waiting' THEN received END AS began, CASE life WHEN 'running'
    THEN due + (slot - turn) * interval '7 hours' WHEN 'stopped' THEN received + (least(due, %(now)s) - received) * .8
    END AS ends) w
CROSS JOIN LATERAL (SELECT began + (ends - began) * .7 AS warn) x
CROSS JOIN LATERAL (
    SELECT jsonb_agg(rung || jsonb_build_object('at', at) ORDER BY n) AS steps,
        count(*) FILTER (WHERE at <= %(now)s) AS fired, min(at) FILTER (WHERE at > %(now)s) AS next
    FROM (SELECT rung, n, CASE n WHEN 1 THEN warn ELSE ends + (n - 2) * interval '15 minutes' END AS at
          FROM jsonb_array_elements(r.ladder) WITH ORDINALITY rungs(rung, n)) timed) ladder
ORDER BY i, slot"""

EVENTS = """
INSERT INTO workorders_event (order_id, generation, verb, at, recorded_at, actor_id, unit_id, text, is_public, data)
SELECT i, 1, verb, at, at, CASE WHEN n IN (1, 5) THEN clerk ELSE hand END, station, '', true, (CASE verb
    WHEN 'dispatch' THEN '{"to": "一班"}' WHEN 'answer' THEN '{"channel": "hotline"}' ELSE '{}' END)::jsonb
FROM drawn
CROSS JOIN unnest(ARRAY['receive', 'dispatch', 'accept', 'finish', 'answer']) WITH ORDINALITY steps(verb, n)
CROSS JOIN LATERAL (SELECT received + (n - 1) * interval '1 minute' AS at) t
WHERE n <= CASE WHEN rank IS NULL OR rank = 5 THEN 5 WHEN rank = 4 THEN 4 ELSE 1 + least(rank, 2) END
ORDER BY n, i"""

ALARMS = """
INSERT INTO workorders_alarm (clock_id, generation, stage, planned_at, fired_at)
SELECT c.id, 1, rung->>'stage', (rung->>'at')::timestamptz, (rung->>'at')::timestamptz
FROM workorders_clock c CROSS JOIN jsonb_array_elements(stages) WITH ORDINALITY rungs(rung, n) WHERE n <= next_stage"""

MESSAGES = """
INSERT INTO notifications_message (address, channel, kind, language, data, state, subject, body, dedupe_key, not_before,
    about, attempts, created_at, sent_at)
SELECT contact_phone, 'sms', 'order_received_open', 'zh-hans', '{}', 'sent', '', '已收到。', 'bench:' || id,
    received_at, code, 1, received_at, received_at
FROM workorders_workorder"""


def build_orders(number: int, *, ended: int, days: int, now: datetime) -> None:
    """Fill a city with ``number`` open orders and those that ended in the last ``days``; ``now`` parts late from to
    come.
    """
    clerks = list(Member.objects.filter(grants__role=Role.CLERK).values_list("pk", flat=True))
    values: dict[str, Any] = {"open": number, "ended": ended, "days": days, "now": now}
    values |= {"today": timezone.localdate(now), "clerks": clerks}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT setseed(.42)")
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        cursor.execute("SET LOCAL session_replication_role = replica")  # no look-up of every foreign key
        values["places"] = _look_up(cursor)
        indexes = _drop_indexes(cursor)
        for statement in (DRAW, ORDERS, PROMISES, EVENTS, ALARMS, MESSAGES):
            cursor.execute(statement, values if "%(" in statement else None)
        for statement in indexes:
            cursor.execute(statement)
        for table in ("workorders_workorder", "workorders_clock"):
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
    with connection.cursor() as cursor:
        for model in FILLED:
            cursor.execute(f"VACUUM ANALYZE {model._meta.db_table}")
    check_sample(number)
    Heartbeat.objects.create(name="built", at=now)


def check_sample(number: int) -> None:
    """The leading clocks written here are those the services choose."""
    for pk in range(1, number, max(1, number // 50)):
        order = WorkOrder.objects.get(pk=pk)
        written = order.next_clock_id, order.next_due_at
        choose_leaders(order, list(order.clocks.all()))
        assert written == (order.next_clock_id, order.next_due_at), order.code


def _look_up(cursor: Any) -> int:
    """What orders are drawn from: kinds and states as often as they come, rules, places, hands; how many places."""
    for statement in LOOKUPS:
        cursor.execute(statement)
    for kind, share in SHARE_OF_KIND.items():
        row = [kind, KINDS[kind].letters, _service(kind)]
        cursor.executemany("INSERT INTO any_kind (kind, letters, service_type) VALUES (%s, %s, %s)", [row] * share)
        rules = [
            [kind, slot, rule.pk, rule.is_promise and CLOCKS[rule.clock].for_customer] for slot, rule in _rules(kind)
        ]
        cursor.executemany("INSERT INTO rule_of VALUES (%s, %s, %s, %s)", rules)
    for rank, (state, share) in enumerate(SHARE_OF_STATE.items()):
        cursor.executemany("INSERT INTO any_state (state, rank) VALUES (%s, %s)", [[state, rank]] * share)
    cursor.execute("SELECT count(*) FROM any_place")
    return cursor.fetchone()[0]


def _service(kind: str) -> str:
    return ServiceType.METER_CHECK if kind == Kind.SERVICE else ""


def _rules(kind: str) -> list[PolicyRule]:
    """The rules of a kind's three clocks; of several, one the customer was told."""
    case = Case(kind, _service(kind), "urban", "", Channel.HOTLINE)
    rules = applicable(rulebook(), case=case, on=timezone.localdate())
    three = THREE.get(kind, USUAL_THREE)
    return [
        (n, max((r for r in rules if r.clock == clock), key=lambda r: r.is_promise)) for n, clock in enumerate(three, 1)
    ]


def _drop_indexes(cursor: Any) -> list[str]:
    """Drop every index of the filled tables that holds no constraint; returns what makes them again, much quicker."""
    cursor.execute(INDEXES, [[model._meta.db_table for model in FILLED]])
    found = cursor.fetchall()
    for name, _definition in found:
        cursor.execute(f"DROP INDEX {name}")
    return [definition for _name, definition in found]


INDEXES = """
SELECT i.indexrelid::regclass, pg_get_indexdef(i.indexrelid)
FROM pg_index i WHERE i.indrelid = ANY(%s::text[]::regclass[]) AND NOT i.indisunique"""
