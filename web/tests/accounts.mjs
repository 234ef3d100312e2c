// Second factors, invitations and what roles may, in a real browser.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { assertAccessible, assertFits, assertQuiet, heading, launch, logIn, open, phone, photograph } from "./browser.mjs";
import { totp } from "./totp.mjs";
import { owner, World } from "./world.mjs";

const project = "shop";
const viewer = { email: "vera@example.org", password: "a viewer's own words" };

let world;
let browser;
let secret;
let codes;
let viewerState;

before(async () => {
  browser = await launch();
  world = await World.startOwned(browser);
  world.keep(viewer.password);
  await (await as(world.owned)).post("/api/v1/projects", { name: project });
});

after(async () => {
  await browser?.close();
  await world?.stop();
});

// The API with a browser's cookies, from the console's own pages.
async function as(state) {
  const page = await open(browser, { state });
  await page.goto(`${world.url}/login`);
  const ask = (method) => async (path, body) =>
    page.evaluate(
      async ([method, path, body]) => {
        const headers = body === undefined ? {} : { "Content-Type": "application/json" };
        const answer = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
        return answer.status;
      },
      [method, path, body],
    );
  return { get: ask("GET"), post: ask("POST"), put: ask("PUT"), patch: ask("PATCH"), delete: ask("DELETE") };
}

async function loggedOut(path = "/login") {
  const page = await open(browser);
  await page.goto(world.url + path);
  return page;
}

// The password's step; what follows is the code's.
async function toCode(path) {
  const page = await loggedOut(path);
  await logIn(page, owner);
  await heading(page, "One more step").waitFor();
  return page;
}

async function giveCode(page, code, label = "Code of your app") {
  await page.getByLabel(label).fill(code);
  await page.getByRole("button", { name: "Log in" }).click();
}

test("a second factor is turned on, and ends the other sessions", async () => {
  const other = await loggedOut();
  await logIn(other, owner);
  await heading(other, "Projects").waitFor();
  world.keep(...(await other.context().cookies()).map(({ value }) => value));
  const page = await open(browser, { state: world.owned });
  await page.goto(`${world.url}/account/security`);
  await page.getByRole("button", { name: "Turn it on" }).click();
  await page.getByLabel("Password").fill(owner.password);
  await page.getByRole("button", { name: "Go on" }).click();
  await page.getByRole("img", { name: /QR code/ }).waitFor();
  secret = (await page.getByRole("dialog").locator("pre").innerText()).replaceAll(/\s/g, "");
  world.keep(secret);
  await assertAccessible(page, "the second factor's dialog");
  await photograph(page, "factor-enrol-light-1280", { full: false });
  await page.setViewportSize(phone);
  await assertFits(page, "the second factor's dialog");
  await photograph(page, "factor-enrol-light-390", { full: false });
  await page.getByLabel("Code of the app").fill("000000");
  await page.getByRole("button", { name: "Turn it on" }).last().click();
  await page.getByText("The code is wrong: is the phone's clock right").waitFor();
  await page.getByLabel("Code of the app").fill(totp(secret));
  await page.getByRole("button", { name: "Turn it on" }).last().click();
  await page.getByText("Keep it now").waitFor();
  codes = (await page.getByRole("dialog").locator("pre").innerText()).trim().split("\n");
  world.keep(...codes);
  assert.ok(codes.length >= 8);
  await page.getByRole("button", { name: "I have it" }).click();
  await page.getByText("On", { exact: true }).waitFor();
  world.owned = await page.context().storageState();
  world.keep(...world.owned.cookies.map(({ value }) => value));
  await other.reload();
  await heading(other, "Log in").waitFor();
  assertQuiet(page);
  await page.context().close();
  await other.context().close();
});

test("a login asks for the code; half of it is no session", async () => {
  const page = await toCode("/login?return=%2Faccount%2Fsessions");
  assert.deepEqual(await page.context().cookies(), [], "the password alone gives no cookie");
  assert.equal(await page.evaluate(async () => (await fetch("/api/v1/me")).status), 401);
  await photograph(page, "login-code-light-1280");
  await assertAccessible(page, "the code's step");
  await giveCode(page, "123456");
  await page.getByText("The code is wrong, or was used already").waitFor();
  const code = totp(secret, 1);
  await giveCode(page, code);
  await heading(page, "Your account").waitFor();
  await page.getByText("This one").waitFor();
  // Seen by somebody else, it is worth nothing any more.
  const thief = await toCode();
  await giveCode(thief, code);
  await thief.getByText("The code is wrong, or was used already").waitFor();
  await thief.context().close();
  assertQuiet(page);
  await page.context().close();
});

test("a recovery code is good once", async () => {
  for (const isFirst of [true, false]) {
    const page = await toCode();
    await page.getByRole("button", { name: "Use a recovery code" }).click();
    await giveCode(page, codes[0], "Recovery code");
    if (isFirst) await heading(page, "Projects").waitFor();
    else await page.getByText("The code is wrong, or was used already").waitFor();
    assertQuiet(page);
    await page.context().close();
  }
});

test("a session is seen and ended from another", async () => {
  const lost = await toCode();
  await lost.getByRole("button", { name: "Use a recovery code" }).click();
  await giveCode(lost, codes[1], "Recovery code");
  await heading(lost, "Projects").waitFor();
  const page = await open(browser, { state: world.owned });
  await page.goto(`${world.url}/account/sessions`);
  await page.getByText("This one").waitFor();
  await page.getByRole("button", { name: "End all others" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "End them" }).click();
  await page.getByRole("button", { name: "End all others" }).waitFor({ state: "hidden" });
  await lost.reload();
  await heading(lost, "Log in").waitFor();
  assertQuiet(page);
  await page.context().close();
  await lost.context().close();
});

