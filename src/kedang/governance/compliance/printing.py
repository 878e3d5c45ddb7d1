"""The inspection report (制度执行检查报告) as a paper, from what the numbered report holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from kedang.governance.compliance.status import ORDER, TITLES
from kedang.governance.compliance.words import KINDS, NUMBERS
from kedang.governance.documents.paper import Grid, Heading, Paper, Part, Words
from kedang.kernel import clock

Content = Mapping[str, Any]
_LEFT_OUT = frozenset({"exact", "first", "last", "not_caught"})


def paper(number: str, by: str, content: Content) -> Paper:
    """The paper of a numbered report, in the language of who asks for it."""
    document = content["document"]
    return Paper(
        title=gettext("Inspection report on the regulation"),
        number=number,
        facts=tuple(_facts(by, content)),
        parts=(*_summary(content), *_articles(content)),
        signatures=(gettext("Inspected by"), gettext("Head of the department"), gettext("General manager")),
        footer=f"{document['number']} · {content['pack']} · {number}",
        page=gettext("page %(page)s of %(pages)s"),
    )


def _facts(by: str, content: Content) -> Iterator[tuple[str, str]]:
    document, head = content["document"], content["head"]
    edition = gettext("%(title)s, number %(number)s, edition %(edition)s") % document
    yield gettext("Regulation"), edition
    yield gettext("Digest of the regulation"), document["digest"]
    yield gettext("Period"), content["period"]
    yield gettext("Made"), _moment(content["at"])
    yield gettext("Made by"), by
    yield gettext("Head of the ledger"), head["head"] or gettext("nothing is sealed yet")


def _summary(content: Content) -> Iterator[Part]:
    yield Heading(gettext("Summary"))
    controls = {control["id"]: control for article in content["articles"] for control in article["controls"]}
    counts = {name: sum(each["status"] == name for each in controls.values()) for name in ORDER}
    articles = {name: sum(each["status"] == name for each in content["articles"]) for name in ORDER}
    rows = tuple((gettext(TITLES[name]), str(articles[name]), str(counts[name])) for name in reversed(ORDER))
    yield Grid((gettext("Status"), gettext("Articles"), gettext("Controls")), rows, (4, 2, 2))
    yield Words(
        gettext(
            "An article stands as the worst of its controls. No evidence means that nothing in the period proves the "
            "control at work; it is never counted as kept."
        )
    )


def _articles(content: Content) -> Iterator[Part]:
    yield Heading(gettext("Article by article"))
    titles = (gettext("Article"), gettext("Control"), gettext("Kind"), gettext("Status"), gettext("Evidence"))
    rows = tuple(_row(article, control) for article in content["articles"] for control in article["controls"])
    yield Grid(titles, rows, (5, 2, 2, 3, 8))


def _row(article: Content, control: Content) -> tuple[str, ...]:
    evidence = control["evidence"]
    told = [
        f"{gettext(NUMBERS[key]) if key in NUMBERS else key} {value}"
        for key, value in evidence.items()
        if key not in _LEFT_OUT
    ]
    more = [] if evidence.get("exact", True) else [gettext("counted up to a limit")]
    why = [gettext(control["why"])] if control["why"] else []
    return (
        f"{article['id']} {article['title']}",
        control["id"],
        gettext(KINDS[control["kind"]]),
        gettext(TITLES[control["status"]]),
        "; ".join((*why, *told, *more)),
    )


def _moment(iso: str) -> str:
    return datetime.fromisoformat(iso).astimezone(clock.COMPANY_ZONE).strftime("%Y-%m-%d %H:%M")
