"""A person's own settings."""

from __future__ import annotations

from bot.services.members.people import FollowNews, Nudge
from bot.ui.cards.settings import values
from bot.ui.cards.settings.values import NONE, OFF, ON, Setting, switch

OWN_SETTINGS: tuple[Setting, ...] = (
    Setting(
        "mine",
        ("zone",),
        "Time zone",
        "For dates that you type, and your daily message.",
        values.OWN_ZONE,
        (NONE, *values.ZONES),
        values.ZONE_HINT,
    ),
    Setting(
        "record",
        ("shows_record",),
        "Your record",
        "Your profile and calibration. Your forecasts on open predictions always stay private.",
        switch("everyone can see it", "only you can see it"),
    ),
    *(
        Setting(str(nudge), (str(nudge),), title, about, switch(ON, OFF))
        for nudge, title, about in (
            (Nudge.STALE, "Old forecasts", "A message about your forecasts untouched for 30 days."),
            (
                Nudge.CLOSING,
                "Closing soon",
                "A message about predictions closing within a week that you haven't forecast.",
            ),
            (Nudge.VOTES, "Votes", "A message about votes waiting for you."),
            (Nudge.RESULTS, "Results", "A message about results, with your scores."),
        )
    ),
    Setting(
        "calls",
        ("shows_calls",),
        "Your best call",
        "Whether a result may say that you saw it coming, with your forecast and its day.",
        switch("named in results", "not named in results"),
    ),
    Setting(
        "news",
        ("follow_news",),
        "News of what you follow",
        "Big moves, new words and dates, reasons, results, and new predictions of tags and packs.",
        values.FOLLOW_NEWS,
        tuple(FollowNews),
    ),
    Setting(
        "own",
        ("follows_own",),
        "Follow what you forecast",
        "Whether a forecast follows its prediction by itself.",
        switch(ON, OFF),
    ),
    Setting(
        "named",
        ("named_in_weekly",),
        "Weekly digest",
        "Whether a server's weekly digest may name you for its best and worst calls.",
        switch("may name you", "doesn't name you"),
    ),
)
