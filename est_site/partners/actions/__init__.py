"""The writes of partners. Keyword-only, each in one transaction, `by` the member who answers for it, audit event last."""

from est_site.partners.actions.areas import add_areas, change_area, end_area, redraw_area
from est_site.partners.actions.categories import (
    add_category,
    change_category,
    move_category,
    retire_category,
    use_category,
)
from est_site.partners.actions.doors import MOST as MOST_DOORS
from est_site.partners.actions.doors import add_door, change_door, move_door, show_door
from est_site.partners.actions.groups import create_administrator, create_group, set_metric
from est_site.partners.actions.installation import retry_job
from est_site.partners.actions.people import (
    add_organisation,
    change_member,
    change_organisation,
    choose_keys,
    choose_weekly_mail,
    end_membership,
    invite_again,
    invite_member,
    leave,
)
from est_site.partners.actions.places import add_addresses, add_place, change_place, retire_place, use_place
from est_site.partners.actions.questions import add_question, ask_again, change_question, end_question
from est_site.partners.actions.schedule import cancel_period, change_schedule, merge_periods, move_period

__all__ = [
    "MOST_DOORS",
    "add_addresses",
    "add_areas",
    "add_category",
    "add_door",
    "add_organisation",
    "add_place",
    "add_question",
    "ask_again",
    "cancel_period",
    "change_area",
    "change_category",
    "change_door",
    "change_member",
    "change_organisation",
    "change_place",
    "change_question",
    "change_schedule",
    "choose_keys",
    "choose_weekly_mail",
    "create_administrator",
    "create_group",
    "end_area",
    "end_membership",
    "end_question",
    "invite_again",
    "invite_member",
    "leave",
    "merge_periods",
    "move_category",
    "move_door",
    "move_period",
    "redraw_area",
    "retire_category",
    "retire_place",
    "retry_job",
    "set_metric",
    "show_door",
    "use_category",
    "use_place",
]
