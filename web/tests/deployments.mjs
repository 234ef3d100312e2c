// A project from its first deployment to its end, in a real browser.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { assertAccessible, assertQuiet, launch, open, photograph } from "./browser.mjs";
import { World } from "./world.mjs";

const project = "hello-node"; // what `temps demo` deploys

const appSecret = "sk_live_the_apps_own_secret";

let world;
let browser;

before(async () => {
  browser = await launch();
  world = await World.startOwned(browser);
  await world.logIn();
  await world.temps(["demo"]);
  world.keep(appSecret);
});

after(async () => {
  await browser?.close();
  await world?.stop();
});

async function visit(path) {
  const page = await open(browser, { state: world.owned });
  await page.goto(world.url + path);
  return page;
}

test("a project is seen live, and leads to its deployment and log", async () => {
  const page = await visit("/");
  await page.getByRole("link", { name: project, exact: true }).click();
  await page.getByRole("heading", { name: "Live release" }).waitFor();
  await page.getByRole("link", { name: "Open deployment #1" }).click();
  await page.getByRole("log").getByText("live at http://").waitFor();
  await page.getByRole("list", { name: "Stages" }).getByText("Health check").waitFor();
  assertQuiet(page);
  await page.context().close();
});

test("among many projects one is found, and the address says what was looked for", async () => {
  const page = await visit("/");
  const others = ["blog", "docs", "shop-10", "shop-2", "notes", "wiki"];
  const send = (method, names) =>
    page.evaluate(
      async ([method, names]) => {
        const options = (name) => ({ method, headers: { "Content-Type": "application/json" }, ...(method === "POST" && { body: JSON.stringify({ name }) }) });
        const at = (name) => (method === "POST" ? "/api/v1/projects" : `/api/v1/projects/${name}`);
        return Promise.all(names.map(async (name) => (await fetch(at(name), options(name))).ok));
      },
      [method, names],
    );
  assert.deepEqual(await send("POST", others), others.map(() => true));
  await page.reload();
  await page.getByText("7 projects: 1 live, 6 not deployed").waitFor();
  const names = () => page.getByRole("heading", { level: 2 }).allInnerTexts();
  assert.equal((await names())[0], project, "what was deployed last comes first");
  await page.getByLabel("Order of the projects").selectOption("name");
  await page.waitForURL("**/?order=name");
  assert.deepEqual(await names(), ["blog", "docs", project, "notes", "shop-2", "shop-10", "wiki"]);
  await page.getByLabel("Find a project").fill("shop");
  await page.waitForURL("**/?order=name&find=shop");
  assert.deepEqual(await names(), ["shop-2", "shop-10"]);
  await photograph(page, "projects-found-light-1280");
  await page.getByLabel("Find a project").fill("nothing has this");
  await page.getByRole("button", { name: "Show all of them" }).click();
  await page.getByRole("link", { name: "wiki", exact: true }).waitFor();
  assert.deepEqual(await send("DELETE", others), others.map(() => true));
  assertQuiet(page);
  await page.context().close();
});

test("a redeployment is followed live, and can be taken back", async () => {
  const page = await visit(`/projects/${project}/deployments`);
  await page.getByRole("button", { name: "Redeploy" }).click();
  await page.waitForURL("**/deployments/2");
  await page.getByRole("log").getByText(`deployment #2 of ${project} begins`).waitFor();
  await page.getByRole("log").getByText("live at http://").waitFor({ timeout: 60_000 });
  await page.getByRole("list", { name: "Stages" }).getByText("Live, done").waitFor();
  await page.goto(`${world.url}/projects/${project}/deployments/1`);
  await page.getByRole("button", { name: "Roll back to this" }).click();
  await photograph(page, "rollback-light-1280", { full: false });
  await page.getByRole("button", { name: "Roll back", exact: true }).click();
  await page.waitForURL("**/deployments/3");
  await page.getByRole("log").getByText("live at http://").waitFor({ timeout: 60_000 });
  await page.getByText("Rollback to #1").waitFor();
  assertQuiet(page);
  await page.context().close();
});

