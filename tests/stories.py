"""Stories, pages and furniture to draw from, for tests of properties. All is invented.

A ``Story`` is a headline, a byline, a day and paragraphs; ``html_page`` and ``text_page`` print it, with
``Furniture`` around and inside it. Each paragraph tells an act, a statement or a position, most of them
with a time that depends on the day of publication; none depends on another paragraph.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from html import escape
from typing import Any

from hypothesis import strategies as st

PARAGRAPHS = (
    "Norwegian Foreign Minister Tuva Skogheim met Kenyan officials in Nairobi on Monday and agreed to "
    "reopen the fisheries office that closed in March 2019.",
    "“We will not sign anything before the inspectors are back,” Peru’s trade minister, Rosa Quintanar, "
    "told reporters on Tuesday.",
    "Zambia’s army shelled two villages near the border overnight, killing four farmers, according to "
    "the governor of the district, Moses Kalenga.",
    "The foreign ministry of Portugal accused Latvia of holding back the results of the inquiry and said "
    "it would ask for a new one next week.",
    "Fiji has demanded that Tonga withdraw its patrol boats from the lagoon, and offered to pay for the "
    "damage done last year.",
    "Thousands of students marched to the parliament in Montevideo on Wednesday to protest against the "
    "sale of the harbour.",
    "Iceland imposed sanctions on three shipping companies from Malta two weeks ago, the justice "
    "minister, Ragna Hjaltadottir, said in an interview broadcast on Sunday.",
    "Ghana will send 200 soldiers to the island next month, the defence ministry said, and expects them "
    "to stay for about a year.",
    "No talks have been held since October 2021, when the first truce collapsed & both sides called "
    "back their envoys.",
    "Police in Windhoek arrested eleven dock workers yesterday, the union said. Its lawyer, Petrus "
    "Haikali, called the arrests unlawful.",
    "Bolivia would never accept a foreign base on the lake, President Alma Quispe told parliament, but "
    "supports the plan for a joint customs post.",
    "Denmark’s prime minister, Mads Rosendal, spoke by phone with the president of Chad for half an hour "
    "on Thursday, her office said.",
    "Rebels attacked a convoy of the United Nations on the road to the north earlier this month. The UN "
    "has urged all sides to let aid through.",
    "Hungary rejected the offer of the Estonian government on Friday, saying the price was too high.",
)
HEADLINES = (
    "Ministers meet over lagoon and harbour",
    "Inspectors kept waiting as talks drag on",
    "Island waits for soldiers and answers",
)
BYLINES = ("Ines Falkenrath", "Jonah Pettibone", "Carla Vexin")
OUTLET = "The Skerry Chronicle"


@dataclass(frozen=True, slots=True)
class Story:
    """What a newsroom would hand to its publishing system."""

    headline: str
    byline: str
    day: date
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True)
class Furniture:
    """Blocks of a page that are not its story: each a kind and its lines, the first a heading."""

    before: tuple[tuple[str, tuple[str, ...]], ...] = ()
    inside: tuple[tuple[str, tuple[str, ...]], ...] = ()
    after: tuple[tuple[str, tuple[str, ...]], ...] = ()


BEFORE = (
    ("navigation", ("Home", "World", "Politics", "Business", "Sport")),
    ("advertisement", ("Advertisement",)),
)
INSIDE = (
    ("advertisement", ("Advertisement",)),
    ("offer", ("Subscribe today for unlimited access from $2 a month. Cancel anytime.",)),
    ("link", ("Read more: Ferry to the outer islands stays in port",)),
    ("share", ("Sign up for our free newsletter, delivered to your inbox every morning",)),
)
AFTER = (
    ("related", ("Related stories", "Ferry to the outer islands stays in port", "New tram by May")),
    ("most_read", ("Most read", "Storm warning for the coast", "Rain stops the cup tie")),
    ("comment", ("Comments", "Be the first to comment")),
    ("share", ("Follow us on Facebook", "Follow us on Instagram")),
    ("offer", ("Already a subscriber? Sign in", "Subscribe for full access from $2 a month")),
    ("notice", ("© Skerry Media. All rights reserved.",)),
)


def stories(least: int = 5, most: int = 7) -> st.SearchStrategy[Story]:
    """Stories of different paragraphs in any order."""
    paragraphs = st.lists(
        st.sampled_from(PARAGRAPHS), min_size=least, max_size=most, unique=True
    ).map(tuple)
    days = st.dates(date(2022, 1, 3), date(2025, 6, 30))
    return st.builds(Story, st.sampled_from(HEADLINES), st.sampled_from(BYLINES), days, paragraphs)


def independent(count: int) -> st.SearchStrategy[list[Story]]:
    """``count`` stories (three at most) that have no paragraph in common."""

    def cut(order: list[str]) -> list[Story]:
        return [
            Story(HEADLINES[n], BYLINES[n], date(2024, 3, 11 + n), tuple(order[n * 4 : n * 4 + 4]))
            for n in range(count)
        ]

    return st.permutations(PARAGRAPHS).map(cut)


def furniture() -> st.SearchStrategy[Furniture]:
    """At least one block, in its usual place."""
    return st.builds(Furniture, _some(BEFORE, 1), _some(INSIDE, 0), _some(AFTER, 1))


def _some(blocks: Any, least: int) -> st.SearchStrategy[Any]:
    return st.lists(st.sampled_from(blocks), min_size=least, unique=True).map(tuple)


def html_page(story: Story, furniture: Furniture = Furniture(), *, bodies: int = 1) -> str:
    """The story as a page of HTML, its body printed ``bodies`` times."""
    body = "\n".join(_body(story, furniture) for _ in range(bodies))
    return (
        f"<!doctype html><html lang='en'><head><title>{escape(story.headline)} | {OUTLET}</title>"
        f"<meta property='og:site_name' content='{OUTLET}'></head><body>\n"
        + "\n".join(map(_block, furniture.before))
        + f"\n<main><article>\n<h1>{escape(story.headline)}</h1>\n<p class='byline'>By {story.byline}"
        f"</p>\n<time datetime='{story.day.isoformat()}'>{_written(story.day)}</time>\n{body}"
        "\n</article></main>\n" + "\n".join(map(_block, furniture.after)) + "\n</body></html>"
    )


def _body(story: Story, furniture: Furniture) -> str:
    parts = [f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in story.paragraphs]
    for place, block in enumerate(furniture.inside, 1):
        parts.insert(2 * place, _block(block))
    return "<div class='article-body'>\n" + "\n".join(parts) + "\n</div>"


def _block(block: tuple[str, tuple[str, ...]]) -> str:
    kind, (head, *lines) = block
    tag = "nav" if kind == "navigation" else "aside"
    items = "".join(f"<li><a href='/x'>{escape(line)}</a></li>" for line in lines)
    return (
        f"<{tag} class='{kind.replace('_', '-')}'><h3>{escape(head)}</h3><ul>{items}</ul></{tag}>"
    )


def text_page(story: Story, furniture: Furniture = Furniture(), *, bodies: int = 1) -> str:
    """The story as plain text copied from a browser: a block a line, blank lines between."""
    body: list[str] = []
    for _ in range(bodies):
        parts = list(story.paragraphs)
        for place, (_, lines) in enumerate(furniture.inside, 1):
            parts.insert(2 * place, lines[0])
        body += parts
    lines = [line for _, block in furniture.before for line in block]
    lines += [story.headline, f"By {story.byline}", _written(story.day), *body]
    lines += [line for _, block in furniture.after for line in block]
    return "\n\n".join(lines) + "\n"


def _written(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def moved(story: Story, day: date) -> Story:
    """The same story, published on another day."""
    return replace(story, day=day)
