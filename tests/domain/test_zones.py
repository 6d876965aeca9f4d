from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Refused, TwoReadings
from bot.domain.times import read_zone
from bot.domain.zone_names import ABBREVIATIONS, CITIES
from bot.domain.zones import find_zones

NOW = datetime(2026, 7, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("CET", "Europe/Berlin"),
        ("jst", "Asia/Tokyo"),
        ("ET", "America/New_York"),
        ("gmt+2", "Etc/GMT-2"),
        ("UTC-5", "Etc/GMT+5"),
        ("UTC − 5", "Etc/GMT+5"),
        ("utc+0", "UTC"),
        ("+05:45", "Asia/Kathmandu"),
        ("Germany", "Europe/Berlin"),
        ("deutschland", "Europe/Berlin"),
        ("Österreich", "Europe/Vienna"),
        ("日本", "Asia/Tokyo"),
        ("Munich", "Europe/Berlin"),
        ("münchen", "Europe/Berlin"),
        ("San Francisco", "America/Los_Angeles"),
        ("são paulo", "America/Sao_Paulo"),
    ],
)
def test_a_zone_is_known_by_abbreviation_offset_country_and_city(text: str, key: str) -> None:
    assert read_zone(text).key == key


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("IST", ["Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"]),
        ("est", ["America/New_York", "America/Panama"]),
        ("PST", ["America/Los_Angeles", "Asia/Manila"]),
        ("CST", ["America/Chicago", "Asia/Shanghai", "America/Havana"]),
    ],
)
def test_an_abbreviation_of_several_places_is_asked_about(text: str, keys: list[str]) -> None:
    with pytest.raises(TwoReadings, match=r"is the time of several places\. Choose one") as asked:
        read_zone(text)
    assert [reading.text for reading in asked.value.readings] == keys
    assert [read_zone(reading.text).key for reading in asked.value.readings] == keys


def test_a_country_with_several_clocks_is_asked_about_the_largest_first() -> None:
    with pytest.raises(TwoReadings) as asked:
        read_zone("Brazil")
    assert asked.value.readings[0].text == "America/Sao_Paulo"


@pytest.mark.parametrize(
    ("typed", "first", "label"),
    [
        ("ber", "Europe/Berlin", "Europe/Berlin · UTC+2"),
        ("munich", "Europe/Berlin", "Europe/Berlin (Munich) · UTC+2"),
        ("india", "Asia/Kolkata", "Asia/Kolkata (India) · UTC+5:30"),
        ("new yo", "America/New_York", "America/New York · UTC-4"),
        ("IST", "Asia/Kolkata", "Asia/Kolkata · UTC+5:30"),
        ("gmt+2", "Etc/GMT-2", "UTC+2, all year · UTC+2"),
        ("mumbay", "Asia/Kolkata", "Asia/Kolkata (Mumbai) · UTC+5:30"),
    ],
)
def test_a_zone_is_found_while_it_is_typed(typed: str, first: str, label: str) -> None:
    found = find_zones(typed, now=NOW)
    assert (found[0].key, found[0].label) == (first, label)


def test_an_offset_finds_the_places_that_have_it_now() -> None:
    keys = [found.key for found in find_zones("gmt+2", now=NOW)]
    assert "Europe/Berlin" in keys  # in summer
    winter = [found.key for found in find_zones("gmt+2", now=datetime(2026, 1, 1, tzinfo=UTC))]
    assert "Europe/Berlin" not in winter
    assert "Europe/Kyiv" in winter


@given(st.text(max_size=80))
def test_any_text_finds_at_most_a_list_of_zones_that_can_be_chosen(typed: str) -> None:
    found = find_zones(typed, now=NOW)
    assert len(found) <= 25
    assert len({each.key for each in found}) == len(found)
    for each in found:
        assert len(each.label) <= 100
        ZoneInfo(each.key)


@given(st.text(max_size=80))
def test_any_text_is_a_zone_or_refused(typed: str) -> None:
    with suppress(Refused):
        assert read_zone(typed).key in available_timezones()


def test_every_place_of_the_tables_exists() -> None:
    named = {key for places in ABBREVIATIONS.values() for key, _ in places} | set(CITIES.values())
    assert named <= available_timezones()


def test_every_zone_is_known_by_its_own_name() -> None:
    # EST is the time of a place before it is a zone that knows no summer.
    named = {key for key in available_timezones() if key.lower() not in ABBREVIATIONS} - {"localtime", "Factory"}
    assert {key: read_zone(key).key for key in named} == {key: key for key in named}
