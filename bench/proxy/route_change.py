"""How long a change of routes takes to be in force under load, and whether it costs a request."""
import http.client
import json
import os
import socket
import time

from peers import Place, route_table
from processes import Failure
from report import Spread, spread
from stage import Proxy, Stage, finish
from targets import CHANGE_LIMIT_MS, Finding

RATE = 10_000
CONNECTIONS = 64
INTERVAL_S = 0.4
SETUP_S = 1.0
CHANGES = 20
ROUTES = 10_000


class ControlSocket:
    """Speaks with a proxy as the control plane does: a line of JSON each way."""

    def __init__(self, place: Place):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(10)
        self.socket.connect(str(place.folder / "data" / "run" / "proxy.sock"))
        self.replies = self.socket.makefile("r")

    def load(self, version: int) -> None:
        self.socket.sendall(json.dumps({"load": version}).encode() + b"\n")
        reply = json.loads(self.replies.readline())
        if reply["error"] or reply["version"] != version:
            raise Failure(f"the route table was not loaded: {reply}")


def version_in_force(place: Place) -> str:
    """As a client sees it: one host of the table is sent to an address with the version in it."""
    connection = http.client.HTTPConnection("127.0.0.1", place.http_port, timeout=10)
    connection.request("GET", "/", headers={"Host": "version.example.test"})
    location = connection.getresponse().getheader("Location", "")
    connection.close()
    return location.split("//v")[-1].split(".")[0]


def change(proxy: Proxy, control: ControlSocket, version: int, table: str) -> float:
    """Milliseconds from the first byte of the new table to the proxy's word that it is in force."""
    path = proxy.place.folder / "data" / "routes" / "table.json"
    begin = time.perf_counter()
    new = path.with_suffix(".new")
    new.write_text(table)
    os.replace(new, path)
    control.load(version)
    took_ms = (time.perf_counter() - begin) * 1000
    seen = version_in_force(proxy.place)
    if seen != str(version):
        raise Failure(f"version {version} was said to be in force, but a client sees {seen}")
    return took_ms


def changes_under_load(stage: Stage, hosts: int, changes: int) -> tuple[list[float], dict]:
    """Each new table also names the upstream anew, as a release does."""
    place = stage.place()
    (place.folder / "data" / "routes").mkdir(parents=True)
    (place.folder / "data" / "routes" / "table.json").write_text(route_table(place, 1, hosts))
    seconds = SETUP_S + changes * (INTERVAL_S + 0.1) + 1
    with stage.running("temps", place) as proxy:
        control = ControlSocket(place)
        words = ["--rate", str(RATE), "--connections", str(CONNECTIONS), "--seconds", str(seconds)]
        load = stage.start_load(proxy, words)
        try:
            time.sleep(SETUP_S)
            took = []
            for version in range(2, changes + 2):
                table = route_table(place, version, hosts)
                took.append(change(proxy, control, version, table))
                time.sleep(INTERVAL_S)
            if load.poll() is not None:
                raise Failure("the load ended before the last change")
            return took, finish(load, seconds)
        finally:
            load.kill()
            load.wait()


def run(stage: Stage) -> list[Finding]:
    found = []
    print(f"\nchange of routes under load, about {RATE} requests a second")
    for hosts, changes in ((0, CHANGES), (ROUTES, CHANGES // 2)):
        took, load = changes_under_load(stage, hosts, changes)
        lost = load["failures"] + load["refusals"]
        title = "1 route" if hosts == 0 else f"{hosts} routes"
        print(
            f"  {title}: {changes} changes, in force after {spread(took).text(1)} ms, {max(took):.1f} ms at most;"
            f" {load['answers']} requests at {load['answers'] / load['seconds']:.0f} a second, {lost} failed;"
            f" latency p99 {load['p99_us'] / 1000:.1f} ms"
        )
        if lost:
            print(f"  {load['refusals']} refused, {load['failures']} broken: {load['first_failure']}")
        if hosts == 0:
            found.append(Finding("change of routes in force, ms", CHANGE_LIMIT_MS, spread(took), 1))
            found.append(Finding("requests lost by it", 0, Spread(lost, lost, lost), 0))
    return found
