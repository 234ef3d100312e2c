"""A small page with a counter, served by gunicorn."""

import os
import platform
import threading

from flask import Flask

app = Flask(__name__)
lock = threading.Lock()
visits = 0


@app.get("/")
def index():
    global visits
    with lock:
        visits += 1
    release = os.environ.get("TEMPS_RELEASE", "-")
    return (
        f"python-flask, release {release}, Python {platform.python_version()}, visits {visits}\n",
        {"Content-Type": "text/plain; charset=utf-8"},
    )


@app.get("/health")
def health():
    return {"ok": True}
