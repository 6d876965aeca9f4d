from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from bot.domain.types import Kind, State
from bot.services import sweep
from bot.services.packs import library
from bot.services.predictions import editing, reindexing, search, steps
from bot.services.predictions.editing import PredictionChanges
from db.database import Database
from db.models import Guild, Prediction, SearchVocabulary, SearchWord
from tests.factories import GUILD, NOW, OTHER_GUILD, create_actor, create_document, create_prediction, load
from tests.rows import rows

SOON = NOW + timedelta(days=30)


def add(database: Database, *statements: str, **given: Any) -> None:
    for statement in statements:
        create_prediction(database, statement=statement, **given)


def found(database: Database, text: str, *, guild_id: int = GUILD, **given: Any) -> list[int]:
    hits = database.read_here(search.find, guild_id=guild_id, text=text, now=given.pop("now", NOW), **given)
    return [hit.code for hit in hits]


def add_many(database: Database, statements: list[str], *, state: State = State.OPEN) -> None:
    """Predictions by the thousand, written as `add` would."""

    def write(session: Any) -> None:
        if session.get(Guild, GUILD) is None:
            session.add(Guild(id=GUILD, joined_at=NOW))
            session.flush()
        first = steps.take_codes(session, GUILD, len(statements))
        row = {"guild_id": GUILD, "kind": Kind.BINARY, "state": state, "details": {}, "created_at": NOW, "opens_at": NOW}
        session.execute(
            insert(Prediction), [row | {"code": first + offset, "statement": text} for offset, text in enumerate(statements)]
        )
        new = select(Prediction.id, Prediction.statement).where(Prediction.code >= first)
        texts = {row.id: row.statement for row in session.execute(new)}
        search.index_predictions(session, guild_id=GUILD, texts=texts)

    database.run_here(write)


@pytest.mark.parametrize("text", ["2", "#2", " #2 ", "02"])
def test_a_code_finds_its_prediction_first(database: Database, text: str) -> None:
    add(database, "GPT-2 turns 7", "Something else", "The 2nd one")
    assert found(database, text)[0] == 2


@pytest.mark.parametrize("text", ["#99", "#0", "999999999", "#99999999999999999999"])
def test_a_code_that_is_not_there_finds_nothing(database: Database, text: str) -> None:
    add(database, "Something")
    assert found(database, text) == []


@pytest.mark.parametrize("text", ["anthropic office tokyo", "Tokyo, Anthropic!", "office ANTHROPIC", "tokyo"])
def test_words_find_it_in_any_order_and_case(database: Database, text: str) -> None:
    add(database, "Google opens an office in Paris", "Anthropic opens an office in Tokyo")
    assert found(database, text) == [2]


@pytest.mark.parametrize("text", ["anth", "anthropic off", "to an of", "a t"])
def test_the_beginnings_of_words_find_it(database: Database, text: str) -> None:
    add(database, "Gemini wins", "Anthropic opens an office in Tokyo")
    assert found(database, text) == [2]


@pytest.mark.parametrize(
    "text",
    ["antropic", "anthorpic", "anthropicc", "anthropix", "nathropic", "offic tokoy", "ofice", "qnthropic tokyo", "tokio"],
)
def test_small_typing_errors_find_it(database: Database, text: str) -> None:
    add(database, "Gemini wins", "Anthropic opens an office in Tokyo")
    assert found(database, text) == [2]


@pytest.mark.parametrize("text", ["gtp", "pgt 5", "gtp-5.2"])
def test_swapped_letters_in_a_short_name_find_it(database: Database, text: str) -> None:
    add(database, "Gemini wins", "GPT-5.2 is released")
    assert found(database, text) == [2]


@pytest.mark.parametrize("text", ["antrop", "claud opuss", "anthorp"])
def test_a_typing_error_in_a_word_that_is_still_being_typed_finds_it(database: Database, text: str) -> None:
    add(database, "Gemini wins", "Anthropic trains Claude Opus longer")
    assert found(database, text) == [2]


@pytest.mark.parametrize("text", ["gpt5.2", "GPT-5.2", "gpt 5.2", "gpt52", "gpt5", "5.2"])
def test_a_name_is_found_however_it_is_spelled(database: Database, text: str) -> None:
    add(database, "Gemini wins", "GPT-5.2 is released", "GPT5.2 is withdrawn")
    assert sorted(found(database, text)) == [2, 3]


