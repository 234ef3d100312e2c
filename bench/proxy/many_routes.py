"""What a large route table costs: 10,000 routes and certificates against one."""
from dataclasses import replace

import slices
from peers import route_table
from processes import Failure
from report import print_rows, print_test, ratio
from stage import Proxy, Stage, settle
from targets import ROUTES_LIMIT, Finding

ROUTES = 10_000
ONE, MANY, MANY_IN_TURN = "1 route", f"one of {ROUTES} routes", f"{ROUTES} routes in turn"
# Every host's certificate is read when the first client asks for it; a fast machine needs the first of these only.
TOUCH_SECONDS = (4, 8, 16, 32, 64)
TESTS = {
    "h1": "requests with a large route table, plain HTTP/1.1",
    "handshake": "full handshakes with a large route table",
}


def touch_every_host(stage: Stage, proxy: Proxy) -> None:
    words = ["--tls", "--mode", "fresh", "--connections", "32", "--hosts", str(ROUTES)]
    for seconds in TOUCH_SECONDS:
        load = stage.load(proxy, seconds, words)
        if load["failures"] + load["refusals"] > 0:
            raise Failure(f"a host of {ROUTES} is not served: {load}")
        if load["answers"] >= ROUTES:
            return
    raise Failure("the hosts could not be asked for in time")


def megabytes(proxy: Proxy) -> float:
    settle(0.5)
    return proxy.program.anonymous_bytes() / 1e6


def run(stage: Stage, rounds: int, seconds: float) -> list[Finding]:
    found = []
    place = stage.place()
    (place.folder / "data" / "routes").mkdir(parents=True)
    (place.folder / "data" / "routes" / "table.json").write_text(route_table(place, hosts=ROUTES))
    with stage.running("temps") as one, stage.running("temps", place) as many:
        started = megabytes(one), megabytes(many)
        touch_every_host(stage, many)
        touched = megabytes(one), megabytes(many)
        for name, title in TESTS.items():
            plain = next(test for test in slices.TESTS if test.name == name)
            spread_out = replace(plain, words=(*plain.words, "--hosts", str(ROUTES)))
            taken: dict[str, list] = {MANY_IN_TURN: [], MANY: [], ONE: []}
            for _ in range(rounds):
                taken[MANY_IN_TURN].append(slices.measure(stage, many, spread_out, seconds))
                taken[MANY].append(slices.measure(stage, many, plain, seconds))
                taken[ONE].append(slices.measure(stage, one, plain, seconds))
            print_test(title, plain.unit, taken, ours=MANY_IN_TURN, compared="in turn to it")
            measured = ratio(taken, MANY_IN_TURN, ONE)
            found.append(Finding(f"{MANY_IN_TURN}, CPU per {plain.unit} to {ONE}", ROUTES_LIMIT, measured))
    print("\nmemory of the process, MB")
    rows = [["", "after the start", "after a handshake with every name"]]
    rows += [[name, f"{started[i]:.1f}", f"{touched[i]:.1f}"] for i, name in enumerate((ONE, f"{ROUTES} routes"))]
    print_rows(rows)
    per_route = (touched[1] - touched[0]) * 1e6 / ROUTES
    print(f"  {per_route:.0f} bytes for each route with its certificate in use")
    return found
