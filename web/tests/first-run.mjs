// From an empty machine to an owner who comes and goes, in a real browser.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { assertAccessible, assertFits, assertQuiet, heading, launch, logIn, open, phone, photograph } from "./browser.mjs";
import { owner, World } from "./world.mjs";

let world;
let browser;

before(async () => {
  browser = await launch();
  world = await World.start();
});

after(async () => {
  await browser?.close();
  await world?.stop();
});

test("without an owner every page says how to become one", async () => {
  const page = await open(browser);
  await page.goto(`${world.url}/projects/shop`);
  await heading(page, "Temps waits for its owner").waitFor();
  assert.match(await page.locator("pre").innerText(), /temps\S* admin create .*--email you@example\.org/);
  await photograph(page, "waiting-light-1280");
  await assertAccessible(page, "the page that waits");
  assertQuiet(page);
  await page.context().close();
});

test("the one-time link makes the owner, who looks at the server", async () => {
  const page = await open(browser);
  await page.goto(world.setupLink);
  await heading(page, "Make your account").waitFor();
  await photograph(page, "setup-light-1280");
  await page.getByLabel("E-mail address").fill(owner.email);
  await page.getByLabel("Password", { exact: true }).fill("short");
  await page.getByLabel("Password again").fill("other");
  await page.getByRole("button", { name: "Make the account" }).click();
  await page.getByText("This is not the same password.").waitFor();
  await page.getByLabel("Password again").fill("short");
  await page.getByRole("button", { name: "Make the account" }).click();
  // The server's own words, at the field.
  await page.locator("#root [aria-invalid=true]").waitFor();
  await photograph(page, "setup-refused-light-1280");
  await page.getByLabel("Password", { exact: true }).fill(owner.password);
  await page.getByLabel("Password again").fill(owner.password);
  await page.getByRole("button", { name: "Make the account" }).click();
  await heading(page, "You are set up").waitFor();
  assert.equal(new URL(page.url()).search, "", "the token is not left in the address");
  await page.getByRole("list").filter({ hasText: "PostgreSQL" }).first().waitFor();
  await photograph(page, "set-up-light-1280");
  await assertAccessible(page, "the server's checks");
  world.keep(...(await page.context().cookies()).map(({ value }) => value));
  await page.getByRole("link", { name: "Go to your projects" }).click();
  await page.getByRole("heading", { name: "Nothing is deployed yet" }).waitFor();
  await photograph(page, "projects-empty-light-1280");
  await assertAccessible(page, "projects, empty");
  assertQuiet(page);
  await page.context().close();
});

test("one press puts an example online", async () => {
  const page = await open(browser);
  await page.goto(`${world.url}/login?return=%2F`);
  await logIn(page, owner);
  await heading(page, "Projects").waitFor();
  await page.goto(`${world.url}/setup`);
  await page.getByRole("link", { name: "Go on" }).click();
  await heading(page, "Put something online").waitFor();
  await photograph(page, "first-deployment-light-1280");
  await assertAccessible(page, "the first deployment");
  await page.getByRole("button", { name: "Deploy the example" }).click();
  await page.waitForURL("**/projects/hello/deployments/1");
  await page.getByRole("log").getByText("live at http://").waitFor({ timeout: 60_000 });
  const [app] = await Promise.all([page.context().waitForEvent("page"), page.getByRole("link", { name: /^Visit/ }).click()]);
  await app.getByText("Hello").first().waitFor();
  assertQuiet(page);
  await page.context().close();
});

test("the link works once", async () => {
  const page = await open(browser);
  await page.goto(world.setupLink);
  await heading(page, "Temps has its owner already").waitFor();
  assertQuiet(page);
  await page.context().close();
});

