"""The first page: what waits for this person, and what they wait for (待办)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from kedang.customers import browsing
from kedang.governance import todo as lists
from kedang.governance import together as signing
from kedang.governance.registry import title_of
from kedang.governance.todo import Item
from kedang.kernel.actor import Actor
from kedang.packs import in_force
from kedang.web import deeds, words
from kedang.web.asking import Asking
from kedang.web.environment import query
from kedang.web.pages.todo import Chip, SignedShown, Stack, Tile, TodoPage, TogetherPage
from kedang.web.refusals import refusal_of
from kedang.web.routes import touches_customer


@touches_customer(reads="")
@require_safe
def todo(request: Asking) -> HttpResponse:
    """To-dos, then numbers; offices that read no dossier see no name of a customer."""
    by = request.actor
    items = lists.items_for(by)
    kind = request.GET.get("kind", "")
    page = TodoPage(
        items=[item for item in items if not kind or item.kind == kind],
        asked=lists.asked_by(by),
        total=len(items),
        chips=_chips(request, items, kind),
        stacks=_stacks(items),
        tiles=_tiles(by),
        may_open=deeds.may(by, "customer.open", deeds.NEW),
        may_import=deeds.may(by, "import.stage", deeds.NEW),
    )
    return render(request, "todo/todo.html", {"page": page})


@touches_customer(reads="")
@require_http_methods(["GET", "POST"])
def together(request: Asking) -> HttpResponse:
    """Requests of one operation, each with its difference, to be signed in one go."""
    op = request.GET.get("op", "")
    calls = signing.waiting(request.actor, op)
    title = gettext(title_of(in_force(), op))
    address = f"{reverse('todo_together')}?op={op}"
    if request.method == "POST":
        if picked := _picked(request):
            signed = _signed(signing.sign(request.actor, picked, comment=request.POST.get("comment", "")))
            return render(request, "todo/together.html", {"page": TogetherPage(title, signed=signed, address=address)})
    elif not calls:
        return redirect("home")
    requests = signing.shown(request.actor, calls)
    page = TogetherPage(
        title=title,
        requests=requests,
        names=lists.names_of_subjects(request.actor, [each.subject for each in requests]),
        more=max(0, len(calls) - signing.MOST),
        wrong=gettext("Tick the requests you agree to.") if request.method == "POST" else "",
        address=address,
    )
    return render(request, "todo/together.html", {"page": page}, status=422 if page.wrong else 200)


def _signed(done: Sequence[signing.Signed]) -> list[SignedShown]:
    return [
        SignedShown(
            each.call, each.subject, words.after_signing(each.state),
            refusal_of(each.refused) if each.refused else None,
        )
        for each in done
    ]  # fmt: skip


def _picked(request: Asking) -> list[tuple[int, str]]:
    """The ticked requests, each with the digest of what stood on the screen."""
    numbers = [text for text in request.POST.getlist("call") if text.isascii() and text.isdigit() and len(text) < 19]
    return [(int(number), str(request.POST.get(f"saw.{number}", ""))) for number in numbers]


def _chips(request: Asking, items: Sequence[Item], kind: str) -> list[Chip]:
    counts = Counter(item.kind for item in items)
    if len(counts) < 2 and not kind:
        return []
    every = Chip(gettext("All"), len(items), query(request, kind=None), not kind)
    return [every] + [
        Chip(words.todo_kind(name), counts[name], query(request, kind=name), kind == name)
        for name in lists.KINDS
        if counts[name] or kind == name
    ]


def _stacks(items: Sequence[Item]) -> list[Stack]:
    """Operations of which several requests may be signed in one go."""
    titles = {item.op: item.title for item in items if item.kind == "sign" and item.together}
    counts = Counter(item.op for item in items if item.kind == "sign" and item.together)
    address = reverse("todo_together")
    return [Stack(titles[op], counts[op], f"{address}?op={op}") for op in sorted(titles) if counts[op] > 1]


def _tiles(by: Actor) -> list[Tile]:
    if "dossier" not in by.reads:
        return []
    every = browsing.browse(by, limit=1)
    mine = browsing.browse(by, filters=browsing.Filters(owner=by.id), limit=1)
    address = reverse("customers")
    return [
        Tile(gettext("Customers you may see"), every.total, address, every.total_exact),
        Tile(gettext("Customers you are responsible for"), mine.total, f"{address}?owner={by.id}", mine.total_exact),
    ]
