"""The life of one prediction, from a message to who was right, as pictures for docs/tour.md."""

from __future__ import annotations

from collections.abc import Callable

from bot.demo.tour import SAID
from tests.demo.page import DemoPage

STATEMENT = "The council approves the new footbridge within three weeks"
CODE = "97"
AT_FIRST = (
    ("Ada", "60", "They've talked about it for years."),
    ("Bob", "45", ""),
    ("Cleo", "55", "Two of them are against it."),
)
A_WEEK_LATER = (
    ("Ada", "85", "It's on the agenda of the meeting on the 8th."),
    ("Bob", "80", ""),
    ("Cleo", "90", "Those two have changed their minds."),
)
MANAGER = "Mona (manager)"


def live(page: DemoPage, save: Callable[[str], None]) -> None:
    """Everything that happens to it. `save` is called with a picture's name."""
    page.act_as(MANAGER)
    page.command("/settings guild", reveal_count="4")  # so that the crowd's move can be told
    page.act_as("You")
    _make(page, save)
    _forecast(page, save)
    _decide(page, save)


def _make(page: DemoPage, save: Callable[[str], None]) -> None:
    said = page.page.locator("#channel-message-list > *", has_text=SAID).first
    said.scroll_into_view_if_needed()
    said.hover()
    save("menu")
    said.get_by_role("button", name="Make a prediction").click()
    page.page.get_by_label("Statement").fill(STATEMENT)
    page.page.get_by_label("By when").fill("in 3 weeks")
    save("form")
    page.submit()
    save("draft")
    page.press("Post it")
    page.go(STATEMENT)
    save("post")


def _forecast(page: DemoPage, save: Callable[[str], None]) -> None:
    page.press("Forecast")
    page.choose("How likely is it?", "70%")
    page.press("Add a reason…")
    page.page.locator("#modal-root textarea").fill("The architect told me that the money is there.")
    page.submit()
    page.press("Post my reason")
    save("reason")
    _say(page, AT_FIRST)
    page.command("/clock", forward="1 week")
    _say(page, A_WEEK_LATER)
    page.command("/clock", forward="1 hour")
    page.show_first()
    save("card")
    page.show("The crowd moved within 24 hours")
    save("move")
    page.go("# predictions")


def _say(page: DemoPage, forecasts: tuple[tuple[str, str, str], ...]) -> None:
    for name, chance, reason in forecasts:
        page.act_as(name)
        page.command("/forecast", prediction=CODE, probability=chance, **({"reason": reason} if reason else {}))
        if reason:
            page.press("Post my reason")
    page.act_as("You")


def _decide(page: DemoPage, save: Callable[[str], None]) -> None:
    page.command("/clock", to="12 Dec 2026")
    page.show("Last day: 1 prediction")
    save("date")
    page.command("/clock", forward="1 day")
    page.command("/vote", prediction=CODE)
    save("ballot")
    for name in ("You", "Ada", "Cleo"):
        page.act_as(name)
        page.command("/vote", prediction=CODE)
        page.press("Yes")
    page.act_as("Bob")
    page.command("/vote", prediction=CODE)
    page.press("No")
    page.act_as("You")
    page.show("What happened? · #97")
    save("vote")
    for _ in range(5):
        page.command("/clock", forward="1 day")
    page.show("🏁 Yes · #97")
    save("result")
    page.press_in("🏁 Yes · #97", "Who said what")
    save("aftermath")
    page.go(STATEMENT)
    page.show_first()
    save("end")
