"""The command line, `python -m bot`. The only place that reads settings."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Coroutine, Generator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from enum import StrEnum
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import seeds
from bot.command_line.output import say
from bot.domain.documents.models import PredictionFile
from bot.domain.errors import SetupError, UserError
from bot.log import set_up_logging
from bot.settings import read_settings

if TYPE_CHECKING:  # these take a second to import, and not every command needs them
    from db.database import Database

FAILED = 2
LARGEST_ID = 2**63 - 1


class SchemaOf(StrEnum):
    """The file formats that have a published schema."""

    PREDICTIONS = "predictions"
    EXPORT = "export"


app = typer.Typer(
    pretty_exceptions_enable=False,  # they print the values of variables, including the token
    add_completion=False,
    no_args_is_help=True,
    help="Almanac: predictions, forecasts and votes on Discord.",
)
db_app = typer.Typer(no_args_is_help=True, help="Look after the database.")
app.add_typer(db_app, name="db")


def main() -> None:
    """Run the command line. A problem the user can fix ends it with a sentence and exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a report must not fail because the terminal lacks a character
    try:
        app()
    except (SetupError, UserError) as error:
        say(error, is_error=True)
        sys.exit(FAILED)


@app.command()
def run() -> None:
    """Run the bot: connect to Discord with DISCORD_TOKEN and stay connected."""
    from bot.client import run_bot

    settings = read_settings()
    set_up_logging(settings.log_level, settings.log_format, secrets=settings.secrets)
    if settings.discord_token is None:
        raise SetupError(
            "DISCORD_TOKEN isn't set. Create a bot in Discord's developer portal and set DISCORD_TOKEN to its token; see the README."
        )
    if len(settings.discord_token.get_secret_value().split()) != 1:
        raise SetupError("DISCORD_TOKEN has a blank or a line break in it. Copy the token again, in one piece.")
    with _database(settings.database_url) as database:
        run_until_stopped(run_bot(settings, database))


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Port for the page; 0 picks a free one.")] = 8765,
    browser: Annotated[bool, typer.Option(help="Open the page in your browser.")] = True,
    date: Annotated[datetime | None, typer.Option(help="Start on this day instead of today.", formats=["%Y-%m-%d"])] = None,
) -> None:
    """Try Almanac without an account: a simulated Discord in your browser."""
    try:
        from bot.demo.world import run_demo
    except ModuleNotFoundError as error:
        raise SetupError(
            f"The demo needs {error.name}. In a checkout, install it with: make demo. Elsewhere: pip install 'almanac-bot[demo]'"
        ) from None
    set_up_logging("WARNING", "text")
    run_until_stopped(
        run_demo(port=port, opens_browser=browser, starts_at=date.replace(tzinfo=UTC) if date else datetime.now(UTC))
    )


