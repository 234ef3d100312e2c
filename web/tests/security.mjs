// What an attacker would try with the console: from another site, by a made-up link, by the bytes of a path.
import assert from "node:assert/strict";
import { createServer, request } from "node:http";
import { after, before, test } from "node:test";

import { firstLoadBytesMax } from "../bundle/budget.mjs";
import { assertQuiet, heading, launch, logIn, open, photograph } from "./browser.mjs";
import { owner, World } from "./world.mjs";

const requestsMax = 16; // of a page's first load: what it names, its own chunk, and what it asks of the API

let world;
let browser;
let attacker; // another server on this host: to a browser the same site, as an app's domain may be

before(async () => {
  browser = await launch();
  world = await World.startOwned(browser);
  attacker = createServer((asked, answer) => {
    answer.writeHead(200, { "Content-Type": "text/html" });
    answer.end(trap(new URL(asked.url, "http://localhost").searchParams.get("path")));
  });
  await new Promise((resolve) => attacker.listen(0, "127.0.0.1", resolve));
});

after(async () => {
  attacker?.close();
  await browser?.close();
  await world?.stop();
});

// A form that needs no permission of the browser to be sent: its one field makes a JSON document of plain text.
const trap = (path) =>
  `<form method="post" enctype="text/plain" action="${world.url}${path}"><input name='{"name":"stolen","x":"' value='"}'></form>
   <script>document.forms[0].submit()</script>`;

// The answer as it is; `path` goes out byte for byte.
function raw(path, headers = {}) {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port: world.port, path, headers }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts).toString() }));
    });
    asked.on("error", reject);
    asked.end();
  });
}

const cookieOf = (state) => state.cookies.map(({ name, value }) => `${name}=${value}`).join("; ");

test("a form on another page of this host is refused, cookie and all", async () => {
  const { port } = attacker.address();
  for (const [host, hasCookie] of [["localhost", true], ["127.0.0.1", false]]) {
    const page = await open(browser, { state: world.owned });
    const sent = page.waitForRequest((asked) => asked.method() === "POST");
    await page.goto(`http://${host}:${port}/?path=/api/v1/projects`);
    const asked = await sent;
    assert.equal("cookie" in (await asked.allHeaders()), hasCookie, host);
    assert.equal((await asked.response())?.status(), hasCookie ? 403 : 401, host);
    await page.context().close();
  }
  const headers = { Cookie: cookieOf(world.owned) };
  const { items } = JSON.parse((await raw("/api/v1/projects", headers)).body);
  assert.deepEqual(items, [], "nothing was made");
});

test("a request with the cookie is refused from everywhere but the console", async () => {
  const ask = (headers) => fetch(`${world.url}/api/v1/platform/check`, { method: "POST", headers: { Cookie: cookieOf(world.owned), ...headers } });
  for (const headers of [
    { "Sec-Fetch-Site": "cross-site" },
    { "Sec-Fetch-Site": "same-site" },
    { Origin: "https://evil.example.org" },
    { Origin: "null" },
  ]) {
    const answer = await ask(headers);
    assert.equal(answer.status, 403, JSON.stringify(headers));
    assert.equal((await answer.json()).code, "http.cross_site");
  }
  assert.notEqual((await ask({ "Sec-Fetch-Site": "same-origin" })).status, 403);
});

test("the session's cookie is out of reach of scripts, and a new one at each login", async () => {
  const planted = "A".repeat(43);
  const page = await open(browser);
  await page.context().addCookies([{ name: "temps_session", value: planted, url: world.url }]);
  await page.goto(`${world.url}/login`);
  await logIn(page, owner);
  await heading(page, "Projects").waitFor();
  const [cookie, ...others] = await page.context().cookies();
  assert.deepEqual(others, []);
  assert.notEqual(cookie.value, planted);
  world.keep(cookie.value);
  assert.deepEqual(
    { httpOnly: cookie.httpOnly, sameSite: cookie.sameSite, path: cookie.path, domain: cookie.domain },
    { httpOnly: true, sameSite: "Lax", path: "/", domain: "localhost" },
  );
  assert.equal(await page.evaluate(() => document.cookie), "");
  const stored = await page.evaluate(() => JSON.stringify([{ ...globalThis.localStorage }, { ...globalThis.sessionStorage }]));
  assert.ok(!stored.includes(cookie.value) && !stored.includes(owner.password), stored);
  assert.equal((await raw("/api/v1/me", { Cookie: `temps_session=${planted}` })).status, 401);
  assertQuiet(page);
  // Logged out, it is nothing any more to the server either.
  const kept = `temps_session=${cookie.value}`;
  assert.equal((await raw("/api/v1/me", { Cookie: kept })).status, 200);
  await page.getByRole("button", { name: owner.email }).click();
  await page.getByRole("menuitem", { name: "Log out" }).click();
  await heading(page, "Log in").waitFor();
  assert.equal((await raw("/api/v1/me", { Cookie: kept })).status, 401);
  await page.context().close();
});

