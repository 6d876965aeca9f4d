"""The demo, used as a newcomer would use it: a real process, a real browser."""

from __future__ import annotations

from collections.abc import Generator

import pytest
from playwright.sync_api import expect

from bot.demo.page import MENUS
from bot.demo.tour import SAID
from tests.demo.page import CHROMIUM, DESKTOP, PATIENCE, PHONE, DemoPage, browser_on, running_demo

expect.set_options(timeout=PATIENCE)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None, reason="no Chromium here; install it (on Debian: apt install chromium) to run these"
    ),
    pytest.mark.xdist_group("browser"),
]


@pytest.fixture(params=[pytest.param(DESKTOP, id="desktop"), pytest.param(PHONE, id="phone", marks=pytest.mark.soak)])
def page(request: pytest.FixtureRequest) -> Generator[DemoPage]:
    """A fresh demo in a browser, as wide as a desktop's and as a phone's."""
    with running_demo() as url, browser_on(url, request.param) as page:
        yield page


def test_a_newcomer_finds_their_way(page: DemoPage) -> None:
    expect(page.page).to_have_title("Almanac · demo")
    page.settle()
    page.press("Start forecasting ▸")
    expect(page.last).to_contain_text("the crowd is hidden until you make yours")
    first = page.last.locator("h3").inner_text()

    page.choose("How likely is it?", "70%")
    expect(page.last).to_contain_text("You said 70% on #")
    expect(page.last).to_contain_text("the crowd")
    page.press_next()
    assert page.last.locator("h3").last.inner_text() != first

    second = page.last.locator("h3").last.inner_text()
    page.choose("How likely is it?", "70%")  # the same answer again: the select has forgotten the last one
    page.press_next()
    assert page.last.locator("h3").last.inner_text() != second

    page.press("Exact…")
    page.page.get_by_label("Probability").fill("3:7")
    page.page.get_by_role("button", name="Submit").click()
    page.settle()
    expect(page.last).to_contain_text("You said 30% on #")
    page.press("Undo")
    expect(page.last).to_contain_text("You no longer have a forecast on")
    page.press("Forecast again")
    expect(page.last).to_contain_text("You haven't forecast on this yet")

    page.command("/forecast", prediction="53", probability="120")
    expect(page.last).to_contain_text("“120” isn't between 0% and 100%")
    expect(page.last).to_contain_text("Only you can see this")

    page.command("/prediction list")
    page.choose("Open one…", "#14")
    expect(page.last).to_contain_text("DeepSeek releases DeepSeek R2 by 31 December 2026")
    expect(page.last).to_contain_text("Crowd")
    page.press("Details")
    expect(page.last).to_contain_text("1 prediction depends on this")

    wider = page.page.evaluate(
        "[...document.querySelectorAll('#channel-timeline *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1).length"
    )
    assert wider == 0, "something is wider than the window"


def test_a_message_has_a_menu_with_all_that_can_be_done_with_it(page: DemoPage) -> None:
    page.settle()
    said = page.page.locator("#channel-message-list > *", has_text=SAID).first  # answers quote it later
    said.hover()
    for name in MENUS:
        expect(said.get_by_role("button", name=name)).to_be_visible()
    said.get_by_role("button", name="Quote as evidence").click()
    page.settle()
    expect(page.last).to_contain_text("Only you can see this")
    expect(page.last).to_contain_text("#92")
    said.hover()
    said.get_by_role("button", name="Hide this reason").click()
    page.settle()
    expect(page.last).to_contain_text("Only managers can")
    said.hover()
    said.get_by_role("button", name="Make a prediction").click()
    expect(page.page.get_by_label("Statement")).to_have_value(SAID)
    page.page.get_by_label("By when").fill("in 3 weeks")
    page.submit()
    page.press("Post it")
    page.go("#97 · I bet the council")
    expect(page.page.locator("#channel-topic")).to_have_text("Open")
    page.page.get_by_role("link", name="a message").first.click()
    page.settle()
    expect(page.page.locator("#channel-name")).to_have_text("predictions")


def test_everyone_can_go_to_the_posts_of_the_forum_and_to_a_new_server(page: DemoPage) -> None:
    page.go("#92 · The club's tree")
    expect(page.page.locator("#channel-name")).to_contain_text("#92 · The club's tree")
    expect(page.page.locator("#channel-topic")).to_have_text("Voting")
    page.act_as("Ada")
    expect(page.page.locator("#channel-name")).to_contain_text("#92 · The club's tree")
    page.command("/forecast", prediction="14", probability="70")
    expect(page.last).to_contain_text("You said 70% on #14")
    page.go("# general")
    page.act_as("Mona (manager)")
    page.command("/settings guild")
    page.press("Post here")
    expect(page.last).to_contain_text("2 of 3")
    page.go("# predictions")
    expect(page.page.get_by_text("Welcome to Almanac").last).to_be_attached()
    page.command("/vote", prediction="92")
    expect(page.last).to_contain_text("What happened? One click casts your vote")
    page.page.goto(page.page.url.partition("#")[0])
    expect(page.page.locator("#channel-timeline")).to_contain_text("Open the whole address that the terminal shows")


