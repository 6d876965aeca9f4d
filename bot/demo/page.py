"""What the demo changes about the simulation's page: its name, where people are, and the menu of a message."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from simcord.backend.errors import SetupError
from simcord.preview import _markdown as markdown
from simcord.preview._server import PreviewServer
from simcord.results import ResponseMessage

MENUS = ("Make a prediction", "Quote as evidence", "Hide this reason")
"""The commands in the menu of a message."""
HERE = """
function showPlaces(snapshot) {
  const picker = $("place-picker");
  picker.replaceChildren(...(snapshot.places || []).map(({ name, channels }) => {
    const group = document.createElement("optgroup");
    group.label = name;
    group.append(...channels.map((channel) => new Option(channel.name, channel.id)));
    return group;
  }));
  picker.value = snapshot.channelId;
}
function go(channelId) { dispatch("viewer", { viewer_id: ui.viewer.value, channel_id: channelId }); }
$("place-picker").addEventListener("change", (event) => go(event.target.value));
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='https://discord.com/channels/']");
  if (!link) return;
  event.preventDefault();
  const channelId = new URL(link.href).pathname.split("/")[3];
  if (channelId) go(channelId);
});
if (!hash) $("channel-timeline").textContent = "Open the whole address that the terminal shows: it goes on after the #.";
"""
"""The list of places; links to a channel or a message, which lead there instead of to Discord; and what to do if the address was
cut short."""
VIEWER = 'ui.viewer.addEventListener("change", () => dispatch("viewer", { viewer_id: ui.viewer.value }));'
PIN = """if (allowedActions.has("set_pinned")) {
      addAction("pin", message.pinned ? "Unpin" : "Pin", options.onPin);
    }"""
OURS = f"""if (typeof options.onPin === "function") {{
      for (const menu of {json.dumps(MENUS)}) {{
        const button = node("button", "component-button button-style-2 menu-button", menu);
        button.type = "button";
        button.addEventListener("click", () => options.onPin({{ ...message, menu }}));
        toolbar.append(button);
      }}
    }}"""
STYLE = """
.message-context-actions { flex-wrap: wrap; justify-content: flex-end; max-width: calc(100% - 32px); }
.menu-button { min-height: 28px; padding: 2px 10px; font-size: 12px; }
@media (max-width: 700px) { .message-context-actions { top: 100%; } .viewer-control #place-picker { max-width: 9rem; } }
.channel-message:not(:hover, :focus-within) .message-context-actions { pointer-events: none; }
"""
REWORDED = {
    "/": (
        ("<title>SimCord Preview</title>", "<title>Almanac · demo</title>"),
        ("<strong>SimCord</strong><small>Preview</small>", "<strong>Almanac</strong><small>Demo</small>"),
        ('<span class="brand-mark" aria-hidden="true">S</span>', '<span class="brand-mark" aria-hidden="true">A</span>'),
        ('aria-label="SimCord preview"', 'aria-label="Almanac demo"'),
        (">Refresh preview<", ">Refresh<"),
        ('<div id="preview-shell" class="preview-shell">', '<div id="preview-shell" class="preview-shell messages-closed">'),
        ('<button id="messages-toggle" class', '<button hidden id="messages-toggle" class'),
        (
            '<label class="viewer-control">Viewing as',
            '<label class="viewer-control">In <select id="place-picker" aria-label="In"></select></label>'
            '<label class="viewer-control">Viewing as',
        ),
        (">View response</button>", ">See the answer</button>"),
        ('<button id="capture-open" class', '<button hidden id="capture-open" class'),
        ('<button id="inspector-toggle" class', '<button hidden id="inspector-toggle" class'),
    ),
    "/app.js": (
        (VIEWER, VIEWER + HERE),
        ("function updatePickers(snapshot) {", "function updatePickers(snapshot) {\n  showPlaces(snapshot);"),
    ),
    "/preview.css": ((".message-reactions, .message-poll {", STYLE + ".message-reactions, .message-poll {"),),
    "/messages.js": ((PIN, OURS),),
    "/workbench.js": (
        ('"Callback completed" : "Preview updated"', '"Done" : "Ready"'),
        ('"View response"', '"See the answer"'),
        (
            'return { name: snapshot.channel?.name || "Unavailable channel", glyph: "#" };',
            'return { name: snapshot.channel?.name || "Unavailable channel", glyph: snapshot.channel?.type === 11 ? "💬" : "#" };',
        ),
    ),
    "/surfaces.js": (("pinned: !item.pinned,", "pinned: false, menu: item.menu,"),),
    "/actions.js": (
        ('set_pinned: "Pin updated"', 'set_pinned: "Done"'),
        ('"Preview ready" : "Loading preview…"', '"Ready" : "Loading…"'),
        ('viewer: "Switching viewer…"', 'viewer: "Going there…"'),
        ('viewer: "Viewer switched"', 'viewer: "Here you are"'),
        ('"Viewport updated"', '"Ready"'),
        ('"Callback completed"', '"Done"'),
        ('"Action completed"', '"Done"'),
    ),
}
"""What the page says and what it says here, by the file's address. What only a developer needs is out of sight, and nobody pins: the
message's menu is in that place."""
QUOTED = re.compile(r"^> .*\n(?=[^>\n])", re.MULTILINE)
"""A line that's quoted before one that isn't."""


@cache
def name_the_page() -> None:
    """Let the page be called after the bot, with a list of places and what can be done with a message."""
    server: Any = PreviewServer
    serve = server._static

    async def serve_ours(self: Any, request: Any) -> Any:
        answer = await serve(self, request)
        for theirs, ours in REWORDED.get(request.path, ()):
            answer.text = answer.text.replace(theirs, ours)
        return answer

    server._static = serve_ours


@cache
def end_quotes() -> None:
    """Let a quote end with its line, as on Discord. On its own, the page goes on quoting until a line is empty."""
    page: Any = markdown
    prepare = page._discord_multiline_quotes

    def prepare_ours(text: str) -> Any:
        return prepare(QUOTED.sub(r"\g<0>\n", text))

    page._discord_multiline_quotes = prepare_ours


def offer_message_menu(preview: Any) -> None:
    """Do what the bot's commands in a message's menu do. On its own, the page has only commands that are typed."""
    prepare = preview._prepare_action

    def prepare_ours(page: Any, kind: str, body: Any) -> Any:
        if kind != "set_pinned":
            return prepare(page, kind, body)
        if body.get("menu") not in MENUS:
            raise SetupError("that command is unavailable")
        message = preview._target_message(page, preview._target_id(body.get("target_id"), page.viewer))

        async def run(action: Any, cursor: int) -> Any:
            used = page.viewer.context_menu(preview.channel, body["menu"], ResponseMessage(preview.env, message))
            return await preview._run_interaction_action(page, action, cursor, used, republish_all=True)

        return run

    preview._prepare_action = prepare_ours
