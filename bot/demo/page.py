"""What the demo changes about the simulation's page: its name, and the menu of a message."""

from __future__ import annotations

from functools import cache
from typing import Any

from simcord.preview._server import PreviewServer
from simcord.results import ResponseMessage

MENU = "Make a prediction"
"""The command in the menu of a message."""
REWORDED = {
    "/": (
        ("<title>SimCord Preview</title>", "<title>Almanac · demo</title>"),
        ("<strong>SimCord</strong><small>Preview</small>", "<strong>Almanac</strong><small>Demo</small>"),
        ('<span class="brand-mark" aria-hidden="true">S</span>', '<span class="brand-mark" aria-hidden="true">A</span>'),
        ('aria-label="SimCord preview"', 'aria-label="Almanac demo"'),
    ),
    "/messages.js": (
        ('if (allowedActions.has("set_pinned"))', "if (true)"),
        ('message.pinned ? "Unpin" : "Pin"', f'"{MENU}"'),
    ),
    "/actions.js": (('set_pinned: "Pin updated"', f'set_pinned: "{MENU}"'),),
}
"""What the page says and what it says here, by the file's address. Nobody pins in the demo, so the pin is the message's menu."""


@cache
def name_the_page() -> None:
    """Let the page be called after the bot, with what can be done with a message."""
    server: Any = PreviewServer
    serve = server._static

    async def serve_ours(self: Any, request: Any) -> Any:
        answer = await serve(self, request)
        for theirs, ours in REWORDED.get(request.path, ()):
            answer.text = answer.text.replace(theirs, ours)
        return answer

    server._static = serve_ours


def offer_message_menu(preview: Any) -> None:
    """Do what the bot's command in a message's menu does. On its own, the page has only commands that are typed."""
    prepare = preview._prepare_action

    def prepare_ours(page: Any, kind: str, body: Any) -> Any:
        if kind != "set_pinned":
            return prepare(page, kind, body)
        message = preview._target_message(page, preview._target_id(body.get("target_id"), page.viewer))

        async def run(action: Any, cursor: int) -> Any:
            used = page.viewer.context_menu(preview.channel, MENU, ResponseMessage(preview.env, message))
            return await preview._run_interaction_action(page, action, cursor, used, republish_all=True)

        return run

    preview._prepare_action = prepare_ours