@pytest.mark.parametrize("text", ["zebra", "xqzv", "gemini zebra", "blockchain gemini", "日本"])
def test_a_word_that_nothing_comes_near_finds_nothing(database: Database, text: str) -> None:
    add(database, "Gemini wins")
    assert found(database, text) == []


def test_nothing_of_another_guild_is_ever_found(database: Database) -> None:
    add(database, "Anthropic opens an office")
    add(database, "Anthropic closes an office", "A zebra is hired", by=create_actor(guild_id=OTHER_GUILD))
    assert found(database, "anthropic") == [1]
    assert found(database, "antropic") == [1]
    assert found(database, "zebra") == []
    assert found(database, "zerba") == []
    assert found(database, "2") == []
    assert found(database, "", guild_id=OTHER_GUILD) == [2, 1]


@pytest.mark.parametrize(
    "text", ["100%", "100% of", "under_score", "under score", '"quoted"', "it's", "its", "back\\slash", "semi;colon", "a/b"]
)
def test_signs_in_a_statement_are_found_and_mean_nothing_special(database: Database, text: str) -> None:
    add(database, "Gemini wins", '100% of "quoted" it\'s under_score back\\slash semi;colon a/b')
    assert found(database, text) == [2]


@pytest.mark.parametrize("text", ["%", "_", "' OR 1=1 --", "\\", '"', "%'; DROP TABLE predictions; --", "*", "\x00"])
def test_signs_alone_do_no_harm(database: Database, text: str) -> None:
    add(database, "Gemini wins", "Anthropic opens an office")
    assert len(found(database, text)) <= 2
    assert found(database, "gemini") == [1]


@pytest.mark.parametrize("text", ["", "   ", "🔥"])
def test_without_words_the_newest_open_ones_are_offered(database: Database, text: str) -> None:
    add(database, "First", "Second", "Third")
    with database.engine.begin() as connection:
        connection.execute(update(Prediction).where(Prediction.code == 2).values(state=State.RESOLVED))
    assert found(database, text) == [3, 1]
    assert found(database, text, limit=1) == [3]


@pytest.mark.parametrize(
    "text",
    ["x" * 10_000, "gemini " * 1500, " ".join(f"w{number}" for number in range(2000)), "é" * 10_000, "1 " * 5000],
    ids=["word", "same", "many", "accents", "digits"],
)
def test_a_query_of_10000_characters_is_answered(database: Database, text: str) -> None:
    add(database, "Gemini wins 1 prize")
    assert found(database, text) in ([], [1])


def test_open_ones_come_before_the_others_and_better_fits_before_worse(database: Database) -> None:
    add(database, "Gemini", "Gemini wins the first prize of them all this year", "Gemini wins", "Gemini wins")
    with database.engine.begin() as connection:
        connection.execute(update(Prediction).where(Prediction.code == 4).values(state=State.RESOLVED))
    assert found(database, "gemini wins")[0] in (2, 3)
    assert found(database, "gemini wins")[-1] == 4
    assert found(database, "gemini")[-1] == 4


def test_what_is_past_its_close_counts_as_no_longer_open(database: Database) -> None:
    add(database, "Gemini wins", resolves_at=NOW + timedelta(days=1))
    add(database, "Gemini loses")
    hits = database.read_here(search.find, guild_id=GUILD, text="gemini", now=NOW + timedelta(days=2))
    assert [(hit.code, hit.is_open) for hit in hits] == [(2, True), (1, False)]


def test_open_ones_come_first_however_many_newer_ones_share_a_word(database: Database) -> None:
    add_many(database, ["Robots walk"] * 3)
    add_many(database, [f"Robots run {number}" for number in range(700)], state=State.RESOLVED)
    assert sorted(found(database, "robots", limit=5)[:3]) == [1, 2, 3]
    assert sorted(found(database, "rob walk")) == [1, 2, 3]
    assert len(found(database, "robots run")) == 25


def test_words_that_never_meet_find_nothing_however_common(database: Database) -> None:
    add_many(database, [f"Robots walk {number}" for number in range(600)])
    add_many(database, [f"Lobsters swim {number}" for number in range(600)])
    assert found(database, "robots lobsters") == []
    assert len(found(database, "robots walk")) == 25


