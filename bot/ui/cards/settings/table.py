"""Where a setting is found by its key, and its group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.errors import Refused
from bot.ui.cards.settings.own import OWN_SETTINGS
from bot.ui.cards.settings.server import SERVER_GROUPS
from bot.ui.cards.settings.values import Setting

OWN = "me"
"""The group of a person's own settings; the others are a server's."""
GROUPS: dict[str, tuple[str, tuple[Setting, ...]]] = {**SERVER_GROUPS, OWN: ("Your settings", OWN_SETTINGS)}
"""All settings in their groups, each group with its title. A page of the panel shows one group."""
SETTINGS = {setting.key: setting for _, settings in GROUPS.values() for setting in settings}
GROUP_OF = {setting.key: group for group, (_, settings) in GROUPS.items() for setting in settings}


def setting_of(key: str) -> Setting:
    """The setting of a button's or a select's argument."""
    if key not in SETTINGS:
        raise Refused("This is from another version of the bot. Open the settings again.")
    return SETTINGS[key]


def settings_changed(changes: Mapping[str, Any], *, own: bool) -> list[Setting]:
    """The settings that these values belong to."""
    return [
        setting
        for setting in SETTINGS.values()
        if (GROUP_OF[setting.key] == OWN) is own and not changes.keys().isdisjoint(setting.names)
    ]
