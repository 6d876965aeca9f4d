"""All the tables. They define the schema and serve the rare paths; whatever runs on every click is a Core statement in
`db.queries` or beside its use case. There are no relationships: a query joins what it shows."""

from __future__ import annotations

from db.models.forecasts import CrowdPoint, Forecast, Reason, Score, Skip
from db.models.groups import GroupedPrediction, PredictionGroup
from db.models.imports import Import
from db.models.interactions import ClaimedInteraction, RegisteredCommands
from db.models.messages import ChannelTrouble, HomePlace, LadderStep, OutboxMessage, PostedCard, Reminder
from db.models.moderation import HiddenText, LeftOutMember
from db.models.people import Follow, Guild, Heartbeat, Member, User
from db.models.predictions import (
    Adoption,
    Pack,
    Prediction,
    PredictionOption,
    PredictionRevision,
    PredictionTag,
    SearchVocabulary,
    SearchWord,
    Source,
)
from db.models.tournaments import Tournament, TournamentEntry, TournamentWinner
from db.models.votes import Ballot, Event, Objection, Proposal, Quote, Vote, VoteState

__all__ = [
    "Adoption",
    "Ballot",
    "ChannelTrouble",
    "ClaimedInteraction",
    "CrowdPoint",
    "Event",
    "Follow",
    "Forecast",
    "GroupedPrediction",
    "Guild",
    "Heartbeat",
    "HiddenText",
    "HomePlace",
    "Import",
    "LadderStep",
    "LeftOutMember",
    "Member",
    "Objection",
    "OutboxMessage",
    "Pack",
    "PostedCard",
    "Prediction",
    "PredictionGroup",
    "PredictionOption",
    "PredictionRevision",
    "PredictionTag",
    "Proposal",
    "Quote",
    "Reason",
    "RegisteredCommands",
    "Reminder",
    "Score",
    "SearchVocabulary",
    "SearchWord",
    "Skip",
    "Source",
    "Tournament",
    "TournamentEntry",
    "TournamentWinner",
    "User",
    "Vote",
    "VoteState",
]
