"""What a manager hides goes from posts, copies and letters that were sent before, and nothing else in them changes."""

from __future__ import annotations

from sqlalchemy import select

from db.models import PostedCard
from tests.behaviour.conftest import World, click, shown, slash
from tests.behaviour.moderation.test_hiding import SECRET, give_reason, hide_reason
from tests.behaviour.predictions.test_moves import announced, move, set_out
from tests.behaviour.reminding.test_reminders import letters

DAY = 86400.0
GONE = "(hidden by a manager)"


def letters_of(world: World) -> list[str]:
    """Bob's direct messages, as text."""
    return [shown(letter) for letter in letters(world.bob)]


async def test_a_hidden_reason_goes_from_the_post_about_a_big_move(world: World) -> None:
    people = await set_out(world)
    await move(people, world, reason="A leak of everything")
    await world.advance(15 * 60)
    assert "A leak of everything 0" in announced(world)[0]
    message = next(one for one in world.messages() if shown(one).startswith("💬") and "everything 0" in shown(one))
    await hide_reason(world, message)
    await world.advance(60)
    (post,) = announced(world)
    assert "A leak of everything 0" not in post
    assert f"“{GONE}”" in post
    assert "A leak of everything 1" in post
    assert post.startswith("### 📈 40% → 80% · #1 Statement 1")
    seen = await click(world.bob, next(one for one in world.messages() if "within 24 hours" in shown(one)), "Details")
    assert "Statement 1" in seen.text, "its buttons work"


async def test_copies_of_the_card_are_brought_up_to_date(world: World) -> None:
    await slash(world.manager, world, "prediction add", statement="GPT-6 is released", by="31 Dec 2027")
    message = await give_reason(world)
    for _ in range(2):
        await slash(world.bob, world, "prediction show", prediction="1", public=True)
    assert len(world.rows(select(PostedCard.id).where(~PostedCard.is_home))) >= 1
    assert sum(SECRET in post for post in world.posts()) >= 3
    hidden = await hide_reason(world, message)
    await world.advance(60)
    assert not any(SECRET in post for post in world.posts())
    await hidden.click("Show it again")
    await world.advance(60)
    assert sum(SECRET in post for post in world.posts()) >= 3


async def test_a_hidden_statement_goes_from_clarifications_digests_and_letters(world: World) -> None:
    await slash(world.manager, world, "settings guild", channel=world.channel, quiet="off", weekly="Saturday")
    await slash(world.bob, world, "settings me", zone="UTC")
    other = "A harmless one about the weather"
    await slash(world.manager, world, "prediction add", statement=other, by="31 Dec 2027")
    await slash(world.ada, world, "prediction add", statement=f"{SECRET} happens", by="31 Dec 2027", tags="slander")
    await slash(world.bob, world, "forecast", prediction="2", probability="70")
    await slash(world.manager, world, "prediction edit", prediction="2", criteria=f"As in {SECRET}")
    await slash(world.manager, world, "prediction edit", prediction="2", by="30 Nov 2027")
    understood = await slash(world.bob, world, "remind", prediction="2", when="in 2 days")
    await understood.click("Set reminder")
    await world.advance(2.5 * DAY)
    told = world.posts()
    for words in ("was clarified", "has a new date", "📰 This week"):
        assert any(words in post and SECRET in post for post in told), words
    assert any(SECRET in letter for letter in letters_of(world))
    await slash(world.manager, world, "prediction annul", prediction="2", reason="Off limits")
    await world.advance(DAY)
    listed = await slash(world.manager, world, "moderation hide", prediction="2")
    key = next(value for value in listed.options("Hide one…") if value.startswith("statement"))
    await listed.choose("Hide one…", key)
    await world.advance(60)
    assert not any(SECRET in post for post in world.posts())
    assert not any(SECRET in letter for letter in letters_of(world))
    week = next(post for post in world.posts() if "📰 This week" in post)
    assert GONE in week
    assert other in week
    assert f"**Criteria now** As in {SECRET}" not in "\n".join(world.posts())
