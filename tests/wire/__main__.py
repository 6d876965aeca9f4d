"""The server: gateway with compression, heartbeats and resume, the REST routes that the bot uses, and a journal.

`python -m tests.wire PORT` serves until it is killed. Tests steer it through `/control`: see `tests.wire.client`.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import time
import zlib
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import WSMsgType, web

BOT_ID, APPLICATION_ID, GUILD_ID, CHANNEL_ID, OWNER_ID = "900", "900", "1001", "2001", "3001"
EVERYONE = str((1 << 4) | (1 << 10) | (1 << 11) | (1 << 14) | (1 << 15) | (1 << 16) | (1 << 31) | (1 << 38))
API = "/api/v10"
LATE, RETRY_AFTER = 0.5, 0.3
FORUM_ID = "2101"
POSTS_AT_MOST, POSTS_WITHIN = 5, 20.0
"""How many posts a forum takes in how many seconds: then Discord answers 429."""
EPOCH = 1_420_070_400_000
"""Discord's ids count milliseconds from here."""
NONCE_KNOWN_FOR = 240.0
"""Discord says “a few minutes”; a message that comes again after five is a second one."""
GUILDS = 3
"""Guilds and their channels are numbered on from the first. The last one is on another shard, where there are two."""


@dataclass
class Fault:
    """What goes wrong with the next requests whose path ends so."""

    path: str
    do: Literal["late", "hold", "drop", "store-and-hold", "store-and-drop", "store-and-500", "429", "502", "503", "403"]
    times: int = 1
    method: str = ""
    seconds: float = LATE


@dataclass
class Connection:
    """One bot on the gateway."""

    socket: web.WebSocketResponse
    session: str
    shard: tuple[int, int] = (0, 1)
    """Which one it is, and of how many."""
    sequence: int = 0
    told: list[dict[str, Any]] = field(default_factory=list)
    """The events so far, for whoever resumes."""
    deflate: Any = field(default_factory=zlib.compressobj)

    def has(self, guild_id: str) -> bool:
        """Whether events of that guild come here."""
        return (int(guild_id) >> 22) % self.shard[1] == self.shard[0]

    async def send(self, payload: dict[str, Any]) -> None:
        """Send a payload as Discord does: one zlib stream, flushed at each message."""
        packed = self.deflate.compress(json.dumps(payload).encode()) + self.deflate.flush(zlib.Z_SYNC_FLUSH)
        await self.socket.send_bytes(packed)

    async def dispatch(self, name: str, data: dict[str, Any]) -> None:
        """Send an event."""
        self.sequence += 1
        event = {"op": 0, "t": name, "s": self.sequence, "d": data}
        self.told.append(event)
        await self.send(event)

    async def take_over(self, earlier: Connection, sequence: int) -> None:
        """Go on with the session of a connection that was lost: send what was missed since an event."""
        self.session, self.shard, self.sequence, self.told = earlier.session, earlier.shard, earlier.sequence, earlier.told
        for event in [event for event in self.told if event["s"] > sequence]:
            await self.send(event)
        await self.dispatch("RESUMED", {})


