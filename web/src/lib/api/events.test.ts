import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { afterEach, expect, test } from "vitest";

import { EventParser, follow, type ServerEvent, type StreamState } from "@/lib/api/events";

let server: Server | undefined;

afterEach(async () => {
  server?.closeAllConnections();
  await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  server = undefined;
});

async function serve(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  server = createServer(handle);
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const stream = { "Content-Type": "text/event-stream" };

test("events are the same however their bytes are cut", () => {
  const text = ": still here\n\nid: 7\ndata: one\ndata: two\n\nevent: end\r\ndata:{}\r\n\r\ndata\n\nid: 9\n\n";
  const whole = new EventParser().add(text);
  expect(whole).toEqual([
    { id: "7", name: "message", data: "one\ntwo" },
    { id: "7", name: "end", data: "{}" },
    { id: "7", name: "message", data: "" },
  ]);
  for (let size = 1; size < text.length; ++size) {
    const parser = new EventParser();
    const found: ServerEvent[] = [];
    for (let at = 0; at < text.length; at += size) found.push(...parser.add(text.slice(at, at + size)));
    expect(found).toEqual(whole);
  }
});

test("goes on after the last event when the connection breaks, and ends when told to", async () => {
  const asked: (string | undefined)[] = [];
  const address = await serve((request, response) => {
    const last = request.headers["last-event-id"] as string | undefined;
    asked.push(last);
    response.writeHead(200, stream);
    if (last) response.end(`id: 2\ndata: b\n\nevent: end\ndata: done\n\n`);
    else response.write("id: 1\ndata: a\n\n", () => response.destroy());
  });
  const seen: string[] = [];
  const states: StreamState[] = [];
  await follow({
    address,
    signal: new AbortController().signal,
    onState: (state) => states.push(state),
    onEvents: (events) => {
      seen.push(...events.map(({ data }) => data));
      return events.some(({ name }) => name === "end") ? "stop" : undefined;
    },
  });
  expect(seen).toEqual(["a", "b", "done"]);
  expect(asked).toEqual([undefined, "1"]);
  expect(states).toEqual(["connecting", "open", "waiting", "connecting", "open", "ended"]);
});

test("a refusal is told and not tried again", async () => {
  let times = 0;
  const address = await serve((_, response) => {
    ++times;
    response.writeHead(404, { "Content-Type": "application/problem+json" }).end('{"detail":"no such project"}');
  });
  const following = follow({ address, signal: new AbortController().signal, onState: () => undefined, onEvents: () => undefined });
  await expect(following).rejects.toMatchObject({ status: 404, message: "no such project" });
  expect(times).toBe(1);
});

test("where the session has ended it waits for the next one", async () => {
  let times = 0;
  const address = await serve((_, response) => {
    if (++times === 1) response.writeHead(401, { "Content-Type": "application/problem+json" }).end('{"code":"http.unauthenticated"}');
    else response.writeHead(200, stream).end("event: end\ndata: done\n\n");
  });
  const seen: string[] = [];
  await follow({
    address,
    signal: new AbortController().signal,
    onState: () => undefined,
    onEvents: (events) => {
      seen.push(...events.map(({ data }) => data));
      return "stop";
    },
  });
  expect(seen).toEqual(["done"]);
  expect(times).toBe(2);
});

test("ends with its signal", async () => {
  const address = await serve((_, response) => void response.writeHead(200, stream).write("data: a\n\n"));
  const control = new AbortController();
  await follow({ address, signal: control.signal, onState: () => undefined, onEvents: () => control.abort() });
});
