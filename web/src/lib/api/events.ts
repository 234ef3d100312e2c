// Server-Sent Events by fetch: unlike EventSource it shows what the server refuses, and it goes on
// after the last event that was seen, however the connection ended.
import { problemOf, reach } from "@/lib/api/client";
import { asProblem, Problem } from "@/lib/api/problem";

export interface ServerEvent {
  id: string;
  name: string; // "message" where the server gives none
  data: string;
}

// Takes the stream's text in pieces of any size; yields events as they are complete.
export class EventParser {
  #rest = "";
  #event: ServerEvent = { id: "", name: "", data: "" };
  #hasData = false;

  add(text: string): ServerEvent[] {
    const found: ServerEvent[] = [];
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      const whole = line.endsWith("\r") ? line.slice(0, -1) : line;
      if (whole === "") this.#end(found);
      else this.#line(whole);
    }
    return found;
  }

  #line(line: string) {
    if (line.startsWith(":")) return;
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "id") this.#event.id = value;
    if (field === "event") this.#event.name = value;
    if (field === "data") {
      this.#event.data += this.#hasData ? `\n${value}` : value;
      this.#hasData = true;
    }
  }

  #end(found: ServerEvent[]) {
    if (this.#hasData) found.push({ ...this.#event, name: this.#event.name || "message" });
    this.#event = { id: this.#event.id, name: "", data: "" };
    this.#hasData = false;
  }
}

export type StreamState = "connecting" | "open" | "waiting" | "ended";

export interface FollowOptions {
  address: string;
  signal: AbortSignal;
  // "stop" ends it: there will be no more.
  onEvents: (events: ServerEvent[]) => "stop" | void;
  onState: (state: StreamState) => void;
}

const pauseMillisecondsMax = 10_000;

// Follows until `signal`, or until onEvents says "stop". Connections that break are made again;
// fails with a Problem where the server refuses.
export async function follow({ address, signal, onEvents, onState }: FollowOptions): Promise<void> {
  let lastId = "";
  let pause = 500;
  while (!signal.aborted) {
    onState("connecting");
    try {
      const ended = await readOnce(address, lastId, signal, onState, (events) => {
        pause = 500;
        for (const { id } of events) lastId = id || lastId;
        return onEvents(events);
      });
      if (ended === "stop") {
        onState("ended");
        return;
      }
    } catch (error) {
      if (signal.aborted) return;
      const problem = asProblem(error);
      if (endsIt(problem)) throw problem;
    }
    if (signal.aborted) return;
    onState("waiting");
    await sleep(pause, signal);
    pause = Math.min(pause * 2, pauseMillisecondsMax);
  }
}

// A session that has ended is begun again, before the same page.
function endsIt({ status }: Problem): boolean {
  return status >= 400 && status < 500 && status !== 429 && status !== 401;
}

async function readOnce(
  address: string,
  lastId: string,
  signal: AbortSignal,
  onState: (state: StreamState) => void,
  onEvents: (events: ServerEvent[]) => "stop" | void,
): Promise<"stop" | "broken"> {
  const headers: Record<string, string> = { Accept: "text/event-stream" };
  if (lastId) headers["Last-Event-ID"] = lastId;
  const response = await reach(address, { headers, signal });
  if (!response.ok) throw await problemOf(response);
  if (!response.body) throw new Problem(0, { detail: "The stream has no body." });
  onState("open");
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  const parser = new EventParser();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return "broken";
      const events = parser.add(decoder.decode(value, { stream: true }));
      if (events.length > 0 && onEvents(events) === "stop") return "stop";
    }
  } finally {
    void reader.cancel().catch(() => undefined);
  }
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
