# start_engine: makes sure that a container engine answers, for the tests that need one. Starts dockerd when none runs,
# one is installed and we are root; stop_engine ends what was started. Returns 1, with the reason printed, if there is none.
engine_pid=
engine_log=build/engine.log

engine_answers() { docker version >/dev/null 2>&1; }

start_engine() {
  if ! command -v docker >/dev/null; then
    echo "No docker command is installed."
    return 1
  fi
  if engine_answers; then return 0; fi
  if [ "$(id -u)" != 0 ]; then
    echo "No container engine answers, and only root can start one."
    return 1
  fi
  if ! command -v dockerd >/dev/null; then
    echo "dockerd is not installed."
    return 1
  fi

  mkdir -p build/engine
  # Without the old pid file a daemon that was killed would refuse to start again.
  rm -f build/engine/dockerd.pid
  dockerd --data-root "$PWD/build/engine/data" --exec-root /run/temps-test-engine \
    --pidfile "$PWD/build/engine/dockerd.pid" >"$engine_log" 2>&1 &
  engine_pid=$!
  for _ in $(seq 60); do
    if engine_answers; then
      echo "Started a container engine for the tests (log: $engine_log)"
      return 0
    fi
    kill -0 "$engine_pid" 2>/dev/null || break
    sleep 0.5
  done
  stop_engine
  echo "dockerd cannot run here: $(grep -iE 'failed|error' "$engine_log" | tail -n 1)"
  return 1
}

stop_engine() {
  if [ -n "$engine_pid" ]; then
    kill "$engine_pid" 2>/dev/null || true
    wait "$engine_pid" 2>/dev/null || true
    engine_pid=
  fi
}