test("who logs in is led where they wanted to go, and out again", async () => {
  const page = await open(browser);
  await page.goto(`${world.url}/account`);
  await heading(page, "Log in").waitFor();
  await photograph(page, "login-light-1280");
  await assertAccessible(page, "the login");
  await logIn(page, { ...owner, password: "not the password" });
  await page.getByRole("alert").waitFor();
  await photograph(page, "login-refused-light-1280");
  await logIn(page, owner);
  await heading(page, "Your account").waitFor();
  await page.getByRole("button", { name: owner.email }).click();
  await photograph(page, "account-menu-light-1280", { full: false });
  await page.getByRole("menuitem", { name: "Log out" }).click();
  await heading(page, "Log in").waitFor();
  await page.goto(`${world.url}/`);
  await heading(page, "Log in").waitFor();
  assertQuiet(page);
  await page.context().close();
});

test("a session that ends leads to the login and back", async () => {
  const page = await open(browser);
  await page.goto(`${world.url}/login`);
  await logIn(page, owner);
  await heading(page, "Projects").waitFor();
  await page.getByRole("link", { name: "Proxy" }).click();
  await heading(page, "Proxy").waitFor();
  await page.context().clearCookies();
  await page.getByText("Your session has ended").waitFor();
  await photograph(page, "session-ended-light-1280");
  await logIn(page, owner);
  await heading(page, "Proxy").waitFor();
  assertQuiet(page);
  await page.context().close();
});

test("what was typed when a session ended is kept until its owner has logged in again", async () => {
  const page = await open(browser);
  await page.goto(`${world.url}/login?return=%2Fprojects%2Fhello%2Fvariables`);
  await logIn(page, owner);
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByLabel("Name").fill("REGION");
  await page.getByLabel("Value").fill("north");
  await page.context().clearCookies();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Your session has ended").waitFor();
  assert.equal(await page.getByLabel("E-mail address").inputValue(), owner.email);
  assert.equal(await page.getByLabel("Password").evaluate((input) => input === document.activeElement), true);
  await assertAccessible(page, "the login before a page");
  await page.getByLabel("Password").fill(owner.password);
  await page.keyboard.press("Enter");
  await page.getByText("Your session has ended").waitFor({ state: "hidden" });
  assert.equal(await page.getByLabel("Value").inputValue(), "north");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("rowheader", { name: "REGION" }).waitFor();
  assertQuiet(page);
  await page.context().close();
});

test("who is offline is told so, until they are back", async () => {
  const page = await open(browser);
  await page.goto(`${world.url}/login`);
  await logIn(page, owner);
  await heading(page, "Projects").waitFor();
  await page.context().setOffline(true);
  await page.getByText("You are offline").waitFor();
  await photograph(page, "offline-light-1280", { full: false });
  await page.context().setOffline(false);
  await page.getByText("You are offline").waitFor({ state: "hidden" });
  await page.context().close();
});

test("the keyboard reaches everything: the skip link, the palette, a dialog and back", async () => {
  const page = await open(browser);
  await page.goto(`${world.url}/login`);
  await logIn(page, owner);
  await heading(page, "Projects").waitFor();
  await page.reload();
  await heading(page, "Projects").waitFor();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Skip to the content");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "main");
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").waitFor();
  await page.keyboard.type("dark");
  await photograph(page, "palette-light-1280", { full: false });
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
  await page.reload();
  await heading(page, "Projects").waitFor();
  assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), "dark");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("account");
  await page.keyboard.press("Enter");
  await heading(page, "Your account").waitFor();
  assertQuiet(page);
  await page.context().close();
});

test("on a phone the sidebar is a sheet", async () => {
  const page = await open(browser, { viewport: phone, colorScheme: "dark" });
  await page.goto(`${world.url}/login`);
  await logIn(page, owner);
  await heading(page, "Projects").waitFor();
  await page.getByRole("button", { name: "Open the menu" }).click();
  await page.getByRole("dialog").getByRole("link", { name: "Proxy" }).waitFor();
  await photograph(page, "menu-dark-390", { full: false });
  await page.getByRole("dialog").getByRole("link", { name: "Proxy" }).click();
  await heading(page, "Proxy").waitFor();
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await assertFits(page, "the proxy's page");
  assertQuiet(page);
  await page.context().close();
});

test("no secret of all this lies in a log or in the database", () => world.assertSecretsKept());
