// The lines of a log that is followed.
import { useEffect, useReducer } from "react";

import { follow, type StreamState } from "@/lib/api/events";
import type { Answer } from "@/lib/api/client";
import { asProblem, type Problem } from "@/lib/api/problem";

export type LogLine = Answer<"/api/v1/projects/{project}/logs", "get">["items"][number];

export const linesMax = 20_000; // kept; older ones are let go

export interface LogState {
  lines: readonly LogLine[];
  state: StreamState;
  problem: Problem | null;
  end: unknown; // of the event "end"
}

type Change =
  | { kind: "reset" }
  | { kind: "lines"; lines: LogLine[] }
  | { kind: "state"; state: StreamState }
  | { kind: "problem"; problem: Problem }
  | { kind: "end"; end: unknown };

const begin: LogState = { lines: [], state: "connecting", problem: null, end: null };

// A stream that begins anew sends lines again that are there already.
export function withLines(before: readonly LogLine[], lines: readonly LogLine[]): readonly LogLine[] {
  const last = before.at(-1)?.sequence ?? -1;
  const fresh = lines.filter(({ sequence }) => sequence > last);
  return fresh.length === 0 ? before : [...before, ...fresh].slice(-linesMax);
}

export function reduce(before: LogState, change: Change): LogState {
  switch (change.kind) {
    case "reset":
      return begin;
    case "lines":
      return { ...before, lines: withLines(before.lines, change.lines) };
    case "state":
      return { ...before, state: change.state };
    case "problem":
      return { ...before, problem: change.problem, state: "ended" };
    case "end":
      return { ...before, end: change.end };
  }
}

// `address` null: nothing is followed.
export function useLogLines(address: string | null): LogState {
  const [state, dispatch] = useReducer(reduce, begin);
  useEffect(() => {
    dispatch({ kind: "reset" });
    if (address === null) return undefined;
    const control = new AbortController();
    follow({
      address,
      signal: control.signal,
      onState: (next) => dispatch({ kind: "state", state: next }),
      onEvents: (events) => {
        const lines = events.filter(({ name }) => name === "message").map(({ data }) => JSON.parse(data) as LogLine);
        if (lines.length > 0) dispatch({ kind: "lines", lines });
        const end = events.find(({ name }) => name === "end");
        if (!end) return undefined;
        dispatch({ kind: "end", end: JSON.parse(end.data) });
        return "stop";
      },
    }).catch((error) => dispatch({ kind: "problem", problem: asProblem(error) }));
    return () => control.abort();
  }, [address]);
  return state;
}
