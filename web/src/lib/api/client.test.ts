import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { afterEach, beforeEach, expect, test } from "vitest";

import { addressOf, api, reach } from "@/lib/api/client";
import { Problem } from "@/lib/api/problem";
import { onFactorRequired, onSessionEnd } from "@/lib/api/session-end";

let server: Server;
let base: string;
let answer: { status: number; body: string };
let asked: { method?: string; url?: string; body: string };
let sent: IncomingHttpHeaders;

beforeEach(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (bytes) => (body += bytes));
    request.on("end", () => {
      sent = request.headers;
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

test("an answer of 401 ends the session, but for a wrong password or code", async () => {
  let ended = 0;
  const forget = onSessionEnd(() => ++ended);
  for (const code of ["bad_credentials", "bad_code", "login_over"]) {
    answer = { status: 401, body: `{"code":"identity.${code}"}` };
    await api.post(at("/api/v1/sessions"), { body: { email: "a", password: "b" } }).catch(() => undefined);
  }
  expect(ended).toBe(0);
  answer = { status: 401, body: '{"code":"http.unauthenticated"}' };
  await api.get(at("/api/v1/me")).catch(() => undefined);
  expect(ended).toBe(1);
  forget();
});

test("a second factor that is required is told to the app", async () => {
  let required = 0;
  const forget = onFactorRequired(() => ++required);
  answer = { status: 403, body: '{"code":"http.forbidden"}' };
  await api.get(at("/api/v1/projects")).catch(() => undefined);
  expect(required).toBe(0);
  answer = { status: 403, body: '{"code":"identity.factor_required"}' };
  await api.get(at("/api/v1/projects")).catch(() => undefined);
  expect(required).toBe(1);
  forget();
});

test("what must not stand in the address goes as a field", async () => {
  answer = { status: 200, body: "{}" };
  await api.get(at("/api/v1/invitations/by-token"), { headers: { "Invitation-Token": "ti_x" } });
  expect(asked.url).toBe("/api/v1/invitations/by-token");
  expect(sent["invitation-token"]).toBe("ti_x");
});

test("a server that is not there is a problem of status 0", async () => {
  const port = (server.address() as AddressInfo).port;
  await new Promise<void>((resolve) => void server.close(() => resolve()));
  await expect(reach(`http://127.0.0.1:${port}/`, {})).rejects.toMatchObject({ status: 0 });
  server.listen(0);
});