test("a deployment under way is cancelled, and what was live stays", async () => {
  const slow = await world.slowProject("slow");
  const page = await visit(`/projects/${slow}/deployments/1`);
  await page.getByRole("list", { name: "Stages" }).getByText("Build, under way").waitFor({ timeout: 30_000 });
  await photograph(page, "deployment-building-light-1280");
  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  await assertAccessible(page, "the question before a deployment is cancelled");
  await photograph(page, "cancel-light-1280", { full: false });
  await page.getByRole("button", { name: "Cancel the deployment" }).click();
  await page.getByRole("log").getByText("cancelled by").waitFor();
  await page.getByText("Cancelled", { exact: true }).first().waitFor();
  await page.getByRole("button", { name: "Cancel", exact: true }).waitFor({ state: "detached" });
  const remove = (path) => fetch(path, { method: "DELETE" }).then((answer) => answer.ok);
  assert.ok(await page.evaluate(remove, `/api/v1/projects/${slow}`), "nothing is left of it");
  assertQuiet(page);
  await page.context().close();
});

test("what can be done with a deployment is in the palette", async () => {
  const page = await visit(`/projects/${project}/deployments/1`);
  await page.getByRole("button", { name: "Roll back to this" }).waitFor();
  await page.keyboard.press("Control+k");
  await page.getByRole("option", { name: "Roll back to #1" }).waitFor();
  await page.getByRole("option", { name: `Redeploy ${project}` }).waitFor();
  await page.keyboard.press("Escape");
  assertQuiet(page);
  await page.context().close();
});

test("the app's output is followed and searched", async () => {
  const page = await visit(`/projects/${project}/logs`);
  await page.getByRole("log").getByText("listening").first().waitFor();
  await page.getByText("Live", { exact: true }).last().waitFor();
  await page.getByRole("searchbox").fill("listen");
  await page.waitForURL("**/logs?contains=listen");
  await page.locator("mark", { hasText: "listen" }).first().waitFor();
  await page.getByRole("searchbox").fill("nothing has this");
  await page.getByText("No line answers to this.").waitFor();
  assertQuiet(page);
  await page.context().close();
});

test("variables are added, pasted, shown, applied and removed", async () => {
  const page = await visit(`/projects/${project}/variables`);
  await page.getByRole("heading", { name: "No variables" }).waitFor();
  await page.getByRole("button", { name: "Add" }).click();
  await page.getByLabel("Name").fill("REGION");
  await page.getByLabel("Value").fill("north");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("rowheader", { name: "REGION" }).waitFor();
  await page.getByRole("button", { name: "Paste a .env" }).click();
  await page.getByLabel(/^Lines of/).fill(`# three\nPUBLIC_URL="https://shop.example.com"\nREGION=south\nAPI_TOKEN=${appSecret}\n`);
  await page.getByRole("list", { name: "What it would change" }).getByText("API_TOKEN").waitFor();
  await photograph(page, "variables-paste-light-1280", { full: false });
  await assertAccessible(page, "the dialog for a .env");
  await page.getByRole("dialog").getByRole("button", { name: /^Save/ }).click();
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await page.getByRole("rowheader", { name: "PUBLIC_URL" }).waitFor();
  await page.getByText("south").waitFor();
  assert.ok(!(await page.content()).includes(appSecret), "a secret is hidden");
  await page.getByRole("button", { name: "Show API_TOKEN" }).click();
  await page.getByText(appSecret).waitFor();
  await page.getByRole("button", { name: "Remove REGION" }).click();
  await page.getByRole("button", { name: "Remove the variable" }).click();
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await page.getByRole("rowheader", { name: "REGION" }).waitFor({ state: "detached" });
  await page.getByText("runs with no variables; the newest is version 3").waitFor();
  await photograph(page, "variables-unapplied-light-1280");
  assertQuiet(page);
  await page.context().close();
});

