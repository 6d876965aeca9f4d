"""The ladder's steps: decided once, exactly those that came, whatever happens to dates, predictions, clocks and sends."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, note
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.domain.types import State
from bot.domain.when import ReminderTime
from bot.services import announcements, outbox, sweep
from bot.services.members import guilds
from bot.services.outbox import DueMessage, MessageKind
from bot.services.predictions import editing, ladder, steps
from bot.services.predictions.editing import PredictionChanges
from bot.services.predictions.views import PredictionView
from bot.services.reminding import reminders
from bot.services.settings import changing
from db.database import Database
from db.models import LadderStep, OutboxMessage, Prediction, Reminder
from tests.factories import GUILD, OTHER_GUILD, create_actor, create_document, create_prediction, load
from tests.processes import crowd
from tests.properties import lives
from tests.rows import empty, rows, values

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
DATE = datetime(2026, 6, 1, tzinfo=UTC)
CHANNEL = 77
MONA = create_actor("mona", manager=True)
ADA = create_actor("ada")
LADDER = (30, 7, 1, 0)


def set_up(database: Database, *, guild_id: int = GUILD, now: datetime = START, **changes: Any) -> None:
    """A guild with a channel for posts and no quiet hours, unless told otherwise."""
    given: dict[str, Any] = {"post_channel_id": CHANNEL, "quiet_from_minute": None, "quiet_to_minute": None}
    manager = create_actor(guild_id=guild_id, manager=True)
    database.run_here(changing.change_guild_settings, manager, changes=given | changes, now=now)


def create_forecast_on(database: Database, **given: Any) -> PredictionView:
    """A prediction that a member has forecast on: of others nobody is reminded."""
    view = create_prediction(database, **given)
    with database.engine.begin() as connection:
        connection.execute(update(Prediction).where(Prediction.id == view.id).values(forecasters=1))
    return view


def plan(database: Database, now: datetime) -> None:
    """Decide what has come, in all guilds."""
    while database.run_here(ladder.plan, now=now):
        pass


def decided(database: Database) -> dict[tuple[int, int], str | None]:
    """Steps that were decided, by prediction and days, each with why it was dropped."""
    found = rows(database, select(LadderStep.prediction_id, LadderStep.days, LadderStep.dropped))
    return {(prediction_id, days): dropped for prediction_id, days, dropped in found}


def next_step(database: Database) -> datetime | None:
    return values(database, select(Prediction.next_step_at))[0]


def posts(database: Database) -> list[dict[str, Any]]:
    """The payloads of the ladder's posts."""
    return values(database, select(OutboxMessage.payload).where(OutboxMessage.kind == "ladder"))


def claimed_post(database: Database, now: datetime) -> DueMessage:
    """The one post of the ladder that is due."""
    (post,) = [message for message in claim(database, now) if message.kind is MessageKind.LADDER]
    return post


def test_a_prediction_knows_its_next_step_from_the_start(database: Database) -> None:
    set_up(database)
    create_forecast_on(database, now=START, resolves_at=DATE)
    assert next_step(database) == DATE - timedelta(days=30)
    plan(database, DATE - timedelta(days=30))
    assert next_step(database) == DATE - timedelta(days=7)
    plan(database, DATE)
    assert next_step(database) is None


def test_what_lies_behind_when_a_prediction_is_made_never_comes(database: Database) -> None:
    set_up(database)
    view = create_forecast_on(database, now=DATE - timedelta(days=5), resolves_at=DATE)
    plan(database, DATE - timedelta(days=1))
    assert decided(database) == {(view.id, 1): None}


def test_nobody_is_reminded_of_what_nobody_forecast_and_of_the_date_its_vote_tells(database: Database) -> None:
    set_up(database)
    alone = create_prediction(database, now=START, resolves_at=DATE)
    shared = create_forecast_on(database, now=START, resolves_at=DATE)
    for days in (7, 0):
        plan(database, DATE - timedelta(days=days))
    dropped = decided(database)
    assert dropped[alone.id, 7] == "nobody has forecast on it"
    assert dropped[shared.id, 7] is None
    assert dropped[shared.id, 0] == "its vote says so"


def test_a_step_is_decided_once_even_when_the_clock_goes_back(database: Database) -> None:
    set_up(database)
    create_forecast_on(database, now=START, resolves_at=DATE)
    for days in (7, 20, 7, 0, 7):
        plan(database, DATE - timedelta(days=days))
    assert Counter(values(database, select(LadderStep.days))) == {30: 1, 7: 1, 1: 1, 0: 1}
    assert posts(database) == [{"channel_id": CHANNEL}]  # one post has all that waits; the date itself is the vote's


