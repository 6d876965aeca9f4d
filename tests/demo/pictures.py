"""Takes the pictures of the README and docs from the demo, and draws those of charts from its data: `make pictures`."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.demo import club
from bot.services.forecasting import histories
from bot.services.members import guilds
from bot.services.scoring import calibrations, profiles
from bot.services.scoring.calibrations import CalibrationSubject, ForecasterKind
from bot.ui.cards.charts import CHARTS, calibration_chart, profile_chart
from bot.ui.charts.data import Chart
from bot.ui.charts.pictures import draw
from db.database import Database
from db.migrate import upgrade
from tests import factories
from tests.conftest import ROOT
from tests.demo.life import live
from tests.demo.page import DESKTOP, PHONE, DemoPage, browser_on, running_demo
from tests.services.scoring import scored

FOLDER = ROOT / "docs" / "pictures"
SHOWN = 15
"""The code of the prediction whose charts are drawn."""


def take(folder: Path, width: tuple[int, int], name: str) -> None:
    """Walk through the demo and save what shows, in a window of this size."""
    with running_demo() as url, browser_on(url, width) as page:

        def save(what: str) -> None:
            page.picture(folder / f"{what}-{name}.png")

        page.page.get_by_text("#65").last.scroll_into_view_if_needed()
        save("card")
        page.command("/next")
        save("panel")
        page.choose("How likely is it?", "70%")
        save("next")
        page.press_next()
        page.press("Exact…")
        save("form")
        page.page.keyboard.press("Escape")
        page.command("/prediction list")
        save("list")
        _answer_own(page)
        page.command("/prediction show", prediction="14")
        save("shown")
        page.command("/leaderboard")
        save("leaderboard")
        page.command("/vote", prediction="92")
        save("vote")
        page.press("Yes")
        page.page.wait_for_timeout(7000)  # the vote's card is brought up to date, and the page renewed
        page.command("/remind", prediction="14", when="3 days before")
        save("remind")
        for _ in range(4):
            page.command("/clock", forward="1 day")
        page.command("/resolution log", prediction="92")
        save("log")
        for day, left in ((25, "1 week left"), (31, "Last day")):
            page.command("/clock", to=f"{day} Dec 2026")
            page.page.get_by_text(f"{left}: 24 predictions end by 31 Dec 2026").last.wait_for()
            save(f"reminder-{day}-december")


def take_life(folder: Path, width: tuple[int, int], name: str) -> None:
    """Follow one prediction through its life in the demo, and save what shows, in a window of this size."""
    with running_demo() as url, browser_on(url, width) as page:
        live(page, lambda what: page.picture(folder / f"life-{what}-{name}.png"))


def draw_charts(folder: Path) -> None:
    """Draw the charts that the demo's Ada would be shown of the club's past year."""
    now = datetime(2026, 11, 21, tzinfo=UTC)
    with tempfile.TemporaryDirectory() as place:
        database = Database(f"sqlite:///{Path(place, 'almanac.db')}")
        upgrade(database)
        database.run_here(guilds.welcome, factories.GUILD, now=now)
        joined_at = now - timedelta(days=400)
        ada, *others = (factories.create_actor(name, joined_at=joined_at) for name in ("Ada", "Bob", "Cleo"))
        mona = factories.create_actor("Mona", manager=True, joined_at=joined_at)
        club.live_through(database, (ada, *others), mona, now=now)
        scored.store_scores(database)
        found = database.read_here(histories.show_history, ada, code=SHOWN, now=now)
        charts: list[tuple[str, Chart]] = [(what, make(found, now=now)) for what, make in CHARTS.items()]
        record = database.read_here(profiles.show_profile, ada, user_id=ada.user_id, now=now)
        of_crowd = database.read_here(calibrations.show_calibration, ada, of=CalibrationSubject(ForecasterKind.CROWD))
        charts += [("profile", profile_chart(record)), ("calibration", calibration_chart(of_crowd))]
        database.dispose()
    for name, chart in charts:
        (folder / f"chart-{name}.png").write_bytes(draw(chart).png)


def _answer_own(page: DemoPage) -> None:
    page.command("/forecast", prediction="63", probability="OpenAI 35, Google 30, Anthropic 20, xAI 10, DeepSeek 5")


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    draw_charts(FOLDER)
    for size, label in ((DESKTOP, "desktop"), (PHONE, "phone")):
        take(FOLDER, size, label)
        take_life(FOLDER, size, label)
    print(f"pictures are in {FOLDER}")
