"""Processor time per request, from short slices of load that rotate over the proxies.

All proxies run all the time; those that have no load sleep. So each round compares them within a few seconds, and
other work on the machine disturbs all of them alike.
"""
import time
from dataclasses import dataclass

from processes import Failure, core_busy_ns
from report import Slice, print_test
from stage import Proxy, Stage, settle

BODY_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True)
class Test:
    name: str
    title: str
    unit: str
    words: tuple[str, ...]  # for bench_load; none: h2load
    ours: str = "temps"
    settle_s: float = 0.1  # until a proxy has dealt with what a load has left it with


TESTS = [
    Test("h1", "plain HTTP/1.1, keep-alive, 64 connections, 1 KiB", "request", ("--mode", "keep-alive")),
    Test("tls", "TLS 1.3, HTTP/1.1, keep-alive, 64 connections, 1 KiB", "request", ("--tls",)),
    Test(
        "handshake",
        "TLS 1.3, full handshake and one request, 32 connections at once",
        "handshake",
        ("--tls", "--mode", "fresh", "--connections", "32"),
    ),
    Test(
        "resumed",
        "TLS 1.3, resumed handshake and one request, 32 connections at once",
        "handshake",
        ("--tls", "--mode", "resumed", "--connections", "32"),
    ),
    Test("h2", "HTTP/2 over TLS, 16 connections with 32 streams each, 1 KiB", "request", ()),
    Test(
        "body",
        "plain HTTP/1.1, bodies of 10 MiB, 8 connections",
        "body",
        ("--path", f"/n/{BODY_BYTES}", "--connections", "8"),
    ),
    Test(
        "body-tls",
        "TLS 1.3, bodies of 10 MiB, 8 connections",
        "body",
        ("--tls", "--path", f"/n/{BODY_BYTES}", "--connections", "8"),
    ),
    Test(
        "websocket",
        "WebSocket, messages of 125 bytes there and back, 64 connections",
        "message",
        ("--mode", "websocket", "--path", "/ws"),
    ),
    Test(
        "log",
        "plain HTTP/1.1, keep-alive, 64 connections, 1 KiB; with the access log and without",
        "request",
        ("--mode", "keep-alive"),
        "temps-log",
        1.5,  # the last lines are written after a second
    ),
]
# What is measured in the test of the access log.
LOG_PROXIES = ["temps", "temps-log", "nginx", "nginx-log"]


def measure(stage: Stage, proxy: Proxy, test: Test, seconds: float) -> Slice:
    begin = time.monotonic()
    cpu_before = proxy.program.cpu_ns()
    busy_before = core_busy_ns(stage.proxy_core)
    if test.words:
        load = stage.load(proxy, seconds, list(test.words))
    else:
        load = stage.http2_load(proxy, seconds)
    settle(test.settle_s)
    cpu_ns = proxy.program.cpu_ns() - cpu_before
    busy_ns = core_busy_ns(stage.proxy_core) - busy_before
    wall_s = time.monotonic() - begin
    load_s = load.get("seconds", seconds)
    # Of large bodies some are under way at the end, so their bytes are counted.
    units = load["bytes"] / BODY_BYTES if test.unit == "body" else load["answers"]
    failed = load["failures"] + load["refusals"]
    if units < 1:
        raise Failure(f"{proxy.name} answered nothing: {load.get('first_failure', '')}")
    if test.name == "resumed" and load["resumed"] < load["connections"] / 2:
        failed += load["connections"] - load["resumed"]
    return Slice(
        cpu_us=cpu_ns / 1000 / units,
        per_second=units / load_s,
        share_of_core=cpu_ns / 1e9 / load_s,
        others_share=max(0.0, busy_ns - cpu_ns) / 1e9 / wall_s,
        failed=failed,
        median_us=load.get("median_us", 0),
        p99_us=load.get("p99_us", 0),
    )


def run_test(stage: Stage, proxies: list[Proxy], test: Test, rounds: int, seconds: float) -> dict[str, list]:
    """The slices of each proxy, one a round; None where one could not be measured."""
    slices: dict[str, list] = {proxy.name: [] for proxy in proxies}
    problems: dict[str, str] = {}
    for _ in range(rounds):
        for proxy in proxies:
            try:
                slices[proxy.name].append(measure(stage, proxy, test, seconds))
            except Failure as failure:
                slices[proxy.name].append(None)
                problems[proxy.name] = str(failure)
    print_test(test.title, test.unit, slices, test.ours, f"{test.ours} to it")
    for problem in problems.values():
        print(f"  {problem}")
    return slices
