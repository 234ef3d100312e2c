"""What the project wants to reach, as ratios within one run, and how far it is from there."""
from dataclasses import dataclass

from report import Spread, print_rows, ratio


@dataclass(frozen=True)
class Target:
    test: str
    title: str
    other: str
    limit: float
    ours: str = "temps"


CPU = [
    Target("h1", "plain keep-alive", "nginx", 0.75),
    Target("h1", "plain keep-alive", "haproxy", 0.9),
    Target("tls", "TLS keep-alive", "nginx", 0.85),
    Target("handshake", "full handshakes", "nginx", 0.95),
    Target("resumed", "resumed handshakes", "nginx", 0.95),
    Target("h2", "HTTP/2", "nginx", 0.45),
    Target("h2", "HTTP/2", "h2o", 1.0),
    Target("body", "bodies of 10 MiB", "nginx", 0.35),
    Target("body", "bodies of 10 MiB", "caddy", 0.8),
    Target("body-tls", "bodies of 10 MiB, TLS", "nginx", 0.7),
    Target("log", "access log", "temps", 1.05, "temps-log"),
    Target("log", "access log", "nginx-log", 0.75, "temps-log"),
]
MEMORY = [
    Target("idle", "memory per idle connection", "nginx", 0.5),
    Target("idle-tls", "memory per idle connection, TLS", "nginx", 0.9),
]
# What can be told from noise; "no measurable loss" is the aim.
ROUTES_LIMIT = 1.05
CHANGE_LIMIT_MS = 50


@dataclass(frozen=True)
class Finding:
    """One row of the last table."""

    title: str
    limit: float
    measured: Spread | None
    digits: int = 2

    def row(self) -> list[str]:
        if self.measured is None:
            return [self.title, f"{self.limit:.{self.digits}f}", "not measured", ""]
        off = (self.measured.median - self.limit) / self.limit * 100 if self.limit else 0
        is_met = self.measured.median <= self.limit
        by = f" by {abs(off):.0f} %" if self.limit else ""
        verdict = f"met{by}" if is_met else f"MISSED{by}"
        return [self.title, f"{self.limit:.{self.digits}f}", self.measured.text(self.digits), verdict]


def findings(results: dict, memory: dict, others: list[Finding]) -> list[Finding]:
    """Of the tests that were run."""
    found = []
    for target in CPU:
        if target.test in results:
            measured = ratio(results[target.test], target.ours, target.other)
            other = "without" if target.other == "temps" else target.other
            found.append(Finding(f"{target.title}, CPU to {other}", target.limit, measured))
    for target in MEMORY:
        ours, other = (memory.get(target.test, {}).get(name) for name in ("temps", target.other))
        if ours and other:
            value = ours / max(other, 1)
            found.append(Finding(f"{target.title}, to {target.other}", target.limit, Spread(value, value, value)))
    return found + others


def print_targets(found: list[Finding]) -> None:
    if not found:
        return
    print("\nTargets (at most; the middle half of the rounds in brackets)")
    print_rows([["", "target", "measured", "verdict"]] + [finding.row() for finding in found])
