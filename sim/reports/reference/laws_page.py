"""The reference of the laws of behaviour, from their docstrings and code."""

from collections.abc import Iterator

from sim.reports.laws import Chapter, Law, chapters
from sim.reports.markdown import escaped, prose, table


def laws_page() -> Iterator[str]:
    """Blocks of Markdown: an overview, then every law by module."""
    yield "# Laws of behaviour"
    yield (
        "What customers do, each law once in `sim/behaviour/`, called by both engines. `u` is a uniform number that "
        "belongs to one customer and one decision. [The model and its sources](../background/model.md) says how the "
        "laws work together, and how good the evidence is."
    )
    found = list(chapters())
    yield table(("module", "what it is about", "rests on"), map(_overview, found))
    for chapter in found:
        yield f"## {chapter.name}"
        yield "\n\n".join(map(prose, chapter.says))
        for law in chapter.laws:
            yield from _law(law)


def _overview(chapter: Chapter) -> list[str]:
    sources = dict.fromkeys(source for law in chapter.laws for source in law.rests_on)
    return [f"[{chapter.name}](#{chapter.name})", prose(chapter.says[0]), escaped("; ".join(sources))]


def _law(law: Law) -> Iterator[str]:
    yield f"### `{law.name}({', '.join(law.arguments)})`"
    yield "\n\n".join(map(prose, law.says))
    if law.formula:
        yield f"In code: `{law.formula}`"
    if law.rests_on:
        yield f"Rests on: {escaped('; '.join(law.rests_on))}."
