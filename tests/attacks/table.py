"""What was tried and what happened, as a table at the end of `make test-attacks`."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

FELL, NOT_TRIED, HELD = "FELL", "not tried", "held"


@dataclass
class Attack:
    """One attack, in however many ways: how many of them held, fell and were not tried, and what was measured."""

    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    measured: list[str] = field(default_factory=list)

    @property
    def said(self) -> str:
        """What happened, the worst first."""
        total = sum(self.counts.values())
        parts = [f"{what}{f' {self.counts[what]} of {total}' if total > 1 else ''}" for what in _worst(self.counts)]
        return "; ".join(parts)


def _worst(counts: Mapping[str, int]) -> Sequence[str]:
    return [what for what in (FELL, NOT_TRIED, HELD) if counts.get(what)]


def attacks(reports: Iterable[Any]) -> dict[tuple[str, str], Attack]:
    """Attacks by file and name, from pytest's reports of tests that are marked `attack`."""
    found: dict[tuple[str, str], Attack] = defaultdict(Attack)
    for report in reports:
        if "attack" not in getattr(report, "keywords", {}):
            continue
        outcome = _outcome(report)
        if outcome:
            file, _, name = report.nodeid.partition("::")
            attack = found[file, name.partition("[")[0].removeprefix("test_").replace("_", " ")]
            attack.counts[outcome] += 1
            attack.measured += [str(value) for what, value in report.user_properties if what == "measured"]
    return found


def _outcome(report: Any) -> str | None:
    """What one report says; None of a phase that says nothing new."""
    if report.failed:
        return FELL
    if report.skipped:
        return NOT_TRIED
    return HELD if report.when == "call" else None


def lines(found: Mapping[tuple[str, str], Attack]) -> Iterable[str]:
    """The table, by file: what happened, and what was tried."""
    for file in sorted({file for file, _ in found}):
        yield file
        for (where, name), attack in sorted(found.items()):
            if where == file:
                yield f"  {attack.said:<16}  {name}{''.join(f'; {one}' for one in attack.measured)}"
    counts = {what: sum(attack.counts.get(what, 0) for attack in found.values()) for what in (HELD, FELL, NOT_TRIED)}
    yield f"{len(found)} attacks, tried in {sum(counts.values())} ways: " + ", ".join(
        f"{n} {what}" for what, n in counts.items()
    )
