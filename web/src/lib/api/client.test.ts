import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { afterEach, beforeEach, expect, test } from "vitest";

import { addressOf, api, reach } from "@/lib/api/client";
import { Problem } from "@/lib/api/problem";
import { onSessionEnd } from "@/lib/api/session-end";

let server: Server;
let base: string;
let answer: { status: number; body: string };
let asked: { method?: string; url?: string; body: string };

beforeEach(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (bytes) => (body += bytes));
    request.on("end", () => {
      asked = { method: request.method, url: request.url, body };
      response.writeHead(answer.status, { "Content-Type": "application/json" }).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => new Promise<void>((resolve) => void server.close(() => resolve())));

// The console asks its own origin; here that is the server above.
const at = <P extends string>(path: P) => `${base}${path}` as unknown as P;

test("addresses are filled in and escaped", () => {
  expect(addressOf("/api/v1/projects/{project}/domains/{domain}", { path: { project: "a/b", domain: "*.x?" } })).toBe(
    "/api/v1/projects/a%2Fb/domains/*.x%3F",
  );
  expect(addressOf("/api/v1/projects", { query: { cursor: undefined, limit: 2, contains: "" } })).toBe("/api/v1/projects?limit=2");
});

test("a body is sent as JSON and the answer is read", async () => {
  answer = { status: 201, body: '{"name":"shop"}' };
  const made = await api.post(at("/api/v1/projects"), { body: { name: "shop" } });
  expect(made.name).toBe("shop");
  expect(asked).toEqual({ method: "POST", url: "/api/v1/projects", body: '{"name":"shop"}' });
});

test("nothing comes of 204", async () => {
  answer = { status: 204, body: "" };
  expect(await api.delete(at("/api/v1/sessions/current"))).toBeUndefined();
});

test("a refusal is the problem that the server names", async () => {
  answer = { status: 409, body: '{"title":"Taken","detail":"the name is taken","code":"projects.name_taken"}' };
  const problem = await api.post(at("/api/v1/projects"), { body: { name: "shop" } }).catch((error) => error);
  expect(problem).toBeInstanceOf(Problem);
  expect(problem).toMatchObject({ status: 409, code: "projects.name_taken", message: "the name is taken" });
});

test("a refusal without a document has words all the same", async () => {
  answer = { status: 502, body: "<html>" };
  await expect(api.get(at("/api/v1/me"))).rejects.toMatchObject({ status: 502, message: "The server answered with status 502" });
});

test("an answer of 401 ends the session, but for a wrong password", async () => {
  let ended = 0;
  const forget = onSessionEnd(() => ++ended);
  answer = { status: 401, body: '{"code":"identity.bad_credentials"}' };
  await api.post(at("/api/v1/sessions"), { body: { email: "a", password: "b" } }).catch(() => undefined);
  expect(ended).toBe(0);
  answer = { status: 401, body: '{"code":"http.unauthenticated"}' };
  await api.get(at("/api/v1/me")).catch(() => undefined);
  expect(ended).toBe(1);
  forget();
});

test("a server that is not there is a problem of status 0", async () => {
  const port = (server.address() as AddressInfo).port;
  await new Promise<void>((resolve) => void server.close(() => resolve()));
  await expect(reach(`http://127.0.0.1:${port}/`, {})).rejects.toMatchObject({ status: 0 });
  server.listen(0);
});