def test_predictions_of_several_dates_and_guilds_have_their_own_posts(database: Database) -> None:
    set_up(database)
    set_up(database, guild_id=OTHER_GUILD, post_channel_id=88)
    for guild_id in (GUILD, OTHER_GUILD):
        manager = create_actor(guild_id=guild_id, manager=True)
        for date in (DATE, DATE, DATE + timedelta(days=6)):
            create_forecast_on(database, now=START, by=manager, resolves_at=date)
    plan(database, DATE - timedelta(days=1))
    assert sorted(payload["channel_id"] for payload in posts(database)) == [CHANNEL, 88]


def test_a_server_that_the_bot_has_left_is_not_posted_to(database: Database) -> None:
    set_up(database)
    view = create_forecast_on(database, now=START, resolves_at=DATE)
    database.run_here(guilds.say_goodbye, GUILD, now=START)
    plan(database, DATE - timedelta(days=30))
    assert decided(database) == {(view.id, 30): "Almanac is no longer on the server"}
    assert posts(database) == []


def test_a_held_post_gives_way_to_the_next_step(database: Database) -> None:
    set_up(database)
    view = create_forecast_on(database, now=START, resolves_at=DATE)
    plan(database, DATE - timedelta(days=7))
    post = claimed_post(database, DATE - timedelta(days=7))
    plan(database, DATE - timedelta(days=1))
    late = database.run_here(announcements.ladder_post, guild_id=GUILD, outbox_id=post.id, now=DATE - timedelta(days=1))
    assert late is None
    assert decided(database)[view.id, 7] == "the 1-day step is due as well"


def test_another_guild_cannot_read_a_post(database: Database) -> None:
    set_up(database)
    create_forecast_on(database, now=START, resolves_at=DATE)
    plan(database, DATE - timedelta(days=7))
    post = claimed_post(database, DATE - timedelta(days=7))
    now = DATE - timedelta(days=7)
    assert database.run_here(announcements.ladder_post, guild_id=OTHER_GUILD, outbox_id=post.id, now=now) is None


PLAN = """
from datetime import datetime
from db.database import Database
from bot.services.predictions import ladder

database = None

def step(line):
    global database
    url, now = line.split()
    database = database or Database(url)
    done = 0
    while database.run_here(ladder.plan, now=datetime.fromisoformat(now)):
        done += 1
    return done
"""


def test_processes_that_plan_at_the_same_moment_make_one_post_a_channel(database: Database) -> None:
    set_up(database)
    for _ in range(30):
        create_forecast_on(database, now=START, resolves_at=DATE)
    url = database.url.render_as_string(hide_password=False)
    with crowd(PLAN, processes=3) as processes:
        for days in LADDER:
            processes.all_at_once(f"{url} {(DATE - timedelta(days=days)).isoformat()}")
    assert Counter(values(database, select(LadderStep.days))) == dict.fromkeys(LADDER, 30)
    assert posts(database) == [{"channel_id": CHANNEL}]


# Whatever happens: each due reminder is sent once, or dropped with a reason.


def claim(database: Database, now: datetime) -> list[DueMessage]:
    return list(database.run_here(outbox.claim_due, now=now))


