"""Medians, ratios, and the tables that are printed."""
import statistics
from dataclasses import dataclass


@dataclass(frozen=True)
class Slice:
    cpu_us: float  # of processor time for one request, handshake, body or message
    per_second: float
    share_of_core: float
    others_share: float  # of the proxies' core, taken by what is not measured
    failed: int
    median_us: float  # latency
    p99_us: float


@dataclass(frozen=True)
class Spread:
    """A median, and between which values the middle half lies."""

    median: float
    low: float
    high: float

    def text(self, digits: int) -> str:
        return f"{self.median:.{digits}f} ({self.low:.{digits}f} to {self.high:.{digits}f})"


def spread(values: list[float]) -> Spread | None:
    if not values:
        return None
    ordered = sorted(values)
    last = len(ordered) - 1
    return Spread(statistics.median(ordered), ordered[round(last / 4)], ordered[round(last * 3 / 4)])


def ratio(slices: dict[str, list], ours: str, other: str) -> Spread | None:
    """Of processor time, from the slices of the same round."""
    pairs = zip(slices.get(ours, []), slices.get(other, []))
    return spread([one.cpu_us / two.cpu_us for one, two in pairs if one and two and two.cpu_us > 0])


def print_rows(rows: list[list[str]]) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = [row[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        print(("  " + "  ".join(cells)).rstrip())


def print_test(title: str, unit: str, slices: dict[str, list], ours: str = "temps", compared: str = "temps to it") -> None:
    print(f"\n{title}")
    rows = [["", f"CPU µs per {unit}", compared, "per second", "of its core", "median ms", "p99 ms", "failed"]]
    for name, taken in slices.items():
        usable = [one for one in taken if one]
        if not usable:
            rows.append([name, "not measured", "", "", "", "", "", ""])
            continue

        def median(what) -> float:
            return statistics.median(getattr(one, what) for one in usable)

        cpu = spread([one.cpu_us for one in usable])
        to_it = None if name == ours else ratio(slices, ours, name)
        latencies = [f"{median(what) / 1000:.2f}" if median(what) else "" for what in ("median_us", "p99_us")]
        rows.append(
            [name, cpu.text(1 if cpu.median < 1000 else 0), to_it.text(2) if to_it else ""]
            + [f"{median('per_second'):.0f}", f"{median('share_of_core') * 100:.0f} %", *latencies]
            + [str(sum(one.failed for one in usable))]
        )
    print_rows(rows)


def others_share(results: dict[str, dict[str, list]]) -> float:
    shares = [one.others_share for slices in results.values() for taken in slices.values() for one in taken if one]
    return statistics.median(shares) if shares else 0