test("a domain says which record it needs, and goes only when its name is typed", async () => {
  const page = await visit(`/projects/${project}/domains`);
  await page.getByRole("button", { name: "Add a domain" }).click();
  await page.getByLabel("Name").fill("not a name");
  await page.getByRole("dialog").getByRole("button", { name: "Add the domain" }).click();
  await page.getByRole("dialog").locator("[aria-invalid=true], [role=alert]").first().waitFor();
  for (const name of ["shop.example.com", "gone.example.com"]) {
    if (!(await page.getByRole("dialog").isVisible())) await page.getByRole("button", { name: "Add a domain" }).click();
    await page.getByLabel("Name").fill(name);
    await page.getByRole("dialog").getByRole("button", { name: "Add the domain" }).click();
    await page.getByRole("heading", { name }).waitFor();
    await page.getByRole("dialog").waitFor({ state: "hidden" });
  }
  await page.getByRole("button", { name: "More for gone.example.com" }).click();
  await page.getByRole("menuitem", { name: "Remove" }).click();
  const remove = page.getByRole("button", { name: "Remove the domain" });
  assert.equal(await remove.isDisabled(), true);
  await page.getByLabel("Type gone.example.com to confirm").fill("gone.example.com");
  await remove.click();
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await page.getByRole("heading", { name: "gone.example.com" }).waitFor({ state: "detached" });
  assertQuiet(page);
  await page.context().close();
});

test("an API key is shown once and can be revoked", async () => {
  const page = await visit("/account/keys");
  await page.getByRole("button", { name: "Make a key" }).click();
  await page.getByLabel("Name").fill("ci");
  await page.getByRole("button", { name: "Make the key" }).click();
  await page.getByText("Keep it now").waitFor();
  const token = (await page.getByRole("dialog").locator("pre").innerText()).trim();
  world.keep(token);
  const headers = { Authorization: `Bearer ${token}` };
  assert.equal((await fetch(`${world.url}/api/v1/me`, { headers })).status, 200);
  await page.getByRole("button", { name: "I have it" }).click();
  await page.getByRole("button", { name: "Revoke ci" }).click();
  await page.getByRole("button", { name: "Revoke the key" }).click();
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await page.getByRole("rowheader", { name: "ci" }).waitFor({ state: "detached" });
  assert.equal((await fetch(`${world.url}/api/v1/me`, { headers })).status, 401);
  assertQuiet(page);
  await page.context().close();
});

test("a log misses nothing and repeats nothing when the reader was offline, and when the server was down", async () => {
  const page = await visit(`/projects/${project}/logs`);
  const line = (path) => page.getByRole("log").getByText(`GET ${path}`, { exact: true });
  const ask = async (path) => assert.equal(await world.visit(`${project}.localhost`, path), 200);
  const isLive = () => page.getByText("Live", { exact: true }).last().waitFor({ timeout: 30_000 });
  await isLive();
  await ask("/before");
  await line("/before").waitFor();
  await page.context().setOffline(true);
  await page.getByText("You are offline").waitFor();
  await ask("/while-offline");
  await page.context().setOffline(false);
  await page.getByText("You are offline").waitFor({ state: "hidden" });
  await line("/while-offline").waitFor();
  const restarted = world.restart();
  await page.getByText("Temps does not answer").waitFor({ timeout: 30_000 });
  await page.getByText("Reconnecting", { exact: true }).waitFor();
  await photograph(page, "unreachable-light-1280", { full: false });
  await restarted;
  await page.getByText("Temps does not answer").waitFor({ state: "hidden", timeout: 30_000 });
  await isLive();
  await ask("/after");
  await line("/after").waitFor();
  for (const path of ["/before", "/while-offline", "/after"]) assert.equal(await line(path).count(), 1, path);
  assertQuiet(page);
  await page.context().close();
});

test("a project is deleted by typing its name", async () => {
  const page = await visit(`/projects/${project}/settings/danger`);
  await page.getByRole("button", { name: "Delete the project" }).click();
  await page.getByLabel(`Type ${project} to confirm`).fill(project);
  await photograph(page, "delete-light-1280", { full: false });
  await page.getByRole("dialog").getByRole("button", { name: "Delete the project" }).click();
  await page.getByRole("heading", { name: "Nothing is deployed yet" }).waitFor();
  await page.getByText(`The project ${project} is deleted.`).waitFor();
  assertQuiet(page);
  await page.context().close();
});

test("no secret of all this lies in a log or in the database", () => world.assertSecretsKept());