@dataclass
class Life:
    """A guild whose clock, dates and sends go all ways, and what must come of its reminders, stated anew."""

    database: Database
    now: datetime = START
    days: tuple[int, ...] = LADDER
    dated: dict[int, tuple[datetime, datetime]] = field(default_factory=dict)
    """Each reminded prediction's date, and when it, or the ladder, was set."""
    due: set[tuple[int, datetime, int]] = field(default_factory=set)
    """Steps that must have been decided: prediction, date, days."""
    asked: set[int] = field(default_factory=set)
    arrived: dict[tuple[int, datetime], list[Any]] = field(default_factory=dict)
    """What Discord shows, by nonce: a second message of the same nonce is the first."""
    unnoticed: set[tuple[int, datetime]] = field(default_factory=set)
    """Messages after whose sending the bot crashed: what it drops when it comes back was sent, for all it knows, not."""
    failing: int = 0
    crashing: int = 0

    def run(self, use_case: Any, *args: Any, **kwargs: Any) -> Any:
        return self.database.run_here(use_case, *args, now=self.now, **kwargs)

    def load(self, ends: list[int]) -> None:
        """Load the pack with these days from the start as its predictions' ends; a negative one is left out."""
        items = [
            {"id": f"k{number}", "window": {"end": (START + timedelta(days=end)).date().isoformat()}}
            for number, end in enumerate(ends)
            if end >= 0
        ]
        if items:
            load(self.database, create_document(*items), now=self.now)
            with self.database.engine.begin() as connection:  # what nobody forecast would end by itself
                connection.execute(update(Prediction).values(forecasters=1))
            self.look()

    def move(self, number: int, end: int) -> None:
        """Give a prediction another date by hand."""
        codes = values(self.database, select(Prediction.code).where(Prediction.state.in_(["open", "closed"])))
        date = datetime.combine((START + timedelta(days=end)).date(), datetime.min.time(), UTC)
        if codes and date > self.now:
            code = codes[number % len(codes)]
            was = values(self.database, select(Prediction.resolves_at).where(Prediction.code == code))[0]
            if was != date:
                self.run(editing.edit, MONA, code=code, changes=PredictionChanges(resolves_at=date))
            self.look()

    def resolve(self, number: int) -> None:
        """A prediction ends."""
        codes = values(self.database, select(Prediction.code).where(Prediction.state.in_(["open", "closed"])))
        if codes:
            self.run(_end, code=codes[number % len(codes)])
            self.look()

    def ask(self, number: int, before: int, after: int) -> None:
        """A member asks to be reminded: so many days before the date, or in so many days."""
        found = rows(
            self.database,
            select(Prediction.code, Prediction.resolves_at).where(Prediction.state.in_(["open", "closed"])),
        )
        if not found:
            return
        code, date = found[number % len(found)]
        when = (
            ReminderTime(date - timedelta(days=before), before)
            if number % 2
            else ReminderTime(self.now + timedelta(days=after, hours=1))
        )
        if when.at > self.now and len(self.asked) < 40:
            self.asked.add(self.run(reminders.keep, ADA, code=code, when=when, at_home=False).id)

    def change_ladder(self, days: tuple[int, ...]) -> None:
        """The guild sets other steps, by a command: the bot is awake."""
        self.work()
        self.run(changing.change_guild_settings, MONA, changes={"reminder_days": list(days)})
        self.days = days
        self.dated = {key: (date, self.now) for key, (date, _) in self.dated.items()}

    def look(self) -> None:
        """Take in the dates that predictions have now."""
        found = rows(self.database, select(Prediction.id, Prediction.resolves_at, Prediction.state))
        reminded = {key: date for key, date, state in found if date is not None and state in ladder.REMINDED}
        self.dated = {
            key: self.dated[key] if key in self.dated and self.dated[key][0] == date else (date, self.now)
            for key, date in reminded.items()
        }

    def work(self) -> None:
        """What the bot does when it wakes."""
        for part in sweep.PARTS:
            while self.run(part) is True:
                pass
        for key, (date, since) in self.dated.items():
            self.due |= {(key, date, days) for days in self.days if since < date - timedelta(days=days) <= self.now}
        self.look()
        while messages := claim(self.database, self.now):
            for message in messages:
                self.deliver(message)

    def deliver(self, message: DueMessage) -> None:
        """Send one message, or fail to."""
        said = self.say(message)
        if said is None:
            self.run(outbox.mark_sent, message.id)
        elif self.failing:
            self.failing -= 1
            retry_at = self.now + timedelta(minutes=3 * message.attempts)
            self.run(outbox.mark_failed, message.id, reason="500", retry_at=retry_at)
        else:
            nonce = (message.id, message.created_at)  # ids of what was forgotten months ago are given again
            self.arrived.setdefault(nonce, said)
            if self.crashing:
                self.crashing -= 1
                self.unnoticed.add(nonce)
            else:
                self.run(outbox.mark_sent, message.id, channel_id=CHANNEL, discord_id=message.id)

    def say(self, message: DueMessage) -> list[Any] | None:
        """What a message consists of; None when there is nothing left to say."""
        if message.kind is MessageKind.REMINDER:
            due = self.run(reminders.due_reminder, guild_id=GUILD, reminder_id=message.payload["reminder_id"])
            return None if due is None else [("reminder", due.id)]
        if message.kind is MessageKind.LADDER:
            post = self.run(announcements.ladder_post, guild_id=GUILD, outbox_id=message.id)
            if post is None:
                return None
            found = select(LadderStep.prediction_id, LadderStep.resolves_at, LadderStep.days)
            return rows(self.database, found.where(LadderStep.outbox_id == message.id))
        return []

    def end(self) -> None:
        """Everything works again, and time passes from one due moment to the next, as the scheduler is told."""
        self.failing = self.crashing = 0
        for _ in range(300):
            self.work()
            coming = [self.database.read_here(sweep.next_due_at), self.database.read_here(outbox.next_due_at)]
            if not any(coming):
                return
            self.now = max(self.now, min(at for at in coming if at is not None))
        raise AssertionError("it never comes to rest")

    def check(self) -> None:
        """Each due reminder was sent exactly once, or dropped with a reason; and nothing else was sent."""
        columns = (LadderStep.prediction_id, LadderStep.resolves_at, LadderStep.days, LadderStep.dropped)
        stored = {(key, date, days): dropped for key, date, days, dropped in rows(self.database, select(*columns))}
        assert set(stored) == self.due
        sent = Counter(step for said in self.arrived.values() for step in said)
        unnoticed = {step for message in self.unnoticed for step in self.arrived[message]}
        for step, dropped in stored.items():
            assert sent[step] == (0 if dropped else 1) or (dropped and sent[step] == 1 and step in unnoticed), step
        assert values(self.database, select(OutboxMessage.id).where(OutboxMessage.sent_at.is_(None))) == []
        states = dict(rows(self.database, select(Reminder.id, Prediction.state).join(Prediction)))
        for reminder_id in self.asked:
            assert sent["reminder", reminder_id] <= 1
            assert sent["reminder", reminder_id] == 1 or states[reminder_id] in (State.RESOLVED, State.ANNULLED)
        assert set(sent) <= set(stored) | {("reminder", reminder_id) for reminder_id in self.asked}


