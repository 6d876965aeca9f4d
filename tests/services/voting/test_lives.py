"""Whatever members, managers, packs and the clock do: lives go by the table, votes by their rule, and time comes to rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, note
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select

from bot.domain.errors import UserError
from bot.domain.lifecycle import ENDED, may_move
from bot.domain.outcomes import Outcome
from bot.domain.types import Actor, Kind, Relation, State
from bot.domain.voting import Answer, Choice
from bot.services import sweep
from bot.services.forecasting import forecasts
from bot.services.members import guilds
from bot.services.moderation import annulling, leaving_out
from bot.services.moderation.annulling import Chosen
from bot.services.packs import library
from bot.services.predictions import drafts, editing
from bot.services.voting import ballots, clocks, objections, proposals, resolutions
from db.database import Database
from db.models import (
    Ballot,
    ChannelTrouble,
    CrowdPoint,
    Event,
    Forecast,
    Member,
    Prediction,
    Proposal,
    Score,
    Vote,
    VoteState,
)
from tests.factories import GUILD, NOW, create_actor, create_document, load
from tests.properties import lives
from tests.rows import count, empty, rows, values
from tests.services.voting.polls import (
    ACCEPT,
    CHANNEL,
    LINK,
    NO,
    NOT_YET,
    TOO_EARLY,
    VOID,
    YES,
    create_voter,
    set_rule,
    wake,
)

MONA = create_actor("mona", manager=True, joined_at=NOW - timedelta(days=400))
VOTERS = [create_voter(f"voter {number}") for number in range(8)]
NEWCOMER = create_voter("newcomer", joined_at=NOW + timedelta(days=20))
FIVE, SIX = Answer(Choice.VALUE, value=5), Answer(Choice.VALUE, value=6)
ANSWERS = [YES, YES, NO, NO, ACCEPT, ACCEPT, NOT_YET, TOO_EARLY, VOID, FIVE, FIVE, SIX]
ANSWERS += [Answer(Choice.OPTION, 0), Answer(Choice.OPTION, 1)]
OUTCOMES = [Outcome("yes"), Outcome("no"), Outcome("option", 1), Outcome("value", 5), Outcome("annulled")]
WAITING = (State.OPEN, State.CLOSED, State.REOPENED)
FORECASTS = {
    Kind.BINARY: (0.5,),
    Kind.MULTIPLE_CHOICE: (0.5, 0.5),
    Kind.NUMERIC: (1.0, 2.0, 3.0),
    Kind.DATE: (1.0, 2.0, 3.0),
}
ENDS_BY = {"overridden", "resolved", "annulled", "withdrawn"}


@dataclass
class Life:
    """A guild whose members, managers, packs and clock do anything in any order."""

    database: Database
    now: datetime = NOW
    limit: int = 5
    is_here: bool = True
    is_mute: bool = False
    closed: dict[int, list[Any]] = field(default_factory=dict)
    """The ballots of each vote that takes no more, as they were when it ended."""
    opened: set[int] = field(default_factory=set)
    """Votes that were seen."""

    def run(self, use_case: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        """Try something; a refusal must leave nothing behind, which the transaction sees to."""
        try:
            self.database.run_here(use_case, *args, now=self.now, **kwargs)
        except UserError as error:
            note(f"  refused: {error}")

    def wake(self) -> None:
        """What the bot does when it wakes. Its messages arrive unless its channel is closed to it."""
        wake(self.database, self.now, delivers=not self.is_mute)

    def mute(self, is_mute: bool) -> None:
        """Close the channel to the bot, or open it again."""
        self.is_mute = is_mute
        with self.database.engine.begin() as connection:
            connection.execute(delete(ChannelTrouble))
            if is_mute:
                trouble = {"guild_id": GUILD, "channel_id": CHANNEL, "reason": "Missing access", "since": self.now}
                connection.execute(insert(ChannelTrouble), [trouble])

    def code(self, number: int) -> int:
        codes = values(self.database, select(Prediction.code).order_by(Prediction.code))
        if not codes:  # the bot was away for so long that everything was deleted
            load_pack(self, [30] * 8, -1)
            return self.code(number)
        return codes[number % len(codes)]

    def check(self) -> None:
        """What always holds."""
        self.check_log()
        self.check_votes()
        self.check_scores()
        self.check_moderation()

    def check_moderation(self) -> None:
        """Nobody forecasts on a draft, and the crowd is made of all forecasts that stand."""
        standing = select(Prediction.state).join(Forecast, Forecast.prediction_id == Prediction.id)
        standing = standing.where(Forecast.ended_at.is_(None), Forecast.member_id.is_not(None))
        assert State.DRAFT not in values(self.database, standing)
        counted = rows(self.database, select(Prediction.id, Prediction.forecasters))
        theirs = Counter(
            values(
                self.database,
                select(Forecast.prediction_id).where(Forecast.ended_at.is_(None), Forecast.member_id.is_not(None)),
            )
        )
        assert dict(counted) == {key: theirs[key] for key, _ in counted}
        crowds = select(CrowdPoint.prediction_id, CrowdPoint.members).order_by(CrowdPoint.prediction_id, CrowdPoint.at)
        latest = dict(rows(self.database, crowds))
        assert {key: count for key, count in latest.items() if count} == dict(theirs)

    def check_scores(self) -> None:
        """What is resolved is scored, and nothing else."""
        for state, scored_at in rows(self.database, select(Prediction.state, Prediction.scored_at)):
            assert (state is State.RESOLVED) == (scored_at is not None)
        scored = select(Prediction.state).join(Score, Score.prediction_id == Prediction.id)
        assert set(values(self.database, scored)) <= {State.RESOLVED}

    def check_log(self) -> None:
        """Every life goes by the table, without a gap, up to where the prediction stands; results are explained."""
        columns = (Event.prediction_id, Event.from_state, Event.to_state, Event.kind, Event.data)
        stands: dict[int, State] = {}
        last: dict[int, tuple[str, dict[str, Any]]] = {}
        for prediction_id, origin, target, kind, data in rows(self.database, select(*columns).order_by(Event.id)):
            if target is None:
                continue
            assert origin == stands.get(prediction_id), (prediction_id, kind)
            assert origin in (None, target) or may_move(origin, target), (prediction_id, origin, target)
            stands[prediction_id] = target
            if origin != target:
                last[prediction_id] = (kind, data)
        found = (Prediction.id, Prediction.state, Prediction.outcome, Prediction.outcome_value, Prediction.resolved_at)
        for prediction_id, state, outcome, value, resolved_at in rows(self.database, select(*found)):
            assert stands[prediction_id] == state
            assert (outcome is not None) == (resolved_at is not None) == (state in ENDED)
            assert (outcome == "annulled") == (state is State.ANNULLED)
            if state in ENDED:
                kind, data = last[prediction_id]
                assert kind in ENDS_BY
                assert kind == "withdrawn" or (data["outcome"], data["value"]) == (outcome, value)
        for state, closed_at in rows(self.database, select(Prediction.state, Prediction.closed_at)):
            assert (state is State.OPEN) <= (closed_at is None)
            assert (state in (State.VOTING, State.PROVISIONAL, State.RESOLVED)) <= (closed_at is not None)

    def check_votes(self) -> None:
        """One vote at a time, within the limit; what is counted is what was cast, and stays."""
        columns = (Vote.id, Vote.prediction_id, Vote.round, Vote.state, Vote.ended_at, Vote.result)
        found = rows(self.database, select(*columns))
        early = set(values(self.database, select(Vote.id).where(Vote.is_early)))
        ballots: dict[int, list[Any]] = {vote_id: [] for vote_id, *_ in found}
        cast = select(Ballot.vote_id, Ballot.member_id, Ballot.choice, Ballot.position, Ballot.value, Ballot.cast_at)
        for vote_id, *ballot in rows(self.database, cast.order_by(Ballot.vote_id, Ballot.member_id)):
            ballots[vote_id].append(ballot)
        states = dict(rows(self.database, select(Prediction.id, Prediction.state)))
        going_on = Counter(prediction_id for _, prediction_id, _, _, ended_at, _ in found if ended_at is None)
        assert all(number == 1 for number in going_on.values())
        due = {
            prediction_id for vote_id, prediction_id, _, _, ended_at, _ in found if ended_at is None and vote_id not in early
        }
        for prediction_id, state in states.items():
            assert (prediction_id in due) == (state in (State.VOTING, State.PROVISIONAL)), (prediction_id, state)
            assert prediction_id not in going_on or state not in ENDED
        is_open = {vote_id for vote_id, _, _, state, _, _ in found if state is VoteState.OPEN}
        first_rounds = {vote_id for vote_id, _, round_, _, _, _ in found if round_ == 1}
        if (is_open & first_rounds) - self.opened:
            dates = dict(rows(self.database, select(Prediction.id, Prediction.resolves_at)))
            places = {
                vote_id if vote_id in early else dates[prediction_id]
                for vote_id, prediction_id, *_ in found
                if vote_id in is_open & first_rounds
            }
            assert len(places) <= self.limit
            assert self.is_here
        self.opened |= is_open
        for vote_id, prediction_id, _, state, ended_at, result in found:
            assert (state is VoteState.CANCELLED) <= (ended_at is not None)
            if state is VoteState.DECIDED and ended_at is None:
                assert states[prediction_id] in (WAITING if vote_id in early else (State.PROVISIONAL,))
            if state is VoteState.OPEN:
                assert vote_id not in self.closed
                continue
            assert ballots[vote_id] == self.closed.setdefault(vote_id, ballots[vote_id])
            if state in (VoteState.DECIDED, VoteState.HANDED_OVER):
                counts = Counter((str(choice), position, value) for _, choice, position, value, _ in ballots[vote_id])
                told = {(one["choice"], one["position"], one["value"]): one["count"] for one in result["counts"]}
                assert told == counts
                assert result["total"] == len(ballots[vote_id])

    def end(self) -> None:
        """Nobody does anything more, and time passes from one due moment to the next, as the scheduler is told."""
        self.mute(False)
        standstills = 0
        for _ in range(400):
            self.wake()
            self.check()
            at = self.database.read_here(sweep.next_due_at)
            if at is None:
                break
            standstills = standstills + 1 if at <= self.now else 0
            assert standstills < 3, "it would wake for ever"
            self.now = max(self.now, at)
        else:
            raise AssertionError("it never comes to rest")
        for kind, state, resolves_at in rows(
            self.database, select(Prediction.kind, Prediction.state, Prediction.resolves_at)
        ):
            is_declined = state is State.DRAFT  # or it lapsed, or was withdrawn
            assert state in ENDED or is_declined or resolves_at is None or not self.is_here, (kind, state, resolves_at)
        waiting = select(Prediction.id).where(Prediction.state == State.DRAFT, Prediction.closed_at.is_(None))
        assert not self.is_here or not values(self.database, waiting)


def item(number: int, end: int) -> dict[str, Any]:
    """A prediction of the pack: of every kind, some on a condition, one without a date."""
    kinds: list[dict[str, Any]] = [
        {},
        {"parent": "k0", "relation": Relation.CONDITIONAL},
        {"parent": "k1", "relation": Relation.CONDITIONAL},
        {"kind": "multiple_choice", "options": [{"name": "A"}, {"name": "B"}]},
        {"kind": "numeric", "numeric": {"unit": "USD"}},
        {"kind": "date"},
        {},
        {},
    ]
    window = {} if number == 7 else {"window": {"end": (NOW + timedelta(days=end)).date().isoformat()}}
    return {"id": f"k{number}", "statement": f"Statement {number} comes true"} | kinds[number] | window


def load_pack(life: Life, ends: list[int], left_out: int) -> None:
    """Load the pack with these ends, in days from the start; one of the later predictions may be left out."""
    if not count(life.database, Prediction):
        life.closed, life.opened = {}, set()  # numbers are given again
    items = [item(number, end) for number, end in enumerate(ends) if number != left_out or number < 3]
    life.is_here = True  # who loads for a guild has the bot there
    try:
        load(life.database, create_document(*items), now=life.now)
        set_rule(life.database, post_channel_id=CHANNEL)
    except UserError as error:
        note(f"  refused: {error}")


number = st.integers(0, 7)
member = st.integers(0, 7)
ends = st.lists(st.integers(-20, 60), min_size=8, max_size=8)
waits = st.one_of(st.integers(1, 100), st.sampled_from([24, 72, 73, 144, 400, 800]))
STEPS = st.one_of(
    st.tuples(st.just("wait"), waits),
    st.tuples(st.just("wait"), waits),
    st.tuples(st.just("outage"), waits),
    st.tuples(st.just("crowd"), number, st.sampled_from(ANSWERS), st.integers(1, 8)),
    st.tuples(st.just("crowd"), number, st.sampled_from(ANSWERS), st.integers(3, 8)),
    st.tuples(st.just("cast"), number, member, st.sampled_from(ANSWERS)),
    st.tuples(st.just("take back"), number, member),
    st.tuples(st.just("forecast"), number, member),
    st.tuples(st.just("propose"), number, member, st.sampled_from(OUTCOMES)),
    st.tuples(st.just("propose"), number, st.just(-1), st.sampled_from(OUTCOMES)),
    st.tuples(st.just("second"), number, member),
    st.tuples(st.just("object"), number, member),
    st.tuples(st.just("object twice"), number),
    st.tuples(st.just("override"), number, st.sampled_from(OUTCOMES)),
    st.tuples(st.just("reopen"), number),
    st.tuples(st.just("move"), number, st.integers(1, 60)),
    st.tuples(st.just("load"), ends, number),
    st.tuples(st.just("drop")),
    st.tuples(st.just("limit"), st.integers(1, 5)),
    st.tuples(st.just("rule"), st.integers(1, 5), st.sampled_from([0.5, 2 / 3, 1.0]), st.sampled_from([6, 72])),
    st.tuples(st.just("mute"), st.booleans()),
    st.tuples(st.just("away"), waits),
    st.tuples(st.just("withdraw"), number, member),
    st.tuples(st.just("add"), member, st.integers(1, 60)),
    st.tuples(st.just("approve"), number),
    st.tuples(st.just("approve"), number),
    st.tuples(st.just("send back"), number),
    st.tuples(st.just("decline"), number),
    st.tuples(st.just("withdraw draft"), number),
    st.tuples(st.just("annul own"), number),
    st.tuples(st.just("annul many"), number),
    st.tuples(st.just("reopen many"), number),
    st.tuples(st.just("leave out"), member),
    st.tuples(st.just("take back in"), member),
    st.tuples(st.just("leave")),
    st.tuples(st.just("come back")),
)


@pytest.mark.parametrize("examples", [pytest.param(60, id="short"), pytest.param(2000, id="long", marks=pytest.mark.soak)])
def test_every_life_goes_by_the_rules(database: Database, examples: int) -> None:
    @lives(examples, database)
    @given(ends, st.lists(STEPS, min_size=10, max_size=40))
    def live(first: list[int], steps_: list[tuple[Any, ...]]) -> None:
        empty(database)
        life = Life(database)
        load_pack(life, first, -1)
        for name, *arguments in steps_:
            note(f"{life.now:%Y-%m-%d %H:%M} {name} {arguments}")
            take(life, name, *arguments)
            life.check()
        life.end()

    live()


def take(life: Life, name: str, *arguments: Any) -> None:
    """Let one thing happen."""
    match name, arguments:
        case "wait", (hours,):
            life.now += timedelta(hours=hours)
            life.wake()
        case "outage", (hours,):
            life.now += timedelta(hours=hours)
        case "mute", (is_mute,):
            life.mute(is_mute)
        case "away", (hours,):
            life.now += timedelta(hours=hours)
            life.run(clocks.resume)
        case "load", (its_ends, left_out):
            load_pack(life, its_ends, left_out)
        case "drop", ():
            life.run(library.drop, MONA, slug="pack")
        case "limit", (limit,):
            life.limit = limit
            set_rule(life.database, open_votes_limit=limit)
        case "rule", (quorum, majority, hours):
            set_rule(life.database, quorum_least=quorum, majority_share=majority, vote_hours=hours)
        case "leave", ():
            life.is_here = False
            life.run(guilds.say_goodbye, GUILD)
        case "come back", ():
            life.is_here = True
            life.run(guilds.welcome, GUILD)
        case "add" | "approve" | "send back" | "decline" | "withdraw draft" | "annul own", (which, *rest):
            draft(life, name, which, *rest)
        case "annul many" | "reopen many" | "leave out" | "take back in", (which,):
            moderate(life, name, which)
        case _, (which, *rest):
            act(life, name, life.code(which), *rest)
        case _:
            raise AssertionError(name)


def act(life: Life, name: str, code: int, *arguments: Any) -> None:
    """Let somebody do something about one prediction. The guild is there again: where no bot is, nobody clicks."""
    if not life.is_here:
        take(life, "come back")
    match name, arguments:
        case "crowd", (answer, so_many):
            for voter in VOTERS[:so_many]:
                life.run(ballots.cast, voter, code=code, answer=answer)
        case "cast", (who, answer):
            life.run(ballots.cast, person(who), code=code, answer=answer)
        case "take back", (who,):
            life.run(ballots.withdraw, person(who), code=code)
        case "forecast", (who,):
            kind = values(life.database, select(Prediction.kind).where(Prediction.code == code))[0]
            life.run(forecasts.place, person(who), code=code, values=FORECASTS[kind])
        case "propose", (who, outcome):
            life.run(proposals.propose, person(who), code=code, outcome=outcome, happened_at="now", link=LINK)
        case "second", (who,):
            standing = select(Proposal.id).join(Prediction, Prediction.id == Proposal.prediction_id)
            for proposal_id in values(life.database, standing.where(Prediction.code == code).order_by(Proposal.id)):
                life.run(proposals.second, person(who), proposal_id=proposal_id)
        case "withdraw", (who,):
            standing = select(Proposal.id).join(Prediction, Prediction.id == Proposal.prediction_id)
            for proposal_id in values(life.database, standing.where(Prediction.code == code).order_by(Proposal.id)):
                life.run(proposals.withdraw, person(who), proposal_id=proposal_id)
        case "object", (who,):
            life.run(objections.object_to, person(who), code=code, words="Wrong.")
        case "object twice", ():
            for voter in VOTERS[:2]:
                life.run(objections.object_to, voter, code=code, words="Wrong.")
        case "override", (outcome,):
            life.run(resolutions.override, MONA, code=code, outcome=outcome, words="Seen.")
        case "reopen", ():
            life.run(resolutions.reopen, MONA, code=code, words="Not so.")
        case "move", (days,):
            date = life.now + timedelta(days=days)
            life.run(editing.edit, MONA, code=code, changes=editing.PredictionChanges(resolves_at=date))
        case _:
            raise AssertionError(name)


def draft(life: Life, name: str, which: int, *arguments: Any) -> None:
    """Let a member add a prediction that managers have to approve, or somebody do something about one."""
    if not life.is_here:
        take(life, "come back")
    added = select(Prediction.code, Prediction.author_id).where(Prediction.author_id.is_not(None)).order_by(Prediction.id)
    found = rows(life.database, added)
    if name == "add":
        set_rule(life.database, approves_added=True)
        new = editing.NewPrediction("Somebody adds this", life.now + timedelta(days=arguments[0]))
        life.run(editing.add, person(which), new=new)
    elif found:
        code, author_id = found[which % len(found)]
        author = values(life.database, select(Member.user_id).where(Member.id == author_id))[0]
        author = next(one for one in (MONA, NEWCOMER, *VOTERS) if one.user_id == author)
        match name:
            case "approve":
                life.run(drafts.accept, MONA, code=code)
            case "send back":
                life.run(drafts.send_back, MONA, code=code, words="Say more.")
            case "decline":
                life.run(drafts.decline, MONA, code=code, words="No.")
            case "withdraw draft":
                life.run(drafts.withdraw, author, code=code)
            case "annul own":
                life.run(resolutions.override, author, code=code, outcome=Outcome("annulled"), words="Mine.")
            case _:
                raise AssertionError(name)


def moderate(life: Life, name: str, which: int) -> None:
    """Let a manager do something about many predictions, or about a member."""
    if not life.is_here:
        take(life, "come back")
    match name:
        case "annul many":
            life.run(annulling.annul_many, MONA, chosen=Chosen(codes=f"1-{which + 1}"), words="All of these.")
        case "reopen many":
            life.run(annulling.reopen_many, MONA, codes=range(1, which + 2))
        case "leave out":
            life.run(leaving_out.leave_out, MONA, user_id=person(which).user_id)
        case "take back in":
            life.run(leaving_out.take_back, MONA, user_id=person(which).user_id)
        case _:
            raise AssertionError(name)


def person(number: int) -> Actor:
    """A manager, somebody who came late, or one of those who may vote."""
    return MONA if number < 0 else NEWCOMER if number == 7 else VOTERS[number]