def test_of_thousands_that_fit_new_and_open_ones_are_offered_and_old_ones_still_found(database: Database) -> None:
    many_words = "robot rocket rodeo rome root rope rose rosy route rover"
    add_many(database, [f"{many_words} lobster", *[many_words] * 900])
    assert len(many_words.split()) * 901 > search.COMMON
    offered = found(database, "ro")
    assert len(offered) == 25
    assert min(offered) > 901 - search.RANKED
    assert found(database, "ro lobster") == [1]

    add_many(database, ["Zebras"] * (search.WALKED + 1))
    assert found(database, "ro") == offered
    assert found(database, "ro zeb") == []


@pytest.mark.parametrize("text", ["2028", "gpt 2028", "205"])
def test_a_number_is_never_taken_for_another(database: Database, text: str) -> None:
    add(database, "GPT-6 is released by 2027")
    assert found(database, text) == []


@pytest.mark.parametrize("text", ["weather", "Bets of Ada", "weather ada gemini", "Hardware", "option alpha"])
def test_tags_section_pack_and_options_find_it_too(database: Database, text: str) -> None:
    options = [{"name": "Option Alpha"}, {"name": "Option Beta"}]
    item = {"statement": "Gemini", "section": "Hardware", "kind": "multiple_choice", "options": options, "tags": ["weather"]}
    load(database, create_document({}, item, title="Bets of Ada"))
    assert 2 in found(database, text)


def test_what_is_edited_is_found_by_its_new_words_only(database: Database) -> None:
    add(database, "Gemini wins", tags=("labs",))
    changes = PredictionChanges(statement="Claude wins", tags=("models",))
    database.run_here(editing.edit, create_actor(manager=True), code=1, changes=changes, now=NOW)
    assert [found(database, word) for word in ("claude", "models", "gemini", "labs")] == [[1], [1], [], []]


def test_what_a_load_changes_is_found_by_its_new_words_only(database: Database) -> None:
    load(database, create_document({"statement": "Gemini wins"}))
    load(database, create_document({"statement": "Claude wins"}))
    assert [found(database, word) for word in ("claude", "gemini")] == [[1], []]


def test_a_pack_is_found_in_every_guild_that_adopts_it(database: Database) -> None:
    load(database, create_document({"statement": "Gemini wins"}), guild_id=None)
    for guild_id in (GUILD, OTHER_GUILD):
        assert found(database, "gemini", guild_id=guild_id) == []
        database.run_here(library.adopt, create_actor(guild_id=guild_id, manager=True), slug="pack", now=NOW)
        assert found(database, "gemini", guild_id=guild_id) == [1]


def test_a_hit_says_what_it_is(database: Database) -> None:
    add(database, "Gemini wins")
    (hit,) = database.read_here(search.find, guild_id=GUILD, text="gem", now=NOW)
    assert (hit.code, hit.statement, hit.is_open) == (1, "Gemini wins", True)
    assert rows(database, select(Prediction.id)) == [(hit.id,)]


def test_drafts_are_not_found(database: Database) -> None:
    add(database, "Gemini wins")
    with database.engine.begin() as connection:
        connection.execute(update(Prediction).values(state=State.DRAFT))
    assert [found(database, text) for text in ("gemini", "#1", "")] == [[], [], []]


def forget_words(database: Database) -> None:
    """Leave only the words that an older version stored: none of this, and the mark of the upgrade."""

    def write(session: Any) -> None:
        session.execute(delete(SearchWord))
        session.execute(delete(SearchVocabulary))
        session.execute(update(Prediction).values(needs_index=True))

    database.run_here(write)


def test_after_an_upgrade_everything_is_stored_anew_some_at_a_time(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(database, create_document({"statement": "人工知能が発展する", "tags": ["robots"]}, authors=["Grace Hopper"]))
    add(database, "Die Bundestagswahl findet statt und wird gewonnen", "Something else")
    forget_words(database)
    assert found(database, "知能") == found(database, "robots") == found(database, "wahl") == []
    monkeypatch.setattr(reindexing, "AT_ONCE", 2)
    assert database.run_here(reindexing.reindex_some, now=NOW)
    assert not database.run_here(reindexing.reindex_some, now=NOW)
    assert found(database, "知能") == found(database, "robots") == found(database, "hopper") == [1]
    assert found(database, "wahl") == [2]
    assert rows(database, select(Prediction.needs_index).distinct()) == [(False,)]
    assert not database.run_here(reindexing.reindex_some, now=NOW)


def test_what_is_added_needs_no_second_index(database: Database) -> None:
    add(database, "Something")
    assert rows(database, select(Prediction.needs_index)) == [(False,)]


def test_the_sweep_stores_them_anew() -> None:
    assert reindexing.reindex_some in sweep.PARTS
