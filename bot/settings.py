"""All settings of the process, typed and documented. Only `bot.command_line` builds them; nothing else reads the environment."""

from __future__ import annotations

import re
from typing import Literal
from urllib.parse import unquote

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.domain.errors import SetupError

_PASSWORD = re.compile(r"://[^:/@]*:([^@]+)@")


class Settings(BaseSettings):
    """Read from the environment, then from a file `.env` in the working folder. A test compares the README's table with this."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True)

    discord_token: SecretStr | None = Field(
        None, description="The bot's token, from Discord's developer portal. `run` needs it."
    )
    database_url: str = Field(
        "sqlite:///almanac.db",
        description="Where to keep the data: `sqlite:///FILE` or `postgresql+psycopg://USER:PASSWORD@HOST/NAME`.",
    )
    discord_api_base: str | None = Field(None, description="Discord's REST API, if you use a proxy or a test server.")
    discord_gateway_url: str | None = Field(None, description="Discord's gateway, if you use a proxy or a test server.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="Log this level and above: `DEBUG`, `INFO`, `WARNING` or `ERROR`."
    )
    health_port: int | None = Field(
        None,
        ge=1,
        le=65535,
        description="Serve `/healthz`, `/readyz` and Prometheus `/metrics` on this port. Default: not at all.",
    )
    health_host: str = Field("127.0.0.1", description="The address for that port. The default is this computer alone.")
    log_format: Literal["text", "json"] = Field("text", description="`text` for people, `json` for one object per line.")

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be logged: the token, and the database's password as it's written and as it's meant."""
        token = self.discord_token.get_secret_value() if self.discord_token is not None else ""
        written = _PASSWORD.search(self.database_url)
        passwords = {written[1], unquote(written[1])} if written else set[str]()
        return tuple(secret for secret in (token, *passwords) if secret)


def read_settings() -> Settings:
    """The settings of this process. Raises SetupError naming any variable that can't be read."""
    try:
        return Settings()  # pyright: ignore[reportCallIssue]  (all have defaults)
    except ValidationError as error:
        lines = [f"{str(item['loc'][0]).upper()}: {item['msg']}" for item in error.errors()]
        raise SetupError("\n".join(lines)) from None
