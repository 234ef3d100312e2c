"""What a measurement takes place on: the origin, the proxies, the load generator, and a folder that goes afterwards."""
import contextlib
import json
import os
import re
import subprocess
import tempfile
import time
from pathlib import Path

from peers import HOST, Certificate, Place, command
from processes import Failure, Program, answers, free_port, listens, pinned

# A load generator that takes this much longer than it was told to has hung.
LOAD_GRACE_S = 60


class Proxy:
    """A proxy that runs."""

    def __init__(self, name: str, place: Place, program: Program):
        self.name = name
        self.place = place
        self.program = program


class Stage(contextlib.ExitStack):
    """Proxies have the first of the cores that this process may use, everything else has the second."""

    def __init__(self, programs: Path):
        super().__init__()
        cores = sorted(os.sched_getaffinity(0))
        if len(cores) < 2:
            raise Failure("this needs two cores, one for the proxies and one for the load")
        self.proxy_core, self.load_core = cores[:2]
        os.sched_setaffinity(0, {self.load_core})
        self.programs = programs
        self.folder = Path(self.enter_context(tempfile.TemporaryDirectory(prefix="bench-proxy-")))
        self.certificate = make_certificate(self.folder)
        self.count = 0
        self.origin_port = free_port()
        origin = Program([str(programs / "bench_origin"), str(self.origin_port)], self.folder, self.load_core, {})
        self.callback(origin.stop)
        try:
            origin.wait_until(lambda: listens(self.origin_port))
        except Failure as failure:
            self.close()
            raise Failure(f"the origin {failure}") from None

    def place(self) -> Place:
        self.count += 1
        folder = self.folder / str(self.count)
        folder.mkdir()
        return Place(folder, free_port(), free_port(), self.origin_port, self.certificate)

    def start(self, name: str, place: Place) -> Proxy:
        made = command(name, place)
        program = Program(made.words, place.folder, self.proxy_core, made.environment)
        try:
            program.wait_until(lambda: answers(place.http_port, HOST) and listens(place.tls_port))
        except Failure as failure:
            program.stop()
            raise Failure(f"{name} {failure}") from None
        return Proxy(name, place, program)

    @contextlib.contextmanager
    def running(self, name: str, place: Place | None = None):
        proxy = self.start(name, place or self.place())
        try:
            yield proxy
        finally:
            proxy.program.stop()

    def start_load(self, proxy: Proxy, words: list[str]) -> subprocess.Popen:
        """bench_load against a proxy. Its last line of output is one of JSON."""
        port = proxy.place.tls_port if "--tls" in words else proxy.place.http_port
        return subprocess.Popen(
            [str(self.programs / "bench_load"), "--port", str(port), "--host", HOST, *words],
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=pinned(self.load_core),
        )

    def load(self, proxy: Proxy, seconds: float, words: list[str]) -> dict:
        process = self.start_load(proxy, [*words, "--seconds", str(seconds)])
        return finish(process, seconds)

    def http2_load(self, proxy: Proxy, seconds: float) -> dict:
        """h2load of nghttp2, with the same fields as bench_load says where it knows them."""
        port = proxy.place.tls_port
        process = subprocess.run(
            ["h2load", "-t1", "-c16", "-m32", f"--duration={round(seconds * 1000)}ms"]
            + ["-H", "accept-language: en-US,en;q=0.5", "-H", "cookie: session=0123456789abcdef0123456789abcdef"]
            + [f"--connect-to=127.0.0.1:{port}", f"https://{HOST}:{port}/"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=seconds + LOAD_GRACE_S,
            preexec_fn=pinned(self.load_core),
        )
        requests = re.search(r"(\d+) done, (\d+) succeeded, (\d+) failed, (\d+) errored", process.stdout)
        if requests is None:
            raise Failure("h2load said nothing that is understood: " + process.stdout[-200:])
        done, succeeded, failed, errored = map(int, requests.groups())
        good = int(re.search(r"status codes: (\d+) 2xx", process.stdout)[1])
        return {"answers": done, "failures": failed + errored, "refusals": max(0, succeeded - good), "bytes": 0}


def finish(process: subprocess.Popen, seconds: float) -> dict:
    try:
        output, _ = process.communicate(timeout=seconds + LOAD_GRACE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise Failure("the load generator hangs") from None
    lines = output.splitlines()
    if not lines:
        raise Failure("the load generator failed")
    return json.loads(lines[-1])


def make_certificate(folder: Path) -> Certificate:
    """An ECDSA certificate on P-256 that signs itself, as most sites have one of that kind."""
    certificate = Certificate(folder / "chain.pem", folder / "key.pem", folder / "both.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30"]
        + ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST},DNS:*.example.test"]
        + ["-keyout", str(certificate.key), "-out", str(certificate.chain)],
        check=True,
        stderr=subprocess.DEVNULL,
    )
    certificate.both.write_text(certificate.chain.read_text() + certificate.key.read_text())
    return certificate


def settle(seconds: float = 0.1) -> None:
    """Lets a proxy finish what a load has left it with, before its processor time is read."""
    time.sleep(seconds)
