"""What other apps may ask of programmes; they get frozen values and never a table."""

from __future__ import annotations

from mutualist.apps.programme.actions.ending import (
    delete_programme,
    programmes_run_by,
    tell_of_the_end,
)
from mutualist.apps.programme.beside import (
    Figure,
    Section,
    Tab,
    counters,
    figures,
    sections,
    tabs,
)
from mutualist.apps.programme.fact_sources import more_facts
from mutualist.apps.programme.queries.ability_names import (
    abilities_said,
    ability_keys,
    ability_names,
    names_for_reader,
)
from mutualist.apps.programme.queries.clock import (
    ProgrammeName,
    VendorPerson,
    programme_ids,
    programme_name,
    vendor_people,
)
from mutualist.apps.programme.queries.level_order import level_names, levels_of
from mutualist.apps.programme.queries.partners import (
    PartnerCard,
    PartnerName,
    cards_of_programme,
    contacts_of,
    level_on,
    partner_cards,
    partner_names,
    relation_for,
)
from mutualist.apps.programme.queries.programmes import (
    ProgrammeCard,
    programme_by_slug,
    programmes_of,
    relations_of,
)
from mutualist.apps.programme.queries.rules import all_rules
from mutualist.apps.programme.queries.week import (
    Week,
    contact_card,
    decisions_of,
    endings_of,
    first_partners,
    memberships,
    next_reviews,
    open_agreement,
    partner_letter_standing,
    partners_to_write,
    week_of,
)
from mutualist.apps.programme.standing import (
    Standing,
    chain_of,
    contact_standing,
    link_standing,
    make_link,
    partner_standing,
    require_active,
    vendor_standing,
)
from mutualist.apps.programme.upcoming import Day, News, days, news, promise_events

__all__ = [
    "Day",
    "Figure",
    "News",
    "PartnerCard",
    "PartnerName",
    "ProgrammeCard",
    "ProgrammeName",
    "Section",
    "Standing",
    "Tab",
    "VendorPerson",
    "Week",
    "abilities_said",
    "ability_keys",
    "ability_names",
    "all_rules",
    "cards_of_programme",
    "chain_of",
    "contact_card",
    "contact_standing",
    "contacts_of",
    "counters",
    "days",
    "decisions_of",
    "delete_programme",
    "endings_of",
    "figures",
    "first_partners",
    "level_names",
    "level_on",
    "levels_of",
    "link_standing",
    "make_link",
    "memberships",
    "more_facts",
    "names_for_reader",
    "news",
    "next_reviews",
    "open_agreement",
    "partner_cards",
    "partner_letter_standing",
    "partner_names",
    "partner_standing",
    "partners_to_write",
    "programme_by_slug",
    "programme_ids",
    "programme_name",
    "programmes_of",
    "programmes_run_by",
    "promise_events",
    "relation_for",
    "relations_of",
    "require_active",
    "sections",
    "tabs",
    "tell_of_the_end",
    "vendor_people",
    "vendor_standing",
    "week_of",
]
