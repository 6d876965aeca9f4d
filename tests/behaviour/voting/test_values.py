"""A number and a date, from their date to a result, to the managers, and to an annulment. `-s` prints what people see."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.types import State
from db.models import Prediction
from tests.behaviour.conftest import Seen, World, shown, slash

DAY = timedelta(days=1)
DATE = datetime(2026, 3, 1, tzinfo=UTC)
FORMS = {"numeric": ("Give the number…", "what_is_the_number"), "date": ("Give the day…", "on_which_day")}
SAID = {
    "numeric": ("12.5", ("10", "11", "12", "13"), "12.5 USD", ("10 USD", "11 USD", "12 USD", "13 USD")),
    "date": (
        "3 Feb 2026",
        ("10 Feb 2026", "11 Feb 2026", "12 Feb 2026", "13 Feb 2026"),
        "3 Feb 2026",
        ("10 Feb 2026", "11 Feb 2026", "12 Feb 2026", "13 Feb 2026"),
    ),
}
"""What all say, and what four say who don't agree; as typed, and as shown."""


class Story:
    """What people see, in their order."""

    def __init__(self, world: World) -> None:
        self.world = world

    def channel(self, words: str) -> str:
        """The latest post with these words."""
        text = next(shown(message) for message in self.world.messages()[::-1] if words in shown(message))
        return self.told("the channel", text)

    def told(self, who: str, text: str) -> str:
        print(f"--- {self.world.now:%d %b %H:%M} · {who}\n{text}")
        return text

    async def until(self, moment: datetime) -> None:
        await self.world.advance((moment - self.world.now).total_seconds())
        await self.world.advance(60)


async def give(person: Any, story: Story, kind: str, code: int, value: str) -> Seen:
    """Open the vote, and answer with a value of one's own."""
    label, field = FORMS[kind]
    paper = await slash(person, story.world, "vote", prediction=str(code))
    form = await paper.click(label if f"[{label}]" in paper.text else "Another…")
    return await form.fill_in(**{field: value})


@pytest.mark.parametrize("kind", ["numeric", "date"])
async def test_from_the_date_to_a_result_to_the_managers_and_to_an_annulment(world: World, kind: str) -> None:
    story = Story(world)
    agreed, various, agreed_shown, various_shown = SAID[kind]
    await slash(world.manager, world, "settings guild", channel=world.channel, quiet="off")
    people = [world.guild.add_member(world.env.create_user(f"member{number}")) for number in range(4)]
    await world.env.settle()
    more = {"unit": "USD"} if kind == "numeric" else {}
    for statement in ("All agree", "Nobody agrees", "Nobody votes"):
        await slash(world.manager, world, "prediction add", statement=statement, by="28 Feb 2026", kind=kind, **more)
    for code in (1, 2, 3):
        low, middle, high = (1.0, 2.0, 3.0) if kind == "numeric" else (20500.0, 20510.0, 20520.0)
        world.create_forecasts(code, (low, middle, high))

    await story.until(DATE)
    assert story.channel("What happened? 3 votes").count("0 of 3 votes needed") == 3
    for person in people[:3]:
        taken = await give(person, story, kind, 1, agreed)
        assert f"You voted **{agreed_shown}**" in taken.text
        if person is people[2]:
            story.told("member2: gives it as well", taken.text)
    for person, value, value_shown in zip(people, various, various_shown, strict=True):
        assert f"You voted **{value_shown}**" in (await give(person, story, kind, 2, value)).text

    await story.until(DATE + DAY)
    provisional = story.channel("provisional: final")
    assert f"3 votes: {agreed_shown} **3**" in provisional
    await story.until(DATE + 2 * DAY)
    assert f"🏁 {agreed_shown} · #1 All agree" in story.channel("🏁")
    assert state(world, 1) is State.RESOLVED

    await story.until(DATE + 3 * DAY)
    paper = await slash(people[0], world, "vote", prediction="2")
    story.told("member0: /vote #2, extended", paper.text)
    assert all(f"{value_shown}]" in paper.text for value_shown in various_shown), "a tap agrees with another member"

    await story.until(DATE + 6 * DAY)
    letter = story.told("mona, by direct message", shown(world.manager.user.dm_channel.history()[-1]))
    assert "Over to the managers: 2 votes" in letter
    assert "4 votes came in, but no answer has two thirds of them." in letter
    assert "0 of the 3 votes needed came in." in letter
    reason = {"reason": "The official page says so."}
    decided = await slash(world.manager, world, "resolution override", prediction="2", outcome=various[1], **reason)
    story.told("mona: /resolution override", decided.text)
    await story.until(DATE + 7 * DAY)
    result = story.channel("· #2")
    assert f"🏁 {various_shown[1]} · #2 Nobody agrees" in result
    assert f"Decided by <@{world.manager.id}>, a manager." in result
    assert "The official page says so." in result

    await story.until(DATE + 20 * DAY)
    ended = story.channel("#3 Nobody votes")
    assert "🚫 annulled · #3" in ended
    assert "Nobody decided it in time." in ended
    assert [state(world, code) for code in (1, 2, 3)] == [State.RESOLVED, State.RESOLVED, State.ANNULLED]
    log = await slash(world.ada, world, "resolution log", prediction="3")
    story.told("ada: /resolution log #3", log.text)
    for step in ("Vote opened", "Vote extended", "Handed to the managers", "Annulled"):
        assert step in log.text


def state(world: World, code: int) -> State:
    """Where a prediction stands."""
    return world.rows(select(Prediction.state).where(Prediction.code == code))[0][0]
