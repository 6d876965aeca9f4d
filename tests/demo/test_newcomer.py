"""A newcomer, who knows only what's on the screen, gets to all that matters in a few clicks, counted from the first page."""

from __future__ import annotations

from pathlib import Path

from bot.demo.page import MENUS
from bot.demo.tour import SAID, VOTE
from tests.demo.walking import Person, walked_demo

MOST = {
    "a forecast": 3,
    "a prediction of one's own": 6,
    "a vote": 2,
    "a reminder": 3,
    "a setting": 3,
    "a server that works": 3,
}


async def test_a_newcomer_gets_everywhere_in_a_few_clicks(tmp_path: Path) -> None:
    async with walked_demo(tmp_path) as preview:
        clicks: dict[str, int] = {}
        you = preview.viewers[0]

        person = Person(preview, you)
        assert "Welcome to Almanac" in person.screen
        await person.press("Start forecasting ▸")
        await person.choose("How likely is it?", "70%")
        assert "You said 70%" in person.screen
        clicks["a forecast"] = person.clicks

        person = Person(preview, you)
        await person.use_menu(SAID, MENUS[0])
        await person.submit(by_when="31 Mar 2027")
        for label in ("Post it", "Post"):
            if f"[{label}]" in person.screen:
                await person.press(label)
                break
        assert "council approves the new footbridge" in person.screen
        clicks["a prediction of one's own"] = person.clicks

        person = Person(preview, you)
        await person.press(f"Vote on #{VOTE}")
        await person.press("Yes")
        assert "You voted Yes" in person.screen
        clicks["a vote"] = person.clicks

        person = Person(preview, you)
        await person.press("Remind me")
        await person.choose("When?", "1 week before")
        assert "I'll remind you of" in person.screen
        clicks["a reminder"] = person.clicks

        person = Person(preview, you)
        await person.press("My settings")
        await person.press("Turn on")
        assert "is now on" in person.screen
        clicks["a setting"] = person.clicks

        person = Person(preview, preview.viewers[1])
        person.go("# general")
        person.clicks = 0  # whoever has just added the bot is there
        await person.type("settings guild")
        assert "Where should I post?" in person.screen
        await person.press("Post here")
        await person.press("Adopt")
        assert "Almanac is ready" in person.screen
        clicks["a server that works"] = person.clicks
        await person.press("Start forecasting ▸")
        await person.choose("How likely is it?", "70%")
        assert "You said 70%" in person.screen

        print(clicks)
        assert {name: number for name, number in clicks.items() if number > MOST[name]} == {}
