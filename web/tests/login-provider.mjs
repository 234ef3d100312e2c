// Logging in elsewhere: a real issuer, from the settings' page to who came back.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { assertAccessible, assertQuiet, heading, launch, logIn, narrow, open, photograph, photographAll } from "./browser.mjs";
import { client, logInAtIssuer, startIssuer } from "./issuer.mjs";
import { owner, World } from "./world.mjs";

let world;
let browser;
let issuer;

before(async () => {
  browser = await launch();
  world = await World.startOwned(browser, { TEMPS_LOOPBACK_HTTP_ISSUERS: "on" });
  issuer = await startIssuer(`${world.url}/login/callback/corp`);
  world.keep(client.secret);
});

after(async () => {
  issuer?.stop();
  await browser?.close();
  await world?.stop();
});

// The issuer's pages want fonts from elsewhere, which tests do without.
async function visitor(options) {
  const page = await open(browser, options);
  await page.context().route(/googleapis\.com/, (route) => route.abort());
  return page;
}

const button = (page, name) => page.getByRole("button", { name });

// At the login's page, to the issuer and back.
async function logInByCorp(page, login, path = "/") {
  await page.goto(`${world.url}/login?return=${encodeURIComponent(path)}`);
  await button(page, "Log in with Corp").click();
  await logInAtIssuer(page, login);
}

// What the owner asks of the API.
async function asOwner(method, path, body) {
  const page = await open(browser, { state: world.owned });
  await page.goto(`${world.url}/account`);
  const answer = await page.evaluate(
    async ([method, path, body]) => {
      const headers = { "Content-Type": "application/json" };
      const answer = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
      return { status: answer.status, text: await answer.text() };
    },
    [method, path, body],
  );
  await page.context().close();
  assert.ok(answer.status < 300, answer.text);
}

test("an admin adds a provider, and is told what is wrong with an issuer", async () => {
  const page = await visitor({ state: world.owned });
  await page.goto(`${world.url}/settings/login-providers`);
  await page.getByText("No login provider").waitFor();
  await button(page, "Add a provider").click();
  await page.getByLabel("Name").fill("Corp");
  await page.getByText(`${world.url}/login/callback/corp`).waitFor();
  await page.getByLabel("Issuer", { exact: true }).fill("http://id.example.org");
  await button(page, "Check the issuer").click();
  await page.getByText("has to begin with https://").waitFor();
  await page.getByLabel("Issuer", { exact: true }).fill(`${issuer.url}/elsewhere`);
  await button(page, "Check the issuer").click();
  await page.getByText("answers with status 404").first().waitFor();
  await photograph(page, "login-provider-wrong-light-1280", { full: false });
  await page.getByLabel("Issuer", { exact: true }).fill(issuer.url);
  await button(page, "Check the issuer").click();
  await page.getByText("This issuer answers as it should").waitFor();
  await page.getByLabel("Client id").fill(client.id);
  await page.getByLabel("Client secret").fill(client.secret);
  await assertAccessible(page, "the dialog of a login provider");
  await photograph(page, "login-provider-dialog-light-1280", { full: false });
  await page.setViewportSize(narrow);
  await photograph(page, "login-provider-dialog-light-360", { full: false });
  await button(page, "Add the provider").click();
  await page.getByRole("rowheader", { name: "Corp" }).waitFor();
  assert.ok(!(await page.content()).includes(client.secret));
  assertQuiet(page);
  await page.context().close();
});

test("the pages with a provider fit, and are accessible", async () => {
  const seen = (name) => (page) => page.getByText(name).first().waitFor();
  const pages = [
    ["login-providers-one", "/settings/login-providers", seen("asked here")],
    ["account-security-links", "/account/security", seen("Nothing is linked")],
  ];
  const shown = pages.map(([name, path, wait]) => [name, async (page) => { await page.goto(world.url + path); await wait(page); }]);
  await photographAll(browser, shown, { state: world.owned });
  const login = ["login-with-provider", async (page) => { await page.goto(`${world.url}/login`); await button(page, "Log in with Corp").waitFor(); }];
  await photographAll(browser, [login]);
});

test("nobody gets in who is not known, and they are told what to do", async () => {
  const page = await visitor();
  await logInByCorp(page, "ben");
  await page.getByRole("alert").getByText("Nobody here is known by this login").first().waitFor();
  assert.equal(new URL(page.url()).search, "", "what the provider said is not left in the address");
  await page.getByLabel("Password").waitFor();
  await photograph(page, "login-unknown-person-light-1280");
  await assertAccessible(page, "the login that was refused");
  assertQuiet(page);
  await page.context().close();
});