@app.command()
def load(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Prediction files, folders of them, or exports from Fatebook, PredictionBook, Manifold and Metaculus. "
            "Default: the packs that come with Almanac.",
            metavar="[PATH]...",
            show_default=False,
        ),
    ] = None,
    guild: Annotated[
        int | None, typer.Option(help="Adopt the packs on this server too (its id).", min=1, max=LARGEST_ID)
    ] = None,
    author: Annotated[str | None, typer.Option(help="Whose forecasts to take, if an export holds several people's.")] = None,
    with_results: Annotated[
        bool | None,
        typer.Option(
            "--with-results/--without-results",
            help="Whether the server uses a document's own outcomes as results, if no member has forecast. "
            "Later loads keep this choice; the first time, it does.",
            show_default=False,
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and report, but store nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Load prediction files into the library, and update the servers that adopted them."""
    from bot.command_line import load
    from bot.services.packs import library

    if with_results is not None and guild is None:
        raise SetupError("--with-results and --without-results need a server: name it with --guild")
    now = datetime.now(UTC)
    readings = load.read_all(list(paths or seeds.packs()), now, author)
    problems = [problem for reading in readings for problem in reading.problems] + load.same_names(readings)
    if problems:
        load.print_problems(problems, as_json)
        raise typer.Exit(FAILED)
    documents = [(reading.slug, reading.document) for reading in readings if reading.document is not None]
    with _database(read_settings().database_url) as database, load.progress(documents, as_json) as on_step:
        work = database.rehearse_here if dry_run else database.run_here
        reports = work(
            library.load, documents=documents, guild_id=guild, with_results=with_results, now=now, on_step=on_step
        )
    warnings = [warning for reading in readings for warning in reading.warnings]
    if as_json:
        load.print_json(reports, readings, warnings, dry_run)
    else:
        load.print_report(reports, warnings, dry_run)


@app.command()
def extract(
    documents: Annotated[list[Path], typer.Argument(help="Documents: Markdown, plain text, HTML or CSV.", metavar="DOC...")],
    output: Annotated[
        Path | None, typer.Option(help="Where to write: a file for one document, a folder for several.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON, by document.")] = False,
    more: Annotated[bool, typer.Option("--more", help="Take the next likeliest group too, which the report names.")] = False,
) -> None:
    """Turn documents into prediction files for you to review. Works offline."""
    from bot.command_line import extract

    if not extract.run(documents, output=output, as_json=as_json, takes_more=more):
        raise typer.Exit(FAILED)


@app.command()
def export(
    guild: Annotated[int, typer.Option(help="The server's id.", min=1, max=LARGEST_ID)],
    output: Annotated[
        Path | None,
        typer.Option(help="File to write: .json, or .zip to include the tables. Default: print to the terminal."),
    ] = None,
    csv: Annotated[Path | None, typer.Option(help="Folder or .zip for the tables.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite existing files.")] = False,
) -> None:
    """Write everything public on a server, so that anyone can check its leaderboard with `score`."""
    from bot.command_line import export

    export.check_targets(output, csv, is_forced=force)
    with _database(read_settings().database_url, is_read=True) as database:
        found = export.save(database, guild_id=guild, output=output, tables=csv, now=datetime.now(UTC))
    say(
        f"{found.predictions} predictions, {found.resolved} of them resolved, with {found.forecasts} forecasts. "
        f"The forecasts on {found.hidden} are still hidden.",
        is_error=True,
    )
    if output is not None:
        say(f"Check it with: python -m bot score {output}", is_error=True)


@app.command()
def score(
    export: Annotated[
        Path, typer.Argument(help="A file from `export` or /export data, or predictions with their forecasts as JSON.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as one JSON document.")] = False,
    timing: Annotated[bool, typer.Option("--timing", help="Say how long it took.")] = False,
) -> None:
    """Recompute every score, the crowd, calibration and rankings from a file, and compare them with the ones stored in it."""
    from bot.command_line import score

    audited = score.audit_file(export)
    if as_json:
        score.print_json(audited)
    else:
        score.print_report(export, audited)
    if timing:
        score.print_timing(audited)
    if audited.audit is None or audited.differences:
        raise typer.Exit(FAILED if audited.audit is None else 1)


@app.command()
def schema(
    output: Annotated[
        Path | None, typer.Argument(help="File to write. Default: print the schema.", show_default=False)
    ] = None,
    of: Annotated[SchemaOf, typer.Option(help="Which format.")] = SchemaOf.PREDICTIONS,
) -> None:
    """Print the JSON Schema of prediction files or exports, or write it to a file, so your editor can complete and check them."""
    text = schema_text(of)
    if output is None:
        sys.stdout.buffer.write(text.encode())  # UTF-8, whatever the terminal uses: anything else wouldn't be JSON
        return
    try:
        output.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise SetupError(f"{output}: can't be written: {error.strerror}") from None
    say(f"wrote {output}")


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON.")] = False,
) -> None:
    """Check everything the bot needs, and say what to do about what's wrong. Changes nothing."""
    from bot.command_line import doctor

    try:
        findings = asyncio.run(doctor.examine(read_settings()))
    except SetupError as error:
        findings = [doctor.problem("settings", str(error), "Correct it in .env, or where you set it.")]
    doctor.print_report(findings, as_json=as_json)
    if doctor.has_problems(findings):
        raise typer.Exit(1)


@db_app.command("upgrade")
def db_upgrade() -> None:
    """Update the database to this version's schema. `run` and `load` do that by themselves."""
    with _database(read_settings().database_url, announce=True):
        pass


@db_app.command("backup")
def db_backup(
    file: Annotated[Path, typer.Argument(help="File to write, an SQLite database.")],
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False,
) -> None:
    """Write a copy of the database to a file, while the bot runs. Works for PostgreSQL, too."""
    from db import copying

    if file.exists() and not force:
        raise SetupError(f"{file}: already exists; overwrite it with --force")
    with _database(read_settings().database_url, is_read=True) as database:
        copying.back_up(database, file)
    print(f"wrote {file}, {file.stat().st_size:,} bytes")


@db_app.command("restore")
def db_restore(
    file: Annotated[Path, typer.Argument(help="A file from `db backup`.")],
    yes: Annotated[bool, typer.Option("--yes", help="Replace what's in the database.")] = False,
) -> None:
    """Put a backup in the place of the database. Stop the bot first."""
    from db import copying
    from db.migrate import upgrade

    if not file.is_file():
        raise SetupError(f"There's no file {file}.")
    settings = read_settings()
    token = settings.discord_token.get_secret_value() if settings.discord_token else ""
    with _database(settings.database_url, is_raw=True) as database, _alone(database, token):
        if not database.is_sqlite:
            upgrade(database)
        is_there = Path(database.url.database or "").exists() if database.is_sqlite else copying.holds_data(database)
        if is_there and not yes:
            raise SetupError(f"There's a database already: {database.url}. Stop the bot, then replace it with --yes.")
        copying.restore(file, database)
        print(f"restored {database.url} from {file}")


@db_app.command("copy")
def db_copy(
    target: Annotated[
        str,
        typer.Argument(
            help="The database to copy into, such as postgresql+psycopg://USER:PASSWORD@HOST/NAME.",
            envvar="TARGET_DATABASE_URL",
            show_envvar=True,
        ),
    ],
    yes: Annotated[bool, typer.Option("--yes", help="Replace what's in the target.")] = False,
) -> None:
    """Copy everything into another database, for moving from SQLite to PostgreSQL. Stop the bot first."""
    from db import copying

    with _database(read_settings().database_url, is_read=True) as source, _database(target) as into:
        copied = copying.copy_all(source, into, replaces=yes)
        for table in copied:
            print(f"{table.name:24}{table.rows:>10,}  {table.checksum}")
        print(
            f"copied {sum(table.rows for table in copied):,} rows; counts and checksums agree. Set DATABASE_URL to {into.url}"
        )


def schema_text(of: SchemaOf = SchemaOf.PREDICTIONS) -> str:
    """The JSON Schema of `predictions/1` or of `almanac-export/1`."""
    from bot.domain.documents.export import ExportFile

    made = (PredictionFile if of is SchemaOf.PREDICTIONS else ExportFile).model_json_schema()
    return (
        json.dumps({"$schema": "https://json-schema.org/draft/2020-12/schema"} | made, indent=2, ensure_ascii=False) + "\n"
    )


def run_until_stopped(work: Coroutine[Any, Any, None]) -> None:
    """Run until it ends, or until Ctrl+C or a termination signal stops it cleanly."""

    async def stoppable() -> None:
        task = asyncio.ensure_future(work)
        with suppress(NotImplementedError):  # Windows has no such signal
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        with suppress(asyncio.CancelledError):
            await task

    with suppress(KeyboardInterrupt):
        asyncio.run(stoppable())


@contextmanager
def _database(url: str, *, announce: bool = False, is_read: bool = False, is_raw: bool = False) -> Generator[Database]:
    """The database, at this version's schema. One that is only read is neither created nor upgraded, a raw one isn't looked at.

    What's written meanwhile only its owner may read: it's all about people.
    """
    from db.database import Database
    from db.migrate import check, upgrade

    os.umask(0o077)
    database = Database(url)
    try:
        if is_read and database.is_sqlite and not Path(database.url.database or "").exists():
            raise SetupError(f"There's no database {database.url.database}. Set DATABASE_URL to the one you mean.")
        applied = [] if is_raw else check(database) if is_read else upgrade(database)
        if announce:
            say(f"applied {', '.join(applied)}" if applied else "the database is up to date")
        yield database
    finally:
        database.dispose()


@contextmanager
def _alone(database: Database, token: str) -> Generator[None]:
    """Keep the bot from starting meanwhile. Raises SetupError if it's at work already."""
    from db.alone import Alone

    alone = Alone(database, token)
    if not alone.take():
        raise SetupError("A bot is at work on this database. Stop it, then try again.")
    try:
        yield
    finally:
        alone.give_back()
