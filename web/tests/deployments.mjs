// A project from its first deployment to its end, in a real browser; photographs of every page.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { assertQuiet, launch, open, photograph, photographAll } from "./browser.mjs";
import { owner, World } from "./world.mjs";

const project = "hello-node"; // what `temps demo` deploys

let world;
let browser;
let state;

before(async () => {
  browser = await launch();
  world = await World.start();
  const page = await open(browser);
  await page.goto(world.setupLink);
  await page.getByLabel("E-mail address").fill(owner.email);
  await page.getByLabel("Password", { exact: true }).fill(owner.password);
  await page.getByLabel("Password again").fill(owner.password);
  await page.getByRole("button", { name: "Make the account" }).click();
  await page.getByRole("heading", { name: "You are set up" }).waitFor();
  state = await page.context().storageState();
  await world.logIn();
  await world.temps(["demo"]);
});

after(async () => {
  await browser?.close();
  await world?.stop();
});

async function visit(path) {
  const page = await open(browser, { state });
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

test("variables are added, pasted and removed", async () => {
  const page = await visit(`/projects/${project}/variables`);
  await page.getByRole("heading", { name: "No variables" }).waitFor();
  await page.getByRole("button", { name: "Add" }).click();
  await page.getByLabel("Name").fill("REGION");
  await page.getByLabel("Value").fill("north");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("rowheader", { name: "REGION" }).waitFor();
  await page.getByRole("button", { name: "Paste a .env" }).click();
  await page.getByLabel("Lines of KEY=value").fill('# two\nPUBLIC_URL="https://shop.example.com"\nREGION=south\n');
  await photograph(page, "variables-paste-light-1280", { full: false });
  await page.getByRole("button", { name: "Save 2 variables" }).click();
  await page.getByRole("rowheader", { name: "PUBLIC_URL" }).waitFor();
  await page.getByText("south").waitFor();
  await page.getByRole("button", { name: "Remove REGION" }).click();
  await page.getByRole("button", { name: "Remove the variable" }).click();
  await page.getByRole("rowheader", { name: "REGION" }).waitFor({ state: "detached" });
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
  await page.getByRole("heading", { name: "gone.example.com" }).waitFor({ state: "detached" });
  assertQuiet(page);
  await page.context().close();
});

test("an API key is shown once and can be revoked", async () => {
  const page = await visit("/account/keys");
  await page.getByRole("button", { name: "Make a key" }).click();
  await page.getByLabel("Name").fill("ci");
  await page.getByRole("button", { name: "Make the key" }).click();
  const token = (await page.getByRole("dialog").locator("pre").innerText()).trim();
  assert.ok(token.length > 20);
  const headers = { Authorization: `Bearer ${token}` };
  assert.equal((await fetch(`${world.url}/api/v1/me`, { headers })).status, 200);
  await page.getByRole("button", { name: "I have it" }).click();
  await page.getByRole("button", { name: "Revoke ci" }).click();
  await page.getByRole("button", { name: "Revoke the key" }).click();
  await page.getByRole("rowheader", { name: "ci" }).waitFor({ state: "detached" });
  assert.equal((await fetch(`${world.url}/api/v1/me`, { headers })).status, 401);
  assertQuiet(page);
  await page.context().close();
});

test("every page has its photographs, fits 360 px, and is accessible", async () => {
  const of = (page) => `/projects/${project}${page}`;
  const pages = [
    ["projects", "/", (page) => page.getByRole("link", { name: project, exact: true }).waitFor()],
    ["project", of(""), (page) => page.getByRole("heading", { name: "Live release" }).waitFor()],
    ["deployments", of("/deployments"), (page) => page.getByRole("link", { name: "#3" }).waitFor()],
    ["deployment", of("/deployments/1"), (page) => page.getByRole("log").getByText("live at").waitFor()],
    ["logs", of("/logs"), (page) => page.getByRole("log").getByText("listening").first().waitFor()],
    ["variables", of("/variables"), (page) => page.getByRole("rowheader", { name: "PUBLIC_URL" }).waitFor()],
    ["domains", of("/domains"), (page) => page.getByRole("heading", { name: "shop.example.com" }).waitFor()],
    ["requests", of("/requests"), (page) => page.getByRole("searchbox").waitFor()],
    ["settings", of("/settings"), (page) => page.getByLabel("Branch").waitFor()],
    ["settings-resources", of("/settings/resources"), (page) => page.getByLabel("Port of the app").waitFor()],
    ["settings-visitors", of("/settings/visitors"), (page) => page.getByLabel("Maintenance").waitFor()],
    ["settings-environments", of("/settings/environments"), (page) => page.getByRole("rowheader", { name: "production" }).waitFor()],
    ["settings-danger", of("/settings/danger"), (page) => page.getByRole("button", { name: "Delete the project" }).waitFor()],
    ["new", "/new", (page) => page.getByLabel("Name").waitFor()],
    ["new-source", `/new?project=${project}`, (page) => page.getByText("Waits for the next push").waitFor()],
    ["new-folder", `/new?project=${project}&source=folder`, (page) => page.getByRole("button", { name: "Choose a folder" }).waitFor()],
    ["new-example", `/new?project=${project}&source=example`, (page) => page.getByRole("button", { name: /Deploy it/ }).first().waitFor()],
    ["machine", "/machine", (page) => page.getByRole("heading", { level: 3, name: "PostgreSQL" }).waitFor()],
    ["certificates", "/settings/certificates", (page) => page.getByRole("heading", { name: "DNS providers" }).waitFor()],
    ["proxy", "/proxy", (page) => page.getByRole("img", { name: "Requests a second" }).waitFor()],
    ["account", "/account", (page) => page.getByRole("heading", { name: "Password" }).waitFor()],
    ["account-security", "/account/security", (page) => page.getByRole("button", { name: "Turn it on" }).waitFor()],
    ["account-sessions", "/account/sessions", (page) => page.getByText("This one").waitFor()],
    ["account-keys", "/account/keys", (page) => page.getByRole("rowheader").first().waitFor()],
    ["members", "/settings/members", (page) => page.getByRole("rowheader").first().waitFor()],
    ["teams", "/settings/teams", (page) => page.getByRole("heading", { name: "No teams" }).waitFor()],
    ["invitations", "/settings/invitations", (page) => page.getByRole("heading", { name: "No open invitations" }).waitFor()],
    ["audit", "/settings/audit", (page) => page.getByRole("rowheader").first().waitFor()],
    ["access", of("/access"), (page) => page.getByRole("heading", { name: "Deployment tokens" }).waitFor()],
    ["device", "/device", (page) => page.getByLabel("Code").waitFor()],
    ["invite", "/invite", (page) => page.getByRole("heading", { name: "This link is not complete" }).waitFor()],
    ["reset", "/reset#token=made-up", (page) => page.getByRole("heading", { name: "Choose a new password" }).waitFor()],
    ["no-project", "/projects/none", (page) => page.getByRole("alert").waitFor()],
    ["not-found", of("/none"), (page) => page.getByRole("heading", { level: 2, name: "Nothing is here" }).waitFor()],
  ];
  const shown = pages.map(([name, path, seen]) => [
    name,
    async (page) => {
      await page.goto(world.url + path);
      await seen(page);
    },
  ]);
  await photographAll(browser, shown, { state });
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
