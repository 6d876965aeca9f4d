"""The demo in a real browser: starts it as a person would, and acts on its page."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page, expect, sync_playwright

from tests.conftest import ROOT

CHROMIUM = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
PATIENCE = 300_000
"""Milliseconds after which something that should show never will. Nothing here is timed: a busy machine is slow."""
COLOURS = 64
DESKTOP, PHONE = (1280, 900), (390, 844)


class DemoPage:
    """One browser window on the demo."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def command(self, typed: str, **options: str) -> None:
        """Type a slash command, fill in its options, and send it."""
        self.begin(typed)
        for name, value in options.items():
            self.option(name, value)
        self.send()

    def begin(self, typed: str) -> None:
        """Type a slash command and choose it in the list, so that its options can be filled in."""
        box = self.page.locator("#channel-composer-input")
        box.click()
        box.fill("")
        box.press_sequentially(typed)
        self.page.locator("#channel-composer .command-popup").wait_for()
        self.page.wait_for_timeout(200)
        self.page.keyboard.press("Enter")
        self.page.locator(".command-chip").wait_for()

    def option(self, name: str, value: str) -> None:
        """Type into an option of the command that was begun."""
        field = self.page.locator(f"input[data-option='{name}']")
        if not field.count():
            offered = self.page.locator(".command-popup [role=option]", has_text=name).first
            for attempt in range(120):  # on a busy machine the list opens late, or closes when the page is renewed
                if offered.is_visible():
                    break
                if attempt % 10 == 0:
                    self.page.locator(".command-ghost").click()
                self.page.wait_for_timeout(500)
            offered.click()
        field.click()
        field.press_sequentially(value)
        self.page.wait_for_timeout(700)
        if self.page.locator(".command-popup [role=option]").first.is_visible():
            self.page.keyboard.press("Enter")

    def send(self) -> None:
        """Send the command that was begun, and see its answer.

        On a busy machine the choices of an option come late, and the page drops some that come while it is busy: until one is
        chosen the command cannot be sent, and typing a letter anew asks again.
        """
        button = self.page.locator("#send-message")
        field = self.page.locator("input[data-option]").last
        for attempt in range(1, 61):
            if button.is_enabled():
                break
            if self.page.locator(".command-popup [role=option]").first.is_visible():
                self.page.keyboard.press("Enter")
            elif attempt % 8 == 0:
                typed = field.input_value()
                field.press("End")
                field.press("Backspace")
                field.press_sequentially(typed[-1:])
            self.page.wait_for_timeout(500)
        button.click()
        self.page.locator(".command-chip").wait_for(state="detached")
        self.settle()

    def press(self, label: str) -> None:
        """Click the last button of this label, with an emoji before it or without."""
        self.page.get_by_role("button", name=re.compile(rf"^\W*{re.escape(label)}$")).last.click()
        self.settle()

    def press_in(self, words: str, label: str) -> None:
        """Click the button of this label under the last message with these words."""
        message = self.page.locator("#channel-message-list > *", has_text=words).last
        message.get_by_role("button", name=label).last.click()
        self.settle()

    def submit(self) -> None:
        """Send the form that's open."""
        self.page.get_by_role("button", name="Submit").click()
        self.settle()

    def show(self, words: str) -> None:
        """Scroll to the last message with these words."""
        self.page.get_by_text(words).last.wait_for(state="attached")
        message = self.page.locator("#channel-message-list > *", has_text=words).last
        message.evaluate("message => message.scrollIntoView({ block: 'end' })")

    def show_first(self) -> None:
        """Scroll to the beginning of the channel."""
        self.page.locator("#channel-timeline").evaluate("timeline => timeline.scrollTo(0, 0)")

    def press_next(self) -> None:
        """Go on to the next prediction; the button says how many are left."""
        self.page.get_by_role("button", name=re.compile(r"^Next · \d+ left")).last.click()
        self.settle()

    def choose(self, placeholder: str, option: str) -> None:
        """Choose in the last select with this placeholder."""
        self.page.get_by_text(placeholder, exact=True).last.click()
        self.page.locator("[role=option]", has_text=option).last.click()
        self.settle()

    def act_as(self, name: str) -> None:
        """Switch to another member."""
        self.page.locator("#viewer-picker").select_option(label=name)
        self.settle()

    def go(self, name: str) -> None:
        """Go to another channel, to the newest with these words in its name."""
        picker = self.page.locator("#place-picker")
        picker.locator("option", has_text=name).first.wait_for(state="attached")
        picker.select_option(value=picker.locator("option", has_text=name).first.get_attribute("value"))
        self.settle()

    def settle(self) -> None:
        """Wait until the page has shown what came of the last action, and go to its end, without pointing at anything."""
        self.page.locator("#preview-app[aria-busy=false]").wait_for()
        self.page.wait_for_timeout(600)
        expect(self.page.locator("#action-status")).not_to_have_text(re.compile("…$"), timeout=PATIENCE)
        jump = self.page.locator("#new-messages")
        if jump.is_visible():
            jump.click()
            self.page.wait_for_timeout(200)
        self.page.mouse.move(1, 1)
        self.page.evaluate("document.activeElement?.closest('#channel-message-list') && document.activeElement.blur()")

    @property
    def last(self) -> Locator:
        """The last message in the channel."""
        return self.page.locator("#channel-message-list > *").last

    def picture(self, path: Path) -> None:
        """Save what the window shows, in few colours: a third of the size, and hardly a difference."""
        self.page.wait_for_timeout(300)
        with Image.open(io.BytesIO(self.page.screenshot())) as shot:
            few = shot.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
            few.save(path, optimize=True)


DEMO = ("bot", "demo", "--no-browser", "--port", "0", "--date", "2026-11-21")


@contextmanager
def running_demo(*program: str) -> Generator[str]:
    """The demo, or another module that serves its page, as a process of its own; gives its address."""
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", *(program or DEMO)]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield next(line.strip() for line in process.stdout if "http://" in line)
        finally:
            process.terminate()
            assert process.wait(timeout=PATIENCE / 1000) == 0, "the demo did not end in order"


@contextmanager
def browser_on(url: str, size: tuple[int, int], *, scale: float = 1) -> Generator[DemoPage]:
    """A browser window of this size on the demo."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            page = browser.new_page(viewport={"width": size[0], "height": size[1]}, device_scale_factor=scale)
            page.set_default_timeout(PATIENCE)
            page.goto(url)
            page.get_by_text("Welcome to Almanac").last.wait_for()
            yield DemoPage(page)
        finally:
            browser.close()