test("an invitation's link makes an account, once", async () => {
  const page = await open(browser, { state: world.owned });
  await page.goto(`${world.url}/settings/invitations`);
  await page.getByRole("button", { name: "Invite somebody" }).click();
  await page.getByRole("dialog").getByLabel("E-mail address").fill(viewer.email);
  await page.getByRole("dialog").getByLabel("Role on all projects").selectOption("viewer");
  await page.getByRole("button", { name: "Make the invitation" }).click();
  const link = (await page.getByRole("dialog").locator("pre").innerText()).trim();
  world.keep(new URL(link).hash.replace("#token=", ""));
  await photograph(page, "invited-light-1280", { full: false });
  await page.getByRole("button", { name: "I have it" }).click();
  await page.getByRole("rowheader", { name: viewer.email }).waitFor();
  const guest = await open(browser);
  await guest.goto(link);
  await heading(guest, "You are invited").waitFor();
  await photograph(guest, "invite-light-1280");
  await assertAccessible(guest, "the invitation");
  await guest.setViewportSize(phone);
  await assertFits(guest, "the invitation");
  await photograph(guest, "invite-light-390");
  await guest.getByLabel("Password", { exact: true }).fill(viewer.password);
  await guest.getByLabel("Password again").fill(viewer.password);
  await guest.getByRole("button", { name: "Make my account" }).click();
  await heading(guest, "Projects").waitFor();
  viewerState = await guest.context().storageState();
  world.keep(...viewerState.cookies.map(({ value }) => value));
  const second = await open(browser);
  await second.goto(link);
  await heading(second, "This invitation cannot be used").waitFor();
  for (const one of [page, guest, second]) {
    assertQuiet(one);
    await one.context().close();
  }
});

test("a viewer is shown nothing that they may not do, and the server refuses it all the same", async () => {
  const page = await open(browser, { state: viewerState });
  await page.goto(`${world.url}/projects/${project}/deployments`);
  await page.getByRole("heading", { name: "No deployment yet" }).waitFor();
  for (const name of ["Redeploy", "Restart", "New environment"]) assert.equal(await page.getByRole("button", { name }).count(), 0, name);
  await page.goto(`${world.url}/projects/${project}/settings`);
  await page.getByText("Source and build").first().waitFor();
  assert.equal(await page.getByRole("button", { name: /^Save/ }).count(), 0);
  assert.equal(await page.getByRole("link", { name: "Members" }).count(), 0);
  await page.goto(`${world.url}/new`);
  await page.getByRole("heading", { name: "You cannot make projects" }).waitFor();
  await page.goto(`${world.url}/settings/platform`);
  await page.getByRole("heading", { name: "Certificate authority" }).waitFor();
  await page.getByRole("heading", { name: "DNS providers" }).waitFor();
  assert.equal(await page.getByRole("heading", { name: "Settings of the server" }).count(), 0);
  assert.equal(await page.getByRole("button", { name: /^(Add a provider|Look up now|How to change)/ }).count(), 0);
  const me = await as(viewerState);
  const refused = [
    await me.post(`/api/v1/projects/${project}/redeploy`, {}),
    await me.post(`/api/v1/projects/${project}/restart`, {}),
    await me.post(`/api/v1/projects/${project}/deployments/example`, { name: "node" }),
    await me.patch(`/api/v1/projects/${project}/settings`, {}),
    await me.delete(`/api/v1/projects/${project}`),
    await me.post("/api/v1/projects", { name: "mine" }),
    await me.post("/api/v1/invitations", { email: "friend@example.org", role: "owner" }),
    await me.get("/api/v1/users"),
    await me.get("/api/v1/audit"),
    await me.get("/api/v1/settings"),
  ];
  assert.deepEqual(refused, refused.map(() => 403));
  assert.equal(await me.get(`/api/v1/projects/${project}`), 200);
  assertQuiet(page);
  await page.context().close();
});

test("who gets another role logs in again, and has no more than that", async () => {
  const page = await open(browser, { state: world.owned });
  await page.goto(`${world.url}/settings/members`);
  await page.getByLabel(`Role of ${viewer.email}`).selectOption("guest");
  await page.getByText(`${viewer.email} is guest now.`).waitFor();
  const guest = await open(browser, { state: viewerState });
  await guest.goto(`${world.url}/projects/${project}`);
  await heading(guest, "Log in").waitFor();
  await logIn(guest, viewer);
  await guest.getByText(`There is no such project`).waitFor();
  assert.equal(await (await as(await guest.context().storageState())).get(`/api/v1/projects/${project}`), 404);
  for (const one of [page, guest]) {
    assertQuiet(one);
    await one.context().close();
  }
});

test("what was done stands in the audit log", async () => {
  const page = await open(browser, { state: world.owned });
  await page.goto(`${world.url}/settings/audit`);
  await page.getByRole("table", { name: "Audit log" }).getByRole("rowheader").first().getByRole("button").click();
  await page.getByRole("dialog").waitFor();
  await photograph(page, "audit-entry-light-1280", { full: false });
  await assertAccessible(page, "an entry of the audit log");
  await page.keyboard.press("Escape");
  await page.getByLabel("Who").fill("nobody@example.org");
  await page.waitForURL("**/audit?actor=nobody*");
  await page.getByRole("heading", { name: "No entry answers to this" }).waitFor();
  assertQuiet(page);
  await page.context().close();
});

test("no secret of all this lies in a log or in the database", () => world.assertSecretsKept());
