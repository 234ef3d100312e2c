"""Programs that are measured, or that take part: pinned to a core, and watched through /proc."""
import http.client
import os
import re
import resource
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

START_LIMIT_S = 10
STOP_LIMIT_S = 5


class Failure(Exception):
    """What keeps a measurement from being made, in a sentence for the user."""


def raise_file_limit() -> int:
    """Each connection is a descriptor. Returns how many a process may have."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def answers(port: int, host: str) -> bool:
    """A proxy may listen before it knows where requests go."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START_LIMIT_S)
    try:
        connection.request("GET", "/", headers={"Host": host})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def pinned(core: int):
    """For subprocess: what the new process does before it becomes the program."""

    def prepare() -> None:
        os.sched_setaffinity(0, {core})
        try:
            # Other work on the machine disturbs less; only root may ask for this.
            os.setpriority(os.PRIO_PROCESS, 0, -10)
        except PermissionError:
            pass

    return prepare


class Program:
    """A running program with all its children."""

    def __init__(self, words: list[str], folder: Path, core: int, environment: dict[str, str]):
        self.log = folder / "log"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env=surroundings() | environment,
                preexec_fn=pinned(core),
            )

    def wait_until(self, is_ready: Callable[[], bool]) -> None:
        limit = time.monotonic() + START_LIMIT_S
        while time.monotonic() < limit and self.process.poll() is None:
            if is_ready():
                return
            time.sleep(0.02)
        tail = self.log.read_text(errors="replace").splitlines()[-5:]
        raise Failure("did not start: " + " | ".join(tail))

    def pids(self) -> list[int]:
        found = [self.process.pid]
        for pid in found:
            for children in Path(f"/proc/{pid}/task").glob("*/children"):
                found += [int(child) for child in read_text(children).split()]
        return found

    def cpu_ns(self) -> int:
        """Time on a processor, of all threads since their start."""
        total = 0
        for pid in self.pids():
            for schedstat in Path(f"/proc/{pid}/task").glob("*/schedstat"):
                total += int((read_text(schedstat) or "0").split()[0])
        return total

    def anonymous_bytes(self) -> int:
        """Memory of its own: neither programs nor files, which others may share."""
        total = 0
        for pid in self.pids():
            found = re.search(r"^Anonymous:\s+(\d+) kB", read_text(f"/proc/{pid}/smaps_rollup"), re.M)
            total += int(found[1]) * 1024 if found else 0
        return total

    def stop(self) -> None:
        # nginx ends at once with SIGTERM, but its workers outlive a master that is killed.
        pids = self.pids()
        self.process.terminate()
        try:
            self.process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            for pid in pids:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            self.process.wait()


def surroundings() -> dict[str, str]:
    """The environment without settings of Temps, which are for other instances than these."""
    return {name: value for name, value in os.environ.items() if not name.startswith("TEMPS_")}


def read_text(path) -> str:
    """A file of /proc; empty where the process or thread has just ended."""
    try:
        return Path(path).read_text()
    except OSError:
        return ""


def core_busy_ns(core: int) -> int:
    """Time that a core has spent on anything, in steps of 10 ms."""
    line = re.search(rf"^cpu{core} (.*)$", read_text("/proc/stat"), re.M)
    user, nice, system, _idle, _wait, irq, softirq, *_ = map(int, line[1].split())
    ticks = user + nice + system + irq + softirq
    return ticks * (1_000_000_000 // os.sysconf("SC_CLK_TCK"))
