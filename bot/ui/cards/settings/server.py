"""A server's settings, in groups: a page of the panel shows one group."""

from __future__ import annotations

from bot.ui.cards.settings import values
from bot.ui.cards.settings.values import NONE, OFF, Setting, number, switch

HOMES = "homes"

SERVER_GROUPS: dict[str, tuple[str, tuple[Setting, ...]]] = {
    "posts": (
        "Posts",
        (
            Setting(
                "channel",
                ("post_channel_id",),
                "Channel for posts",
                "New cards, reminders, votes and results go here.",
                values.CHANNEL,
            ),
            Setting(
                "reminders",
                ("reminder_days",),
                "Reminders",
                "When the channel hears that a date comes near.",
                values.LADDER,
                ("30, 7, 1, 0", "7, 1, 0", "7, 0", "1, 0", "0", OFF),
                "Days before the date: 30, 7, 1, 0. Or off",
            ),
            Setting(
                "quiet",
                ("quiet_from_minute", "quiet_to_minute"),
                "Quiet hours",
                "What would come then waits until they're over.",
                values.QUIET,
                ("22:00-08:00", "21:00-09:00", "23:00-07:00", "00:00-08:00", OFF),
                "22:00-08:00, or off",
            ),
            Setting(
                "zone",
                ("zone",),
                "Time zone",
                "For quiet hours, and for dates that members type.",
                values.ZONE,
                values.ZONES,
                values.ZONE_HINT,
            ),
        ),
    ),
    HOMES: (
        "Homes",
        (
            Setting(
                "home",
                ("home_channel_id", "home_is_forum"),
                "Homes",
                "Choose a forum, where each prediction gets a post with its talk and its tags, or a text channel for their cards.",
                values.HOME,
            ),
            Setting(
                "threads",
                ("home_threads",),
                "Threads",
                "In a text channel, reasons and other talk go into a thread under the card.",
                switch("one under each card", "none"),
            ),
        ),
    ),
    "crowd": (
        "Crowd",
        (
            Setting(
                "blind",
                ("is_blind",),
                "Blind forecasts",
                "Members see the crowd's number once they've given theirs.",
                switch("on: the crowd is hidden until you forecast", "off: everyone sees the crowd right away"),
            ),
            Setting(
                "author",
                ("hides_author",),
                "The document's author",
                "Whether the author's number is hidden until then, too.",
                switch("hidden until you forecast", "always shown"),
            ),
            Setting(
                "count",
                ("reveal_at_count",),
                "Show everyone the crowd at",
                "How many forecasts end the hiding.",
                number("forecast", none="no number of forecasts"),
                (NONE, "3", "5", "10", "20", "50"),
                "1 to 1000, or none",
            ),
            Setting(
                "day",
                ("reveal_at",),
                "Show everyone the crowd from a day on",
                "From then on nothing is hidden.",
                values.REVEAL_DAY,
                (NONE,),
                "31 Dec 2026, or none",
            ),
        ),
    ),
    "people": (
        "People",
        (
            Setting(
                "manager",
                ("manager_role_id",),
                "Managers",
                "Members with this role are managers, like those with Manage Server.",
                values.ROLE,
            ),
            Setting(
                "voter",
                ("voter_role_id",),
                "Voters",
                "Only members with this role vote on what happened. Without one, all do.",
                values.ROLE,
            ),
            Setting(
                "add",
                ("members_may_add",),
                "Who can add predictions",
                "With /prediction add, or from a message.",
                switch("all members", "managers"),
            ),
            Setting(
                "approve",
                ("approves_added",),
                "Approve what members add",
                "If on, only managers see a new prediction until one approves it: /prediction queue.",
                switch("on: managers approve it first", "off: everyone sees it right away"),
            ),
            Setting(
                "joined",
                ("voter_hours",),
                "On the server before a vote",
                "Who joined later than this before a vote opened can't vote in it.",
                number("hour"),
                ("0", "24", "72", "168", "720"),
                "Hours, 0 to 8760",
            ),
            Setting(
                "account",
                ("voter_account_days",),
                "Age of an account",
                "Younger Discord accounts can't vote.",
                number("day"),
                ("0", "7", "30", "90", "365"),
                "Days, 0 to 365",
            ),
        ),
    ),
    "votes": (
        "Votes",
        (
            Setting(
                "open",
                ("open_votes_limit",),
                "Open at once",
                "At most this many; those on one date count as one. The rest wait in line.",
                number("vote"),
                ("3", "5", "10", "25"),
                "3 to 25",
            ),
            Setting(
                "hours",
                ("vote_hours",),
                "A vote runs",
                "And once as long again if it's undecided.",
                number("hour"),
                ("24", "48", "72", "120", "168"),
                "Hours, 1 to 720",
            ),
            Setting(
                "share",
                ("quorum_share",),
                "Quorum",
                "This share of the members who forecast has to vote.",
                values.QUORUM,
                ("10%", "25%", "50%", "100%"),
                "A percentage, such as 25%",
            ),
            Setting(
                "least",
                ("quorum_least",),
                "Smallest quorum",
                "However few have forecast.",
                number("ballot"),
                ("1", "2", "3", "5", "10"),
                "1 to 1000",
            ),
            Setting(
                "most",
                ("quorum_most",),
                "Largest quorum",
                "However many have forecast.",
                number("ballot"),
                ("5", "10", "25", "50", "100"),
                "1 to 1000",
            ),
            Setting(
                "majority",
                ("majority_share",),
                "Majority",
                "This share of the votes decides.",
                values.MAJORITY,
                ("50%", "60%", "67%", "75%", "90%", "100%"),
                "A percentage from 50%",
            ),
        ),
    ),
    "results": (
        "Results",
        (
            Setting(
                "secret",
                ("ballots_are_secret",),
                "Count",
                "Nobody ever sees who voted how.",
                switch("hidden until the vote ends", "public while the vote runs"),
            ),
            Setting(
                "objections",
                ("objection_hours",),
                "Time to object",
                "Two objections to a result start a second round.",
                number("hour"),
                ("0", "12", "24", "48", "72"),
                "Hours, 0 to 336",
            ),
            Setting(
                "undecided",
                ("undecided_days",),
                "Time for managers to decide",
                "If a vote stays undecided. Then more than half of the votes decide, or it's annulled.",
                number("day"),
                ("3", "7", "14", "30"),
                "Days, 1 to 365",
            ),
            Setting(
                "interested",
                ("interested_override",),
                "Managers' own forecasts",
                "Whether managers may decide and change what they have forecast on. The announcement says so.",
                switch("may decide it", "may not decide it"),
            ),
        ),
    ),
    "news": (
        "Digest and pings",
        (
            Setting(
                "weekly",
                ("weekly_day",),
                "Weekly digest",
                "One post for the week: what closes, votes, big moves, results and what's new. None if there's nothing.",
                values.WEEKDAY,
                (NONE, *values.DAYS),
            ),
            Setting(
                "ping",
                ("ping_role_id",),
                "Role to ping",
                "Members take and leave it themselves. The day's posts mention it: votes, results, and dates that come near.",
                values.ROLE,
            ),
        ),
    ),
}
"""Each group with its title."""
