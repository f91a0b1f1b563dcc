"""What a team keeps: names, colours and notes of segments, suggested actions, saved views."""

from webapp.kept.actions import action_card, action_line
from webapp.kept.names import notes_card, pencil
from webapp.kept.views import carried, menu, opening, orphans_card, save_button, save_item, views_list

__all__ = [
    "action_card",
    "action_line",
    "carried",
    "menu",
    "notes_card",
    "opening",
    "orphans_card",
    "pencil",
    "save_button",
    "save_item",
    "views_list",
]