def test_the_channel_and_the_member_are_reminded_as_the_year_ends(page: DemoPage) -> None:
    page.command("/remind", prediction="14", when="10 days before")
    expect(page.last).to_contain_text("Remind you on Monday, 21 Dec 2026 at 09:00?")
    page.press("Set reminder")
    expect(page.last).to_contain_text("I'll remind you of #14")
    for day, title in ((24, "30 days left"), (25, "1 week left"), (31, "Last day")):
        page.command("/clock", to=f"{day} Dec 2026")
        expect(page.page.get_by_text(f"{title}: 24 predictions end by 31 Dec 2026").last).to_be_attached()
    page.press("See those without my forecast")
    expect(page.last).to_contain_text("predictions")
    page.command("/inbox")
    expect(page.last).to_contain_text("You asked for this")
    page.press("+1 day")
    expect(page.last).to_contain_text("I'll remind you again")


def test_the_club_decides_what_happened(page: DemoPage) -> None:
    page.command("/vote")
    page.choose("Vote on…", "#92")
    expect(page.last).to_contain_text("What happened? One click casts your vote")
    page.press("Yes")
    expect(page.last).to_contain_text("You voted Yes")
    expect(page.page.get_by_text("3 votes in · enough to decide (3 needed)").last).to_be_attached()
    page.command("/clock", forward="1 day")
    expect(page.page.get_by_text("It becomes final").last).to_be_attached()
    page.command("/clock", forward="1 day")
    expect(page.page.get_by_text("🏁 Yes · #92").last).to_be_attached()
    page.command("/resolution log", prediction="92")
    expect(page.last).to_contain_text("Provisional result: Yes")


def test_a_manager_winds_time_forward_and_predictions_close() -> None:
    with running_demo() as url, browser_on(url, DESKTOP) as page:
        page.act_as("Mona (manager)")
        page.command("/clock", to="2 Jan 2027")
        expect(page.page.get_by_text("What happened? 20 votes").last).to_be_attached()
        page.command("/forecast", prediction="14", probability="70")
        expect(page.last).to_contain_text("#14 closed 36 hours ago")


FAULTS = {
    "/slow": "Here at last.",
    "/broken": "Something went wrong",
    "/refused": "Something went wrong",
}


@pytest.mark.parametrize(
    "faulty", ["/slow", *(pytest.param(name, marks=pytest.mark.soak) for name in ("/broken", "/refused"))]
)
def test_whatever_fails_is_shown_and_the_next_click_works(faulty: str) -> None:
    with running_demo("tests.demo.faulty") as url, browser_on(url, DESKTOP) as page:
        page.command(faulty)
        expect(page.page.get_by_text(FAULTS[faulty]).last).to_be_attached()
        check_that_it_goes_on(page)


def test_a_click_that_never_ends_is_given_up_and_the_next_one_works() -> None:
    with running_demo("tests.demo.faulty") as url, browser_on(url, DESKTOP) as page:
        page.begin("/hang")
        page.page.locator("#send-message").click()
        expect(page.page.get_by_text("That click failed or took too long.").last).to_be_attached()
        page.page.get_by_label("Exit command mode").click()
        check_that_it_goes_on(page)


def test_an_override_leaves_the_demo_going() -> None:
    with running_demo("tests.demo.faulty") as url, browser_on(url, DESKTOP) as page:
        page.act_as("Mona (manager)")
        page.command("/resolution override", prediction="92", outcome="no", reason="The tree stayed dark.")
        page.press("Decide No")
        expect(page.page.get_by_text("🏁 No · #92").last).to_be_attached()
        check_that_it_goes_on(page)
        page.command("/prediction show", prediction="92")
        expect(page.last).to_contain_text("Resolved")


def check_that_it_goes_on(page: DemoPage) -> None:
    """Commands are answered, the clock runs by itself, and winds forward."""
    page.command("/seconds")
    first = page.last.inner_text()
    assert "It is " in first
    page.page.wait_for_timeout(2_500)
    page.command("/seconds")
    expect(page.last).to_contain_text("It is ")
    assert page.last.inner_text() != first, "the simulated clock stands still"
    page.command("/clock", forward="1 day")
    expect(page.page.get_by_text("22 November 2026").last).to_be_attached()
