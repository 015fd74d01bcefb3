"""The acts, played by the people on duty through the services. Nothing here writes a row."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from simulation.cast import Cast
from simulation.city import units as u
from simulation.plots import unit_for, wrong_unit_for
from simulation.sayings import talk
from simulation.story import Story
from staff.choices import Role
from staff.models import Member
from workorders.callbacks import TRIES_BEFORE_GIVING_UP
from workorders.choices import CallBackResult, Channel, Kind, ReturnReason, Verb
from workorders.models import Event, WorkOrder
from workorders.services import amending, closing, dispatching, field, lateness

V = Verb
HANDLING = {V.ACCEPT, V.SET_OFF, V.ARRIVE, V.FINISH, V.ANSWER}
SATISFACTION = {
    CallBackResult.SATISFIED: 0.80,
    CallBackResult.FAIR: 0.09,
    CallBackResult.DISSATISFIED: 0.03,
    CallBackResult.NOT_REACHED: 0.08,
}


class Stage:
    """Plays one act of an order at an instant: chooses who does it and what is said, then calls the service."""

    def __init__(self, cast: Cast, rng: Random) -> None:
        self.cast = cast
        self.rng = rng  # for identities only; what people do comes from the order's own dice
        self.hands: dict[str, Member] = {}  # who has an order in hand
        self.doers: dict[str, set[int]] = {}  # who handled or answered it; they do not call back

    def play(self, story: Story, verb: Verb, now: datetime) -> WorkOrder:
        """Do ``verb`` now. Raises what the services raise."""
        story.did.add(verb)
        order = getattr(self, f"_{verb.value}")(story, now)  # the methods below carry the verbs' names
        story.follow(order, now)
        story.unit = order.unit.code
        self.takes(order)
        return order

    def takes(self, order: WorkOrder) -> None:
        """Remember who has the order in hand."""
        if order.assignee is not None and order.assignee.staff_no in self.cast.members:
            self.hands[order.code] = self.cast.members[order.assignee.staff_no]

    def _do(self, act: Callable[..., WorkOrder], story: Story, actor: Member, now: datetime, **own: Any) -> WorkOrder:
        if act.verb in HANDLING:
            self.doers.setdefault(story.code, set()).add(actor.pk)
        return act(code=story.code, actor=actor, now=now, request_id=self.request_id(), **own)

    def request_id(self) -> UUID:
        """What a form would have carried."""
        return UUID(int=self.rng.getrandbits(128), version=4)

    # ── the desk ──

    def _dispatch(self, story: Story, now: datetime) -> WorkOrder:
        code = wrong_unit_for(story) if story.misled and V.RETURN not in story.did else unit_for(story)
        unit = self.cast.units.get(code) or self.cast.units[u.MARKETING]
        return self._do(dispatching.dispatch_order, story, self._dispatcher(story, now), now, unit=unit)

    def _answer(self, story: Story, now: datetime) -> WorkOrder:
        said = story.saying.answer if story.saying else "已经办好，结果跟您说清楚了。"
        by_hand = story.kind == Kind.COMPLAINT and self.cast.members.get("XL0108")
        actor = by_hand or self._speaker(story, now)
        channel = Channel.COUNTER if actor in self.cast.clerks(now) else Channel.HOTLINE
        return self._do(closing.answer, story, actor, now, text=said, channel=channel)

    def _call_back(self, story: Story, now: datetime) -> WorkOrder:
        odds = dict(SATISFACTION)
        if story.is_laggard or story.was_told:
            odds |= {CallBackResult.SATISFIED: 0.55, CallBackResult.DISSATISFIED: 0.2}
        if story.tries >= 2:
            odds[CallBackResult.NOT_REACHED] = 0.35
        result = story.rng.choices(list(odds), list(odds.values()))[0]
        remark = self._remark(story, result)
        order = self._do(closing.call_back, story, self._caller(story, now), now, result=result, remark=remark)
        if result == CallBackResult.NOT_REACHED:
            story.tries += 1
            if story.tries < TRIES_BEFORE_GIVING_UP:
                story.did.discard(V.CALL_BACK)
        return order

    def _close(self, story: Story, now: datetime) -> WorkOrder:
        if story.kind == Kind.PRAISE:
            agent = self._speaker(story, now)
            self._do(amending.add_note, story, agent, now, text=story.rng.choice(talk.PASSED_ON))
            return self._do(closing.close, story, agent, now)
        return self._do(closing.close, story, self._caller(story, now), now)

    def _cancel(self, story: Story, now: datetime) -> WorkOrder:
        return self._do(
            dispatching.cancel, story, self._speaker(story, now), now, reason=story.rng.choice(talk.CANCELLED)
        )

    # ── the unit ──

    def _accept(self, story: Story, now: datetime) -> WorkOrder:
        return self._do(dispatching.accept, story, self._hand(story, now), now)

    def _return(self, story: Story, now: datetime) -> WorkOrder:
        story.misled = False
        reason, words = ReturnReason.WRONG_UNIT, talk.WRONG_UNIT
        if story.rng.random() < 0.2:
            reason, words = ReturnReason.FIELD_MISSING, talk.MISSING_FIELD
        self.hands.pop(story.code, None)
        return self._do(
            dispatching.return_order, story, self._hand(story, now), now, reason=reason, note=story.rng.choice(words)
        )

    def _contact(self, story: Story, now: datetime) -> WorkOrder:
        return self._do(
            field.contact_customer, story, self._hand(story, now), now, note=story.rng.choice(talk.CONTACTED)
        )

    def _set_off(self, story: Story, now: datetime) -> WorkOrder:
        order = self._do(field.set_off, story, self._hand(story, now), now)
        if story.is_fault and story.rng.random() < 0.2:
            self._do(amending.add_note, story, self._hand(story, now), now, text=story.rng.choice(talk.ON_THE_WAY))
        return order

    def _arrive(self, story: Story, now: datetime) -> WorkOrder:
        """Sometimes the crew works first and presses later: then the time is entered as it was."""
        late = timedelta(minutes=story.rng.randint(2, 5)) if story.rng.random() < 0.08 else timedelta()
        at = now - late if late and now - late > (story.last_at or story.received_at) else None
        order = self._do(field.arrive, story, self._hand(story, now), now, at=at)
        if story.is_fault and story.rng.random() < 0.3:
            self._do(amending.add_note, story, self._hand(story, now), now, text=story.rng.choice(talk.ARRIVED))
        return order

    def _finish(self, story: Story, now: datetime) -> WorkOrder:
        result = story.saying.result if story.saying else "已处理，客户当面确认。"
        cause = story.saying.cause if story.saying else ""
        return self._do(field.finish, story, self._hand(story, now), now, result=result, cause=cause)

    # ── on the side ──

    def _add_contact(self, story: Story, now: datetime) -> WorkOrder:
        words = talk.CALLS_AGAIN if story.is_fault else talk.ASKS_AFTER_A_WHILE
        return self._do(amending.add_contact, story, self._speaker(story, now), now, note=story.rng.choice(words))

    def _amend(self, story: Story, now: datetime) -> WorkOrder:
        order = WorkOrder.objects.get(code=story.code)
        values = {"contact_phone": f"1390000{story.rng.randrange(10000):04d}"}
        reason = talk.AMENDED[2]
        if order.supply_point and story.rng.random() < 0.4:
            values, reason = {"address": f"{order.supply_point.address}（从东门进）"}, talk.AMENDED[0]
        return self._do(amending.amend, story, self._speaker(story, now), now, reason=reason, **values)

    def _correct(self, story: Story, now: datetime) -> WorkOrder:
        """The desk puts a wrong arrival right, from what the crew tells it."""
        event = Event.objects.filter(order__code=story.code, verb=V.ARRIVE).order_by("-id").first()
        return self._do(
            amending.correct_stamp,
            story,
            self._dispatcher(story, now),
            now,
            event=event,
            at=event.at - timedelta(minutes=story.rng.randint(2, 6)),
            reason=story.rng.choice(talk.FORGOT_TO_PRESS),
        )

    def _tell_late(self, story: Story, now: datetime) -> WorkOrder:
        """Say why, and the new time when it is known."""
        when = story.plan.get("finish" if V.ARRIVE in story.did else "arrive") or story.plan.get("done")
        words = talk.LATE_IN_THE_OFFICE
        if story.is_fault:
            words = talk.LATE_IN_THE_WORK if V.ARRIVE in story.did else talk.LATE_ON_THE_WAY
            words = talk.LATE_IN_A_STORM if story.storm and story.rng.random() < 0.7 else words
        reason, why = story.rng.choice(words)
        own: dict[str, datetime] = {"next_news": soon(now + timedelta(minutes=35))}
        if when and when > now and story.rng.random() < 0.8:
            own = {"new_time": soon(when + timedelta(minutes=4))}
        teller = self._hand(story, now) if story.rng.random() < 0.4 else self._speaker(story, now)
        order = self._do(lateness.tell_late, story, teller, now, reason=reason, words=why, **own)
        story.was_told = True
        return order

    # ── who ──

    def _dispatcher(self, story: Story, now: datetime) -> Member:
        return story.rng.choice(self.cast.on(Role.DISPATCHER, now))

    def _speaker(self, story: Story, now: datetime) -> Member:
        """Somebody who talks to customers now: an agent, or a clerk while the halls are open."""
        clerks = self.cast.clerks(now)
        if clerks and not story.is_fault and story.rng.random() < 0.3:
            return story.rng.choice(clerks)
        return story.rng.choice(self.cast.on(Role.AGENT, now))

    def _caller(self, story: Story, now: datetime) -> Member:
        """An agent who neither handled nor answered; one off shift is asked when there is no other."""
        did = self.doers.get(story.code, set())
        for pool in (self.cast.on(Role.AGENT, now), self.cast.holders[Role.AGENT, ""]):
            free = [member for member in pool if member.pk not in did]
            if free:
                return story.rng.choice(free)
        return story.rng.choice(self.cast.on(Role.SUPERVISOR, now))

    def _hand(self, story: Story, now: datetime) -> Member:
        """Whoever has it in hand; else somebody of the unit, mostly not its lead."""
        held = self.hands.get(story.code)
        if held is not None:
            return held
        people = self.cast.holders.get((Role.HANDLER, story.unit)) or self.cast.on(Role.UNIT_LEAD, now, story.unit)
        if story.is_fault and story.rng.random() < 0.6:
            people = self.cast.on(Role.HANDLER, now, story.unit) or people
        member = story.rng.choice(people)
        return member

    def _remark(self, story: Story, result: str) -> str:
        happy, unhappy = talk.REMARKS[talk.tone_of(story.kind)]
        pool = {CallBackResult.DISSATISFIED: unhappy, CallBackResult.NOT_REACHED: talk.NOT_REACHED}.get(result, happy)
        return story.rng.choice(pool)


def soon(at: datetime) -> datetime:
    """Rounded up to five minutes, as people say times."""
    over = timedelta(minutes=at.minute % 5, seconds=at.second, microseconds=at.microsecond)
    return at - over + (timedelta(minutes=5) if over else timedelta())