def _end(session: Session, *, code: int, now: datetime) -> None:
    prediction = steps.locked_prediction(session, guild_id=GUILD, code=code)
    prediction.state, prediction.outcome, prediction.resolved_at = State.RESOLVED, "yes", now
    steps.end_reminders(session, prediction, now=now)


minutes = st.one_of(st.integers(1, 300), st.integers(1, 60).map(lambda days: days * 1440))
ends = st.integers(0, 100)
STEPS = st.one_of(
    st.tuples(st.just("wait"), minutes),
    st.tuples(st.just("wait"), minutes),
    st.tuples(st.just("outage"), minutes),
    st.tuples(st.just("jump back"), minutes),
    st.tuples(st.just("load"), st.lists(st.integers(-1, 100), min_size=3, max_size=3)),
    st.tuples(st.just("move"), st.integers(0, 5), ends),
    st.tuples(st.just("resolve"), st.integers(0, 5)),
    st.tuples(st.just("ask"), st.integers(0, 5), st.integers(0, 10), st.integers(0, 40)),
    st.tuples(st.just("quiet"), st.sampled_from([(None, None), (22 * 60, 8 * 60), (9 * 60, 17 * 60)])),
    st.tuples(st.just("ladder"), st.sampled_from([LADDER, (14, 3), (60, 30, 7, 1), ()])),
    st.tuples(st.just("failing"), st.integers(1, 4)),
    st.tuples(st.just("crashing"), st.integers(1, 2)),
)


@pytest.mark.parametrize("examples", [pytest.param(60, id="short"), pytest.param(1500, id="long", marks=pytest.mark.soak)])
def test_each_due_reminder_is_sent_exactly_once_or_dropped_with_a_reason(database: Database, examples: int) -> None:
    @lives(examples, database)
    @given(st.lists(STEPS, min_size=5, max_size=25))
    def live(steps_: list[tuple[Any, ...]]) -> None:
        empty(database)
        set_up(database)
        life = Life(database)
        life.load([20, 40, 40])
        for name, *arguments in steps_:
            note(f"{life.now:%Y-%m-%d %H:%M} {name} {arguments}")
            take(life, name, *arguments)
        life.end()
        life.check()

    live()


def take(life: Life, name: str, *arguments: Any) -> None:
    """Let one thing happen."""
    match name:
        case "wait":
            life.now += timedelta(minutes=arguments[0])
            life.work()
        case "outage":
            life.now += timedelta(minutes=arguments[0])
        case "jump back":
            life.now = max(START, life.now - timedelta(minutes=arguments[0]))
            life.work()
        case "quiet":
            begin, end = arguments[0]
            life.run(changing.change_guild_settings, MONA, changes={"quiet_from_minute": begin, "quiet_to_minute": end})
        case "ladder":
            life.change_ladder(arguments[0])
        case "failing" | "crashing":
            setattr(life, name, arguments[0])
        case "load":
            life.load(*arguments)
        case "move":
            life.move(*arguments)
        case "resolve":
            life.resolve(*arguments)
        case _:
            life.ask(*arguments)
