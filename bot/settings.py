"""All settings of the process, typed and documented. Only `bot.command_line` builds them; nothing else reads the environment."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self
from urllib.parse import unquote

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.domain.errors import SetupError

_SPAN = re.compile(r"([0-9]{1,5})(?:-([0-9]{1,5}))?")
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
    shard_count: int | None = Field(
        None,
        ge=1,
        le=10_000,
        description="Into how many shards Discord splits the servers. Default: what Discord recommends.",
    )
    shard_ids: Annotated[tuple[int, ...] | None, NoDecode] = Field(
        None,
        description="The shards of this process, such as `0-3` or `4,5`, if several share the work. Default: all. Needs PostgreSQL and "
        "`SHARD_COUNT`.",
    )

    @field_validator("shard_ids", mode="before")
    @classmethod
    def _list_shards(cls, given: object) -> object:
        """`0-3,8` as its numbers."""
        if not isinstance(given, str):
            return given
        spans = [_SPAN.fullmatch(part.strip()) for part in given.split(",")]
        if None in spans:
            raise ValueError("not a list of shards such as 0-3 or 4,5")
        ends = [(int(span[1]), int(span[2] or span[1])) for span in spans if span is not None]
        return tuple(sorted({number for first, last in ends for number in range(first, last + 1)}))

    @model_validator(mode="after")
    def _check_shards(self) -> Self:
        if self.shard_ids is None:
            return self
        if self.shard_count is None:
            raise ValueError("SHARD_IDS needs SHARD_COUNT, the same for all processes")
        if not self.shard_ids or self.shard_ids[-1] >= self.shard_count:
            raise ValueError(f"SHARD_IDS has to name shards from 0 to {self.shard_count - 1}")
        if self.database_url.startswith("sqlite"):
            raise ValueError("SHARD_IDS needs PostgreSQL: several processes can't share one SQLite file. Set DATABASE_URL")
        return self

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
        lines = [
            ": ".join([*(str(part).upper() for part in item["loc"][:1]), item["msg"].removeprefix("Value error, ")])
            for item in error.errors()
        ]
        raise SetupError("\n".join(lines)) from None
