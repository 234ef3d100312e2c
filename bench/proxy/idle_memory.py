"""Memory of a proxy for each connection that is open and does nothing."""
import json
import subprocess

from processes import Failure
from report import print_rows
from stage import Stage, settle

CONNECTIONS = 5000
# Long enough for every buffer of the requests to be given back, and for pooled connections to be closed.
QUIET_S = 2.5
HOLD_S = 30
WARM_UP_S = 0.5

TESTS = {"idle": "idle connections, plain", "idle-tls": "idle connections, TLS 1.3"}


def bytes_per_connection(stage: Stage, name: str, words: list[str]) -> float:
    """Each has been used for one request. The proxy is a new one, warm from a few connections."""
    with stage.running(name) as proxy:
        stage.load(proxy, WARM_UP_S, [*words, "--connections", "20"])
        settle(QUIET_S)
        before = proxy.program.anonymous_bytes()
        hold = [*words, "--mode", "idle", "--connections", str(CONNECTIONS), "--seconds", str(HOLD_S)]
        load = stage.start_load(proxy, hold)
        try:
            opened = json.loads(load.stdout.readline() or "{}")
            if opened.get("open", 0) < CONNECTIONS:
                raise Failure(f"{name} held {opened.get('open', 0)} of {CONNECTIONS} connections: {opened}")
            settle(QUIET_S)
            return (proxy.program.anonymous_bytes() - before) / CONNECTIONS
        finally:
            load.terminate()
            load.communicate()


def run_test(stage: Stage, names: list[str], test: str) -> dict[str, float]:
    words = ["--tls"] if test == "idle-tls" else []
    print(f"\n{TESTS[test]}: memory of the process for each of {CONNECTIONS}")
    taken: dict[str, float] = {}
    rows = [["", "bytes", "temps to it"]]
    for name in names:
        try:
            taken[name] = bytes_per_connection(stage, name, words)
        except (Failure, subprocess.TimeoutExpired) as failure:
            rows.append([name, "not measured", str(failure)])
            continue
        is_other = name != "temps" and "temps" in taken
        rows.append([name, f"{taken[name]:.0f}", f"{taken['temps'] / max(taken[name], 1):.2f}" if is_other else ""])
    print_rows(rows)
    return taken
