"""The least that a bot can do: `/forecast` answers, and nothing is stored. What Almanac's speed is measured against."""

from __future__ import annotations

import os
from typing import Any

import discord
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL


class Bare(discord.Client):
    """One command, which only answers."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True), max_messages=None)
        self.tree = app_commands.CommandTree(self)

    async def setup_hook(self) -> None:
        """Register the command."""

        @self.tree.command()
        async def forecast(interaction: discord.Interaction[Any], prediction: str, probability: str) -> None:
            """Answer."""
            await interaction.response.send_message(f"{prediction}: {probability}", ephemeral=True)

        await self.tree.sync()


if __name__ == "__main__":
    Route.BASE = os.environ["DISCORD_API_BASE"]
    DiscordWebSocket.DEFAULT_GATEWAY = URL(os.environ["DISCORD_GATEWAY_URL"])
    Bare().run(os.environ["DISCORD_TOKEN"], log_handler=None)