class Discord:
    """The state of the little world, and its routes."""

    def __init__(self) -> None:
        self.ids = itertools.count(5000)
        self.connections: list[Connection] = []
        self.lost: dict[str, Connection] = {}
        """Connections that were cut, by their sessions."""
        self.journal: list[dict[str, Any]] = []
        self.messages: dict[str, dict[str, Any]] = {}
        self.nonces: dict[str, tuple[str, float]] = {}
        """The message that came with a nonce, and when."""
        self.faults: list[Fault] = []
        self.held = 0
        self.answers: dict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self.commands: list[dict[str, Any]] = []
        self.given: dict[str, dict[str, Any]] = {}
        """Every interaction, by its id, so that it can come again."""
        self.forum: dict[str, Any] = {"id": FORUM_ID, "type": 15, "name": "forecasts", "position": 1, "flags": 0}
        self.forum |= {"guild_id": GUILD_ID, "permission_overwrites": [], "available_tags": [], "topic": None}
        self.threads: dict[str, dict[str, Any]] = {}
        self.posted: list[float] = []
        """When the last posts were made."""
        self.setup: dict[str, Any] = {}
        """What is otherwise than usual: facts of the `application`, the `guild` and its `channels`, and the `starts` left."""

    def new_id(self) -> str:
        """The id of a message, with the moment in it as Discord's have."""
        return str(((int(time.time() * 1000) - EPOCH) << 22) + next(self.ids) % (1 << 22))

    def app(self) -> web.Application:
        """The server's routes."""
        app = web.Application(middlewares=[self.note])
        app.router.add_get("/gateway/", self.gateway)
        app.router.add_get("/control/journal", self.read_journal)
        app.router.add_get("/control/said", self.read_said)
        app.router.add_get("/files/{name}", self.file)
        app.router.add_post("/control/interaction", self.interact)
        app.router.add_post("/control/faults", self.order_fault)
        app.router.add_post("/control/mended", self.mend)
        app.router.add_post("/control/forgotten", self.forget)
        app.router.add_post("/control/cut", self.cut)
        app.router.add_post("/control/again", self.deliver_again)
        app.router.add_post("/control/permissions", self.permit)
        app.router.add_post("/control/setup", self.set_up)
        app.router.add_get(f"{API}/users/@me/guilds", self.guilds)
        app.router.add_get(f"{API}/guilds/{{guild}}", self.guild)
        app.router.add_get(f"{API}/guilds/{{guild}}/channels", self.channels)
        app.router.add_get(f"{API}/guilds/{{guild}}/members/{{member}}", self.member)
        app.router.add_get(f"{API}/guilds/{{guild}}/threads/active", self.active_threads)
        app.router.add_post(f"{API}/channels/{{channel}}/threads", self.open_post)
        app.router.add_get(f"{API}/channels/{{channel}}", self.channel)
        app.router.add_patch(f"{API}/channels/{{channel}}", self.edit_channel)
        app.router.add_get(f"{API}/gateway/bot", self.gateway_facts)
        app.router.add_get(f"{API}/users/@me", self.me)
        app.router.add_post(f"{API}/users/@me/channels", self.open_direct_messages)
        app.router.add_get(f"{API}/oauth2/applications/@me", self.application)
        app.router.add_get(f"{API}/applications/@me", self.application)
        app.router.add_put(f"{API}/applications/{{application}}/commands", self.sync)
        app.router.add_get(f"{API}/applications/{{application}}/commands", self.synced)
        app.router.add_post(f"{API}/interactions/{{id}}/{{token}}/callback", self.answer)
        app.router.add_get(f"{API}/webhooks/{{application}}/{{token}}/messages/@original", self.original)
        app.router.add_patch(f"{API}/webhooks/{{application}}/{{token}}/messages/@original", self.edit_original)
        app.router.add_delete(f"{API}/webhooks/{{application}}/{{token}}/messages/@original", self.delete_original)
        app.router.add_post(f"{API}/webhooks/{{application}}/{{token}}", self.follow_up)
        app.router.add_post(f"{API}/channels/{{channel}}/messages", self.post)
        app.router.add_get(f"{API}/channels/{{channel}}/messages", self.history)
        app.router.add_patch(f"{API}/channels/{{channel}}/messages/{{message}}", self.edit)
        return app

    @web.middleware
    async def note(self, request: web.Request, handler: Any) -> web.StreamResponse:
        """Note every REST call, and answer with the header by which discord.py knows Discord."""
        if not request.path.startswith(API):
            return await self.respond(request, handler)
        body = await _body(request)
        token = request.headers.get("Authorization", "").removeprefix("Bot ")
        entry = {"at": time.time(), "token": token, "method": request.method, "path": request.path, "body": body}
        self.journal.append(entry)
        if token and not token.startswith("good-token"):
            return _json({"code": 0, "message": "401: Unauthorized"}, status=401, headers={"Via": "1.1 wire"})
        try:
            response = await self.respond(request, handler)
        except web.HTTPException as error:
            response = _json({"code": 0, "message": error.reason}, status=error.status)
        response.headers["Via"] = "1.1 wire"
        return response

    async def respond(self, request: web.Request, handler: Any) -> web.StreamResponse:
        """What the route answers, or what the fault ordered for it makes of that."""
        fault = next((fault for fault in self.faults if fault.times and _is_about(fault, request)), None)
        if fault is None:
            return await handler(request)
        fault.times -= 1
        if fault.do == "late":
            await asyncio.sleep(fault.seconds)
            return await handler(request)
        if fault.do == "hold":
            await self.hold()
        if fault.do == "429":
            limited = {"message": "You are being rate limited.", "retry_after": RETRY_AFTER, "global": False}
            return _json(limited, status=429, headers={"Retry-After": "1"})
        if fault.do.isdigit():
            return _json({"code": 0, "message": fault.do}, status=int(fault.do))
        assert request.transport is not None
        if fault.do == "drop":
            request.transport.abort()
            return web.Response()
        response = await handler(request)
        if fault.do == "store-and-hold":
            await self.hold()
        if fault.do == "store-and-500":
            return _json({"code": 0, "message": "500: Internal Server Error"}, status=500)
        request.transport.abort()
        return response

    async def hold(self) -> None:
        """Wait until whoever asked has gone, which cancels the request."""
        self.held += 1
        try:
            await asyncio.Event().wait()
        finally:
            self.held -= 1

    async def gateway(self, request: web.Request) -> web.WebSocketResponse:
        """The gateway: hello, identify or resume, heartbeats."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        connection = Connection(socket, session=f"session-{next(self.ids)}")
        await connection.send({"op": 10, "s": None, "t": None, "d": {"heartbeat_interval": 30_000}})
        try:
            async for message in socket:
                if message.type is not WSMsgType.TEXT:
                    continue
                payload = json.loads(message.data)
                self.journal.append({"at": time.time(), "gateway": payload["op"]})
                if payload["op"] == 1:
                    await connection.send({"op": 11, "s": None, "t": None, "d": None})
                elif payload["op"] == 2:
                    connection.shard = _shard_of(payload["d"])
                    self.connections.append(connection)
                    address = f"ws://{request.host}/gateway/"
                    own = [number for number in range(GUILDS) if connection.has(guild_id_of(number))]
                    await connection.dispatch(
                        "READY", _ready(connection.session, address, own) | {"shard": connection.shard}
                    )
                    for number in own:
                        guild = _guild(number)
                        guild["channels"] += [self.forum] if number == 0 else []
                        await connection.dispatch("GUILD_CREATE", guild)
                elif payload["op"] == 6:
                    earlier = self.lost.pop(payload["d"]["session_id"], None)
                    if earlier is None:
                        await connection.send({"op": 9, "s": None, "t": None, "d": False})
                    else:
                        await connection.take_over(earlier, payload["d"]["seq"])
                        self.connections.append(connection)
        finally:
            if connection in self.connections:
                self.connections.remove(connection)
        return socket

    async def read_journal(self, _request: web.Request) -> web.Response:
        """Everything that the bot did."""
        seen = {"journal": self.journal, "messages": self.messages, "threads": list(self.threads.values())}
        return _json(seen | {"connected": len(self.connections), "held": self.held})

    async def read_said(self, _request: web.Request) -> web.Response:
        """When each message was asked for; no more than that, for there may be thousands."""
        said = [
            entry["at"] for entry in self.journal if entry.get("method") == "POST" and entry["path"].endswith("/messages")
        ]
        return _json({"said": said})

    async def file(self, request: web.Request) -> web.Response:
        """An uploaded file."""
        return web.Response(text=self.setup["file"][request.match_info["name"]])

    async def order_fault(self, request: web.Request) -> web.Response:
        """Something is to go wrong."""
        self.faults.append(Fault(**await request.json()))
        return _json({})

    async def mend(self, _request: web.Request) -> web.Response:
        """Nothing goes wrong any more."""
        self.faults.clear()
        return _json({})

    async def forget(self, _request: web.Request) -> web.Response:
        """Minutes have gone by: no nonce is known any more."""
        self.nonces.clear()
        return _json({})

    async def cut(self, _request: web.Request) -> web.Response:
        """Every connection to the gateway is lost. It can be resumed."""
        for connection in self.connections:
            self.lost[connection.session] = connection
            transport = connection.socket.get_extra_info("socket")
            transport.shutdown(2)
        return _json({})

    async def deliver_again(self, request: web.Request) -> web.Response:
        """An interaction comes again, as after a connection that was resumed. `fresh` ones can be answered again too."""
        asked = await request.json()
        interaction = asked["id"]
        if asked["fresh"]:
            self.answers[interaction].clear()
        with suppress(StopIteration, ConnectionError):
            await self.connection_of(self.given[interaction]).dispatch("INTERACTION_CREATE", self.given[interaction])
        return _json({})

    async def interact(self, request: web.Request) -> web.Response:
        """A member does something: the interaction goes to the bot, and its answer comes back."""
        given = await request.json()
        interaction = str(next(self.ids))
        data = self.given[interaction] = _interaction(interaction, given)
        for name in self.setup.get("file", ()):
            url = f"http://{request.host}/files/{name}"
            resolved = {
                "id": "1",
                "filename": f"{name}.md",
                "size": len(self.setup["file"][name]),
                "url": url,
                "proxy_url": url,
            }
            data["data"].setdefault("resolved", {})["attachments"] = {"1": resolved}
        try:
            await self.connection_of(data).dispatch("INTERACTION_CREATE", data)
        except (StopIteration, ConnectionError):  # the bot has gone
            return _json({"answer": None, "id": interaction})
        if given.get("unanswered"):
            return _json({"answer": None, "id": interaction})
        try:
            await asyncio.wait_for(self.answers[interaction].wait(), given.get("patience", 300))
        except TimeoutError:
            return _json({"answer": None, "id": interaction})
        path = f"/interactions/{interaction}/"
        found = next(entry for entry in reversed(self.journal) if path in entry.get("path", ""))
        return _json({"answer": found["body"], "id": interaction})

    def connection_of(self, interaction: dict[str, Any]) -> Connection:
        """Where an interaction goes."""
        return next(connection for connection in self.connections if connection.has(interaction["guild_id"]))

    async def permit(self, _request: web.Request) -> web.Response:
        """Somebody lets the bot write in the channel: every process of it is told at the same moment."""
        allowed = {"id": GUILD_ID, "type": 0, "allow": EVERYONE, "deny": "0"}
        channel = _guild(0)["channels"][0] | {"permission_overwrites": [allowed]}
        await asyncio.gather(*(connection.dispatch("CHANNEL_UPDATE", channel) for connection in self.connections))
        return _json({})

    async def me(self, _request: web.Request) -> web.Response:
        """The bot's own user."""
        return _json(_user(BOT_ID, "Almanac", bot=True))

    async def open_direct_messages(self, request: web.Request) -> web.Response:
        """The channel between the bot and one user: the same at every call."""
        recipient = (await _body(request))["recipient_id"]
        return _json({"id": f"7{recipient}", "type": 1, "recipients": [_user(str(recipient), f"user {recipient}")]})

    async def application(self, _request: web.Request) -> web.Response:
        """The bot's application."""
        team = {"id": APPLICATION_ID, "name": "Almanac", "description": "", "icon": None, "bot_public": True, "flags": 0}
        usual = team | {"bot_require_code_grant": False, "verify_key": "0" * 64, "owner": _user(OWNER_ID, "owner")}
        return _json(usual | self.setup.get("application", {}))

    async def set_up(self, request: web.Request) -> web.Response:
        """Something is to be otherwise than usual."""
        self.setup |= await request.json()
        return _json({})

    async def guilds(self, _request: web.Request) -> web.Response:
        """The servers that the bot is on."""
        return _json([] if self.setup.get("guild") == {} else [_guild(0) | self.setup.get("guild", {})])

    async def guild(self, request: web.Request) -> web.Response:
        """A server."""
        (number,) = (number for number in range(GUILDS) if guild_id_of(number) == request.match_info["guild"])
        return _json(_guild(number) | self.setup.get("guild", {}))

    async def channels(self, _request: web.Request) -> web.Response:
        """Its channels."""
        return _json(self.setup.get("channels", _guild(0)["channels"]))

    async def member(self, _request: web.Request) -> web.Response:
        """The bot as a member of it."""
        return _json(_member(BOT_ID, "Almanac"))

    async def gateway_facts(self, request: web.Request) -> web.Response:
        """Where the gateway is, and how often the bot may still connect today."""
        limit = {"total": 1000, "remaining": self.setup.get("starts", 999), "reset_after": 14_400_000, "max_concurrency": 1}
        return _json(
            {"url": f"ws://{request.host}/gateway/", "shards": self.setup.get("shards", 1), "session_start_limit": limit}
        )

    async def sync(self, request: web.Request) -> web.Response:
        """The bot's commands."""
        given = await request.json()
        self.commands = [
            {"description": ""} | command | {"id": str(next(self.ids)), "application_id": APPLICATION_ID, "version": "1"}
            for command in given
        ]
        return _json(self.commands)

    async def synced(self, _request: web.Request) -> web.Response:
        """The bot's commands, as they're known."""
        return _json(self.commands)

    async def answer(self, request: web.Request) -> web.Response:
        """An answer to an interaction."""
        interaction = request.match_info["id"]
        body = await _body(request)
        if self.answers[interaction].is_set():
            return _json({"code": 40060, "message": "Interaction has already been acknowledged."}, status=400)
        self.answers[interaction].set()
        where = self.given[interaction]["channel_id"]
        flags = self.given[interaction].get("message", {}).get("flags", 0) if body["type"] in (6, 7) else 0
        data = body.get("data") or {}
        message = _message(self.new_id(), where, data | {"flags": data.get("flags", 0) | flags})
        self.messages[f"original-{request.match_info['token']}"] = message
        resource = {"type": body["type"], "message": message}
        return _json({"interaction": {"id": interaction, "type": 2}, "resource": resource})

    async def original(self, request: web.Request) -> web.Response:
        """The message that answered an interaction."""
        return _json(self.messages[f"original-{request.match_info['token']}"])

    async def edit_original(self, request: web.Request) -> web.Response:
        """The late answer to an interaction for which more time was asked."""
        message = self.messages[f"original-{request.match_info['token']}"]
        message["components"] = (await _body(request)).get("components", [])
        return _json(message)

    async def delete_original(self, request: web.Request) -> web.Response:
        """The answer that only asked for time goes."""
        self.messages.pop(f"original-{request.match_info['token']}", None)
        return web.Response(status=204)

    async def follow_up(self, request: web.Request) -> web.Response:
        """A further answer to an interaction."""
        where = self.given[request.match_info["token"].removeprefix("token-")]["channel_id"]
        message = _message(self.new_id(), where, await _body(request))
        self.messages[message["id"]] = message
        return _json(message)

    async def post(self, request: web.Request) -> web.Response:
        """A message; a nonce that the bot used already, in whatever channel, gives the first message again."""
        body = await _body(request)
        nonce = str(body.get("nonce"))
        if body.get("enforce_nonce") and nonce in self.nonces:
            identifier, at = self.nonces[nonce]
            if time.monotonic() - at < NONCE_KNOWN_FOR:
                return _json(self.messages[identifier])
        message = _message(self.new_id(), request.match_info["channel"], body)
        self.messages[message["id"]] = message
        self.nonces[nonce] = (message["id"], time.monotonic())
        return _json(message)

    async def open_post(self, request: web.Request) -> web.Response:
        """A post in the forum: a thread with its first message, which has the same id. There's no nonce, but a limit."""
        now = time.monotonic()
        self.posted = [at for at in self.posted if now - at < POSTS_WITHIN]
        if len(self.posted) >= POSTS_AT_MOST:
            limited = {"message": "You are being rate limited.", "retry_after": POSTS_WITHIN, "global": False}
            self.journal.append({"at": time.time(), "limited": request.path})
            return _json(limited, status=429, headers={"Retry-After": str(int(POSTS_WITHIN))})
        self.posted.append(now)
        body, identifier = await _body(request), str(next(self.ids))
        metadata = {"archived": False, "auto_archive_duration": 10080, "locked": False}
        metadata |= {"archive_timestamp": "2026-01-01T00:00:00+00:00", "create_timestamp": "2026-01-01T00:00:00+00:00"}
        thread = {"id": identifier, "type": 11, "name": body["name"], "parent_id": FORUM_ID, "owner_id": BOT_ID}
        thread |= {"guild_id": GUILD_ID, "message_count": 0, "member_count": 1, "flags": 0, "thread_metadata": metadata}
        thread |= {"applied_tags": body.get("applied_tags", []), "last_message_id": None, "rate_limit_per_user": 0}
        self.threads[identifier] = thread
        self.messages[identifier] = message = _message(identifier, identifier, body["message"])
        return _json(thread | {"message": message})

    async def active_threads(self, _request: web.Request) -> web.Response:
        """All posts of the server that aren't put away."""
        active = [one for one in self.threads.values() if not one["thread_metadata"]["archived"]]
        return _json({"threads": active, "members": []})

    async def channel(self, request: web.Request) -> web.Response:
        """The forum, or a post in it."""
        wanted = request.match_info["channel"]
        return _json(self.forum if wanted == FORUM_ID else self.threads[wanted])

    async def edit_channel(self, request: web.Request) -> web.Response:
        """Other tags for the forum or for a post."""
        wanted, body = request.match_info["channel"], await _body(request)
        if wanted == FORUM_ID:
            tags = [{"moderated": False, "emoji_id": None, "emoji_name": None} | tag for tag in body["available_tags"]]
            self.forum["available_tags"] = [tag | {"id": tag.get("id") or str(next(self.ids))} for tag in tags]
            return _json(self.forum)
        thread = self.threads[wanted]
        thread["thread_metadata"]["archived"] = body.pop("archived", False)
        thread |= body
        return _json(thread)

    async def history(self, request: web.Request) -> web.Response:
        """What was said in a channel, newest first."""
        here = [one for one in self.messages.values() if one["channel_id"] == request.match_info["channel"]]
        if (before := request.query.get("before")) is not None:
            here = [one for one in here if int(one["id"]) < int(before)]
        return _json(here[: -int(request.query.get("limit", 50)) - 1 : -1])

    async def edit(self, request: web.Request) -> web.Response:
        """A change of a message."""
        wanted = request.match_info["message"]
        message = next((message for message in self.messages.values() if message["id"] == wanted), None)
        if message is None:
            return _json({"code": 10008, "message": "Unknown Message"}, status=404)
        message["components"] = (await _body(request)).get("components", [])
        return _json(message)


