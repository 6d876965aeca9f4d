"""What a member follows, with a way to leave each."""

from __future__ import annotations

from typing import Any

import discord
from discord import ui

from bot.services.following.follows import Followable, Followed, FollowList
from bot.services.members.people import FollowNews, PersonSettings
from bot.ui import palette, text
from bot.ui.cards import parts
from bot.ui.items import button, select

NAMED = 10
"""How many the card names; the select has all of a page."""


def follows_card(found: FollowList) -> ui.LayoutView:
    """The list, after what has just changed."""
    lines = [*_changed(found), _heading(found.total)]
    lines += [_line(followed) for followed in found.lines[:NAMED]]
    if (left := len(found.lines) - NAMED) > 0:
        lines.append(f"-# and {left} more on this page, in the list below")
    lines.append(f"-# {told_text(found.settings)}")
    options = [_option(followed) for followed in found.lines]
    turn = [
        button("Earlier", "follow.page", found.number - 1, off=found.number == 0),
        button("More", "follow.page", found.number + 1, off=found.number + 1 >= found.pages),
    ]
    return parts.layout(
        ui.TextDisplay("\n".join(lines)),
        *([parts.row(select("follow.leave", found.number, options, placeholder="Unfollow one…"))] if options else []),
        parts.row(*(turn if found.pages > 1 else []), *_undo(found), button("How you hear of it", "setting.page", "me")),
        colour=palette.GREEN if found.changed else palette.BLUE,
    )


def told_text(settings: PersonSettings) -> str:
    """How they hear of what they follow."""
    match settings.follow_news:
        case FollowNews.DAILY:
            at = f", next {text.moment(settings.next_digest_at)}" if settings.next_digest_at else ""
            return f"If there's news, it comes in your daily message{at}."
        case FollowNews.MENTION:
            return "You're mentioned where news of it is posted."
        case FollowNews.OFF:
            return "You've turned this news off."
        case None:
            return "You don't get any news of it yet. Choose how you'd like to hear of it."


def _heading(total: int) -> str:
    if total == 0:
        return "### You don't follow anything yet\nPress Follow under a prediction's details, or give `/prediction follow` a tag or a pack."
    return f"### You follow {text.count(total, 'thing')} here"


def _changed(found: FollowList) -> list[str]:
    verb = "You now follow" if found.is_on else "You no longer follow"
    return [f"{'🔔' if found.is_on else '🔕'} {verb} {_named(followed)}." for followed in found.changed]


def _undo(found: FollowList) -> list[ui.Item[Any]]:
    """The way back from what has just changed, if it was one thing."""
    if len(found.changed) != 1:
        return []
    (followed,) = found.changed
    here = [button("Back to the card", "card.show", followed.name)] if followed.what is Followable.PREDICTION else []
    label = "Unfollow" if found.is_on else "Follow again"
    return [button(label, "follow.off" if found.is_on else "follow.on", argument(followed)), *here]


def argument(followed: Followed) -> str:
    """What a button says of it: p:14, t:labs, k:a-pack."""
    return f"{followed.what}:{followed.name}"


def _line(followed: Followed) -> str:
    return f"- {_named(followed)}" + (" · you've forecast it" if followed.is_own else "")


def _named(followed: Followed) -> str:
    match followed.what:
        case Followable.PREDICTION:
            return f"**#{followed.name}** {text.plain_line(followed.title, 120)}"
        case Followable.TAG:
            return f"the tag **{text.plain_line(followed.title, 80)}**"
        case Followable.PACK:
            return f"the pack **{text.plain_line(followed.title, 120)}**"


def _option(followed: Followed) -> discord.SelectOption:
    names = {Followable.TAG: f"Tag {followed.title}", Followable.PACK: f"Pack {followed.title}"}
    label = names.get(followed.what, f"#{followed.name} {' '.join(followed.title.split())}")
    return discord.SelectOption(label=text.cut(label, 100), value=argument(followed))