test("the owner links their login, and logs in by it from then on", async () => {
  const page = await visitor();
  await page.goto(`${world.url}/login?return=%2Faccount%2Fsecurity`);
  await logIn(page, owner);
  await button(page, "Link Corp").click();
  await page.getByRole("dialog").getByLabel("Password").fill(owner.password);
  await button(page, "Go on").click();
  await logInAtIssuer(page, "ann-at-corp");
  await page.waitForURL("**/account/security");
  await page.getByRole("rowheader", { name: "Corp" }).waitFor();
  await page.getByText("ann@corp.example").waitFor();
  await photograph(page, "account-security-linked-light-1280");
  assertQuiet(page);
  await page.context().close();

  const other = await visitor();
  await logInByCorp(other, "ann-at-corp", "/settings/members");
  await other.waitForURL("**/settings/members");
  await button(other, owner.email).waitFor();
  const cookies = await other.context().cookies(world.url);
  assert.deepEqual(cookies.map(({ name }) => name), ["temps_session"]);
  world.keep(...cookies.map(({ value }) => value));
  assertQuiet(other);
  await other.context().close();
});

test("a login that was used cannot be used again, nor in another browser", async () => {
  const page = await visitor();
  let answer = "";
  page.on("request", (asked) => {
    if (asked.isNavigationRequest() && asked.url().includes("/login/callback/corp?")) answer = asked.url();
  });
  await logInByCorp(page, "ann-at-corp");
  await heading(page, "Projects").waitFor();
  assert.match(answer, /code=/);
  await page.goto(answer);
  await page.getByRole("alert").getByText("This login was used already").first().waitFor();
  await page.context().close();

  const victim = await visitor();
  const attacker = await visitor();
  // Who keeps their own answer unused could bring it to somebody else.
  await attacker.context().route("**/api/v1/provider-logins/complete", (route) => route.abort());
  const arrived = attacker.waitForRequest((asked) => asked.url().includes("/login/callback/corp?"));
  await logInByCorp(attacker, "ann-at-corp");
  const planned = (await arrived).url();
  await attacker.getByRole("alert").waitFor();
  await victim.goto(planned);
  await victim.getByRole("alert").getByText("This login was begun in another browser").first().waitFor();
  assert.deepEqual(await victim.context().cookies(world.url), []);
  await attacker.context().close();
  await victim.context().close();
});

test("who says no at the provider comes back to the login, and no page of theirs is shown", async () => {
  const page = await visitor();
  await page.goto(`${world.url}/login`);
  await button(page, "Log in with Corp").click();
  await page.getByRole("link", { name: "Cancel" }).click();
  await page.getByRole("alert").getByText("The login was refused").first().waitFor();
  await photograph(page, "login-denied-light-1280");
  await button(page, "Log in with Corp").waitFor();
  await page.goto(`${world.url}/login/callback/corp?error=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E&error_description=call%200900&state=made-up`);
  await page.getByRole("alert").waitFor();
  const shown = await page.locator("#root").innerHTML();
  assert.ok(!shown.includes("onerror") && !shown.includes("0900"), shown);
  assertQuiet(page);
  await page.context().close();
});

test("who is invited gets the account, without a password until they set one", async () => {
  await asOwner("PATCH", "/api/v1/login-providers/corp", { unknown_people: "invited", email_domains: ["corp.example"] });
  await asOwner("POST", "/api/v1/invitations", { email: "ben@corp.example", role: "viewer", grants: [], teams: [] });
  const page = await visitor();
  await logInByCorp(page, "ben", "/account");
  await page.getByText("You have none: you log in by a provider").waitFor();
  await photograph(page, "account-without-password-light-1280");
  await page.getByLabel("New password").fill("ben has a password now");
  await button(page, "Set the password").click();
  await page.getByLabel("Present password").waitFor();
  world.keep("ben has a password now");
  await page.context().clearCookies();
  await page.goto(`${world.url}/login`);
  await logIn(page, { email: "ben@corp.example", password: "ben has a password now" });
  await heading(page, "Projects").waitFor();
  await page.context().close();

  const eve = await visitor();
  await logInByCorp(eve, "eve");
  await eve.getByRole("alert").getByText("E-mail addresses of this domain are not admitted").first().waitFor();
  await eve.context().close();
});

test("what is unlinked leads nowhere any more, and a provider goes as it came", async () => {
  const page = await visitor({ state: world.owned });
  await page.goto(`${world.url}/account/security`);
  await button(page, "Unlink Corp").click();
  await button(page, "Unlink it").click();
  await page.getByText("Nothing is linked").waitFor();
  await page.goto(`${world.url}/settings/login-providers`);
  await button(page, "Remove Corp").click();
  await page.getByRole("dialog").getByRole("textbox").fill("corp");
  await button(page, "Remove the provider").click();
  await page.getByText("No login provider").waitFor();
  await page.goto(`${world.url}/account/security`);
  await page.getByRole("heading", { name: "Second factor" }).waitFor();
  assert.equal(await page.getByText("Logins by providers").count(), 0);
  assertQuiet(page);
  await page.context().close();
});

test("no secret of all this lies in a log or in the database", () => world.assertSecretsKept());
