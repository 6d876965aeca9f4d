"""Whatever happens in a guild, its export shows what everybody may see, and every number in it follows from it."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from bot.domain.audit import audit
from bot.domain.documents.export_reading import read_export
from bot.domain.documents.export_writing import DOCUMENT
from bot.domain.documents.results import differences
from bot.domain.types import Kind, State
from bot.services.forecasting import forecasts
from bot.services.members import guilds
from bot.services.settings import changing
from db.database import Database
from db.models import Forecast, Member, Prediction
from tests.factories import GUILD
from tests.properties import examples
from tests.rows import empty, rows, values
from tests.services.exporting.test_exporting import files_of
from tests.services.scoring.scored import store_scores
from tests.services.voting.test_lives import ANSWERS, MONA, OUTCOMES, Life, ends, load_pack, member, number, person, take

VALUES: dict[Kind, list[tuple[float, ...]]] = {
    Kind.BINARY: [(0.0,), (0.5,), (0.637,), (1.0,)],
    Kind.MULTIPLE_CHOICE: [(0.5, 0.5), (1.0, 0.0), (0.637, 0.363)],
    Kind.NUMERIC: [(1.0, 2.0, 3.0), (19_000.0, 20_000.0, 21_000.0), (5.0, 5.0, 5.0)],
    Kind.DATE: [(20_513.0, 20_530.0, 20_600.0), (20_600.0, 20_600.0, 20_600.5)],
}
waits = st.sampled_from([0.001, 1, 30, 72, 73, 400, 800])
STEPS = st.one_of(
    st.tuples(st.just("wait"), waits),
    st.tuples(st.just("wait"), waits),
    st.tuples(st.just("say"), number, member, st.integers(0, 3)),
    st.tuples(st.just("say"), number, member, st.integers(0, 3)),
    st.tuples(st.just("all say"), number, st.integers(0, 3)),
    st.tuples(st.just("withdraw"), number, member),
    st.tuples(st.just("undo"), number, member),
    st.tuples(st.just("forget"), member),
    st.tuples(st.just("blind"), st.booleans(), st.booleans(), st.sampled_from([None, 2])),
    st.tuples(st.just("crowd"), number, st.sampled_from(ANSWERS), st.integers(3, 8)),
    st.tuples(st.just("override"), number, st.sampled_from(OUTCOMES)),
    st.tuples(st.just("override"), number, st.sampled_from(OUTCOMES)),
    st.tuples(st.just("reopen"), number),
    st.tuples(st.just("move"), number, st.integers(1, 60)),
    st.tuples(st.just("load"), ends, number),
    st.tuples(st.just("drop")),
)


def test_every_export_is_borne_out_by_itself(database: Database) -> None:
    @settings(
        max_examples=examples(40, database),
        phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.target, Phase.shrink],
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(ends, st.lists(STEPS, min_size=10, max_size=30))
    def live(first: list[int], steps: list[tuple[Any, ...]]) -> None:
        empty(database)
        life = Life(database)
        load_pack(life, first, -1)
        for name, *arguments in steps:
            note(f"{life.now:%Y-%m-%d %H:%M} {name} {arguments}")
            act(life, name, *arguments)
        check(life)

    live()


def act(life: Life, name: str, *arguments: Any) -> None:
    """Let one thing happen."""
    match name, arguments:
        case "say", (which, who, what):
            say(life, life.code(which), who, what)
        case "all say", (which, what):
            for who in range(4):
                say(life, life.code(which), who, what + who)
        case "withdraw", (which, who):
            life.run(forecasts.withdraw, person(who), code=life.code(which))
        case "undo", (which, who):
            last = select(func.max(Forecast.id)).join(Prediction, Prediction.id == Forecast.prediction_id)
            own = last.join(Member, Member.id == Forecast.member_id).where(Member.user_id == person(who).user_id)
            (forecast_id,) = values(life.database, own.where(Prediction.code == life.code(which)))
            life.run(forecasts.undo, person(who), forecast_id=forecast_id or 0)
        case "forget", (who,):
            gone = update(Member).where(Member.user_id == person(who).user_id)
            with life.database.engine.begin() as connection:
                connection.execute(gone.values(user_id=None, name=None, forgotten_at=life.now))
        case "blind", (is_blind, hides_author, count):
            changes = {"is_blind": is_blind, "hides_author": hides_author, "reveal_at_count": count}
            life.run(changing.change_guild_settings, MONA, changes=changes)
        case _:
            take(life, name, *arguments)


def say(life: Life, code: int, who: int, what: int) -> None:
    (kind,) = values(life.database, select(Prediction.kind).where(Prediction.code == code))
    life.run(forecasts.place, person(who), code=code, values=VALUES[kind][what % len(VALUES[kind])])


def check(life: Life) -> None:
    """What holds for every export."""
    store_scores(life.database)
    raw = files_of(life.database, now=life.now)[DOCUMENT]
    reading = read_export(raw)
    assert reading.problems == ()
    assert reading.export is not None
    assert [str(one) for one in differences(reading.export.file, audit(reading.export.cases))] == []
    assert all("predictions" not in board for board in json.loads(raw)["leaderboards"])
    entries = {entry["code"]: entry for entry in json.loads(raw)["predictions"]}
    stored = dict(rows(life.database, select(Prediction.code, Prediction.state)))
    assert entries.keys() == stored.keys()
    settings_ = life.database.read_here(guilds.settings_of, GUILD)
    for code, entry in entries.items():
        is_ended = stored[code] in (State.RESOLVED, State.ANNULLED, State.VOTING, State.PROVISIONAL)
        assert not (is_ended and entry["hidden"])
        assert settings_.is_blind or not entry["hidden"]
        if (
            stored[code] is State.OPEN
            and entry["state"] == "open"
            and settings_.is_blind
            and settings_.reveal_at_count is None
        ):
            assert entry["hidden"]
        if entry["hidden"]:
            assert not entry["forecasts"] or {row[0] for row in entry["forecasts"]} == {"source-1"}
            assert not {"crowd", "scores"} & entry.keys()
        assert (entry["state"] == "resolved") == ("scores" in entry)


def test_the_tests_own_lives_reach_what_they_are_about(sqlite: Database) -> None:
    life = Life(sqlite)
    load_pack(life, [30] * 8, -1)
    steps: tuple[tuple[Any, ...], ...] = (
        *(("all say", which, 0) for which in range(8)),
        *(("wait", 1), ("withdraw", 0, 1), ("say", 0, 2, 1), ("undo", 0, 2), ("wait", 73), ("forget", 3)),
        *(("override", which, OUTCOMES[at]) for which, at in ((0, 0), (3, 2), (4, 3), (5, 3), (6, 4))),
        *(("reopen", 0), ("wait", 1), ("say", 0, 1, 2), ("override", 0, OUTCOMES[0]), ("override", 7, OUTCOMES[1])),
    )
    for name, *arguments in steps:
        act(life, name, *arguments)
    check(life)
    entries = json.loads(files_of(sqlite, now=life.now)[DOCUMENT])["predictions"]
    assert [entry["resolution"] for entry in entries if entry["resolution"] is not None] == [
        "yes",
        "B",
        5.0,
        "1970-01-06",
        "annulled",
        "no",
    ]
    # Not the day in 1970: whatever was said of it came after the fact.
    assert [len(entry.get("scores", ())) > 3 for entry in entries].count(True) == 4
    assert any(row[1] == row[3] for row in entries[0]["forecasts"]), "an undone forecast of no length"