test("a made-up link to the login leads nowhere else", async () => {
  const wishes = [
    "https://evil.example.org/",
    "//evil.example.org/",
    "/\\evil.example.org",
    "/\t/evil.example.org",
    "javascript:alert(1)",
    "/%2F%2Fevil.example.org/..//evil.example.org",
    "/api/v1/me",
  ];
  const page = await open(browser);
  const elsewhere = [];
  page.on("request", (asked) => {
    if (new URL(asked.url()).origin !== world.url) elsewhere.push(asked.url());
  });
  for (const wish of wishes) {
    await page.context().clearCookies();
    await page.goto(`${world.url}/login?return=${encodeURIComponent(wish)}`);
    await logIn(page, owner);
    await page.waitForURL((url) => url.pathname !== "/login");
    const { origin } = new URL(page.url());
    assert.equal(origin, world.url, wish);
    assert.notEqual(new URL(page.url()).pathname, "/api/v1/me");
  }
  assert.deepEqual(elsewhere, []);
  await page.context().close();
});

test("no path leads out of the console's files", async () => {
  const ways = [
    "/assets/../../../../../../etc/passwd",
    "/assets/..%2f..%2f..%2f..%2fetc%2fpasswd",
    "/assets/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "/assets/%252e%252e%252f%252e%252e%252fetc%252fpasswd",
    "/assets/..\\..\\..\\etc\\passwd",
    "/assets//etc/passwd",
    "/assets/%00/etc/passwd",
    "/assets/index.html%00.js",
    "//etc/passwd",
    "/../data/run/local-token",
    "/..;/api/v1/users",
    "/assets/../api/v1/users",
    "/login/../../etc/passwd",
    "/.git/config",
    "/assets/",
    "/assets",
  ];
  for (const way of ways) {
    const { status, body, headers } = await raw(way);
    assert.ok(status >= 400 && status < 500, `${way}: ${status}`);
    assert.ok(!body.includes("root:"), way);
    assert.equal(headers["x-content-type-options"], "nosniff", way);
  }
});

test("an address puts no line into the head of an answer", async () => {
  for (const path of ["/login?return=%0d%0aX-Made-Up:%201", "/projects/%0d%0aX-Made-Up:%201", "/%0d%0aX-Made-Up:1", "/assets/x%0d%0aX-Made-Up:1"]) {
    const { headers } = await raw(path);
    assert.equal(headers["x-made-up"], undefined, path);
  }
  const { headers, body } = await raw("/login", { "X-Forwarded-Host": "evil.example.org" });
  assert.ok(!JSON.stringify(headers).includes("evil.example.org"));
  assert.ok(!body.includes("evil.example.org"), "what a request claims is not written into the page");
});

test("every page keeps strangers' scripts, frames and eyes away", async () => {
  for (const path of ["/", "/login", "/setup", "/projects/none", "/problems/http/cross_site", "/nothing/here", "/api/v1/me"]) {
    const { headers } = await raw(path);
    const policy = headers["content-security-policy"] ?? "";
    assert.match(policy, /default-src 'none'/, path);
    assert.match(policy, /frame-ancestors 'none'/, path);
    assert.ok(!policy.includes("unsafe"), path);
    assert.equal(headers["x-content-type-options"], "nosniff", path);
    assert.match(headers["referrer-policy"] ?? "", /same-origin|no-referrer/, path);
  }
  const { headers } = await raw("/api/v1/me", { Cookie: cookieOf(world.owned) });
  assert.equal(headers["cache-control"], "no-store");
});

test("a first visit weighs what it may, and its files may be kept for ever", async () => {
  for (const [name, path, state] of [["the login", "/login"], ["the projects", "/", world.owned]]) {
    const page = await open(browser, { state });
    const meter = await page.context().newCDPSession(page);
    await meter.send("Network.enable");
    let bytes = 0;
    let requests = 0;
    meter.on("Network.responseReceived", () => (requests += 1));
    meter.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
    await page.goto(world.url + path, { waitUntil: "networkidle" });
    assert.ok(bytes > 20_000 && bytes <= firstLoadBytesMax, `${name}: ${bytes} bytes of ${firstLoadBytesMax}`);
    assert.ok(requests <= requestsMax, `${name}: ${requests} requests of ${requestsMax}`);
    const files = await page.evaluate(() => globalThis.performance.getEntriesByType("resource").map(({ name }) => new URL(name)).map(({ pathname }) => pathname));
    const hashed = files.filter((file) => /^\/assets\/.*-[\w-]{8}\.\w+$/.test(file));
    assert.ok(hashed.length >= 3, "files with a hash in their name were loaded");
    for (const file of hashed) assert.match((await raw(file)).headers["cache-control"] ?? "", /immutable/, file);
    assertQuiet(page);
    await page.context().close();
  }
});

test("who guesses passwords is stopped, and told so", async () => {
  const page = await open(browser);
  await page.goto(`${world.url}/login`);
  const ask = (password) =>
    page.evaluate(
      async (body) => (await fetch("/api/v1/sessions", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) })).status,
      { email: "somebody@example.org", password },
    );
  const statuses = [];
  for (let attempt = 0; attempt < 12; attempt++) statuses.push(await ask(`guess number ${attempt}`));
  assert.equal(statuses[0], 401);
  assert.equal(statuses.at(-1), 429, statuses.join(" "));
  await logIn(page, { email: "somebody@example.org", password: "guess number 13" });
  await page.getByRole("alert").waitFor();
  await photograph(page, "login-stopped-light-1280");
  // Others are not locked out by it.
  await logIn(page, owner);
  await heading(page, "Projects").waitFor();
  assertQuiet(page);
  await page.context().close();
});

test("no secret of all this lies in a log or in the database", () => world.assertSecretsKept());