def _json(data: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    # discord.py reads a body as JSON only when its type is this to the letter.
    return web.Response(body=json.dumps(data), status=status, headers={"Content-Type": "application/json"} | (headers or {}))


async def _body(request: web.Request) -> dict[str, Any]:
    if request.content_type.startswith("multipart/"):
        form = await request.post()
        return json.loads(str(form["payload_json"]))
    raw = await request.read()
    return json.loads(raw) if raw else {}


def _user(identifier: str, name: str, *, bot: bool = False) -> dict[str, Any]:
    return {"id": identifier, "username": name, "discriminator": "0", "global_name": name, "avatar": None, "bot": bot}


def _member(identifier: str, name: str) -> dict[str, Any]:
    user = _user(identifier, name)
    return {"user": user, "roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "deaf": False, "mute": False, "flags": 0}


def _is_about(fault: Fault, request: web.Request) -> bool:
    return request.path.endswith(fault.path) and fault.method in ("", request.method)


def _shard_of(identify: dict[str, Any]) -> tuple[int, int]:
    number, count = identify.get("shard") or (0, 1)
    return number, count


def guild_id_of(number: int) -> str:
    """The id of a guild, by its number."""
    return str(int(GUILD_ID) + number + (1 << 22 if number == GUILDS - 1 else 0))


def _ready(session: str, address: str, own: Sequence[int]) -> dict[str, Any]:
    guilds = [{"id": guild_id_of(number), "unavailable": True} for number in own]
    ready = {"v": 10, "user": _user(BOT_ID, "Almanac", bot=True), "guilds": guilds, "session_id": session}
    return ready | {"resume_gateway_url": address, "application": {"id": APPLICATION_ID, "flags": 0}}


def _guild(number: int) -> dict[str, Any]:
    guild_id = guild_id_of(number)
    everyone = {"id": guild_id, "name": "@everyone", "permissions": EVERYONE, "position": 0, "color": 0, "flags": 0}
    everyone |= {"hoist": False, "managed": False, "mentionable": False}
    channel = {
        "id": str(int(CHANNEL_ID) + number),
        "type": 0,
        "name": "predictions",
        "position": 0,
        "permission_overwrites": [],
        "guild_id": guild_id,
    }
    own = _member(BOT_ID, "Almanac")
    guild = {
        "id": guild_id,
        "name": "Wire",
        "owner_id": OWNER_ID,
        "roles": [everyone],
        "channels": [channel],
        "members": [own],
    }
    levels = {"verification_level": 0, "default_message_notifications": 0, "explicit_content_filter": 0, "mfa_level": 0}
    levels |= {"nsfw_level": 0, "premium_tier": 0, "system_channel_flags": 0, "afk_timeout": 300}
    lists: dict[str, list[Any]] = {"emojis": [], "stickers": [], "features": [], "threads": [], "voice_states": []}
    lists |= {"presences": [], "stage_instances": [], "guild_scheduled_events": [], "soundboard_sounds": []}
    return (
        guild
        | levels
        | lists
        | {"member_count": 2, "large": False, "preferred_locale": "en-US", "icon": None, "splash": None}
    )


def _interaction(identifier: str, given: dict[str, Any]) -> dict[str, Any]:
    user = given.get("user", "4001")
    member = _member(user, f"member {user}") | {"permissions": str((1 << 53) - 1) if given.get("manager") else EVERYONE}
    data = {"id": identifier, "application_id": APPLICATION_ID, "token": f"token-{identifier}", "version": 1}
    guild_id, channel_id = guild_id_of(given.get("guild", 0)), str(int(CHANNEL_ID) + given.get("guild", 0))
    place = {"guild_id": guild_id, "channel_id": channel_id, "channel": {"id": channel_id, "type": 0, "name": "predictions"}}
    who = {"member": member, "app_permissions": EVERYONE, "locale": "en-US", "guild_locale": "en-US", "entitlements": []}
    who |= {"authorizing_integration_owners": {"0": guild_id}, "context": 0, "attachment_size_limit": 10_000_000}
    return (
        data
        | place
        | who
        | {"type": given["type"], "data": given["data"]}
        | ({"message": _message("1", channel_id, given["on"])} if given["type"] == 3 else {})
    )


def _message(identifier: str, channel: str, body: dict[str, Any]) -> dict[str, Any]:
    message = {"id": identifier, "channel_id": channel, "author": _user(BOT_ID, "Almanac", bot=True), "type": 0}
    message |= {"content": body.get("content", ""), "components": body.get("components", []), "flags": body.get("flags", 0)}
    message |= {"timestamp": "2026-01-01T00:00:00+00:00", "edited_timestamp": None, "tts": False, "mention_everyone": False}
    return message | {"mentions": [], "mention_roles": [], "attachments": [], "embeds": [], "pinned": False}


if __name__ == "__main__":
    # A request ends with its connection, so that one which is held does not outlive the bot that made it.
    web.run_app(Discord().app(), host="127.0.0.1", port=int(sys.argv[1]), print=None, handler_cancellation=True)
