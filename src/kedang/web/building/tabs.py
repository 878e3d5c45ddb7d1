"""The tabs of a dossier: one line for each, in their order; whoever builds a part of the dossier adds its own here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext

from kedang.customers.models import Dossier
from kedang.customers.modules import MODULES
from kedang.customers.records.selectors import tallies
from kedang.kernel.actor import Actor
from kedang.kernel.i18n import N_
from kedang.packs import in_force
from kedang.packs.schema import Pack
from kedang.web.pages.parts import Tab

Visible = Callable[[Actor, Pack], bool]


@dataclass(frozen=True, slots=True)
class TabOf:
    """A tab as declared: its key, title, the name of its address, and for whom and under which pack it is there."""

    key: str
    title: str
    view: str
    icon: str
    visible: Visible
    modules: tuple[str, ...] = ()
    """Modules whose records are listed on it: it shows their number, and is there wherever one has a record."""


def always(by: Actor, pack: Pack) -> bool:
    """There for everybody who may see the dossier."""
    return True


def collects(*modules: str) -> Visible:
    """There where the regulation collects something in one of these modules."""
    keys = frozenset(field.key for module in modules for field in MODULES[module].fields)
    starts = tuple(f"{module}." for module in modules)

    def visible(by: Actor, pack: Pack) -> bool:
        return any(said.collect and (key in keys or key.startswith(starts)) for key, said in pack.fields.items())

    return visible


def offers(*operations: str) -> Visible:
    """There where the regulation provides for one of these operations."""
    return lambda by, pack: not pack.operations.keys().isdisjoint(operations)


BUSINESS = ("product", "contract", "transaction", "preference", "department")
INTERACTIONS = ("interaction", "complaint", "opinion")
CREDIT = ("credit",)
NEEDS = ("need", "competition", "partner", "remark")

TABS: tuple[TabOf, ...] = (
    TabOf("overview", N_("Overview"), "customer", "id", always),
    TabOf("contacts", N_("Contacts"), "customer_contacts", "users", always),
    TabOf("business", N_("Business"), "customer_business", "file-text", collects(*BUSINESS), BUSINESS),
    TabOf(
        "interactions", N_("Interactions"), "customer_interactions", "messages", collects(*INTERACTIONS), INTERACTIONS
    ),
    TabOf("credit", N_("Credit"), "customer_credit", "shield-check", collects(*CREDIT), CREDIT),
    TabOf("needs", N_("Needs and market"), "customer_needs", "bulb", collects(*NEEDS), NEEDS),
    TabOf("attachments", N_("Attachments"), "attachments", "paperclip", offers("file.attach", "file.view")),
    TabOf("origins", N_("Sources and checks"), "customer_origins", "sitemap", always),
    TabOf("history", N_("History"), "customer_history", "history", always),
)


def tabs(by: Actor, dossier: Dossier, active: str) -> list[Tab]:
    """The tabs of this dossier for this person; `active` is the key of the one that is open."""
    pack, counted = in_force(), tallies(dossier)
    out = []
    for tab in TABS:
        count = sum(counted[module].count for module in tab.modules if module in counted)
        if tab.visible(by, pack) or count:
            address = reverse(tab.view, kwargs={"code": dossier.code})
            out.append(Tab(gettext(tab.title), address, tab.icon, count, tab.key == active))
    return out


def tab_of(module: str) -> TabOf:
    """The tab on which the records of a module are listed."""
    return next(tab for tab in TABS if module in tab.modules)
