// Every page of the console, photographed in both themes, wide and on a phone; each fits 360 px and is accessible.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { heading, launch, open, photographAll } from "./browser.mjs";
import { World } from "./world.mjs";

const project = "hello-node"; // what `temps demo` deploys

let world;
let browser;

before(async () => {
  browser = await launch();
  world = await World.startOwned(browser);
  await world.logIn();
  await world.temps(["demo"]);
  await furnish();
});

after(async () => {
  await browser?.close();
  await world?.stop();
});

// Something on every page, made as the console makes it.
async function furnish() {
  const page = await open(browser, { state: world.owned });
  await page.goto(world.url);
  const at = `/api/v1/projects/${project}`;
  const wishes = [
    ["PATCH", `${at}/environments/production/variables`, { set: { PUBLIC_URL: { value: "https://shop.example.com", kind: "plain" }, API_TOKEN: { value: "an app's own secret", kind: "secret" } }, remove: [] }],
    ["POST", `${at}/environments`, { name: "staging" }],
    ["POST", `${at}/domains`, { name: "shop.example.com" }],
    ["POST", `${at}/tokens`, { name: "GitHub Actions" }],
    ["POST", "/api/v1/invitations", { email: "ben@example.org", role: "developer", grants: [], teams: [] }],
    ["POST", "/api/v1/teams", { name: "crew" }],
    ["PUT", `${at}/grants`, { team: "crew", role: "viewer" }],
    ["POST", "/api/v1/service-accounts", { name: "ci-runner", role: "guest" }],
    ["POST", "/api/v1/projects", { name: "empty" }],
    ["PUT", `${at}/source`, { url: "git@git.example.com:you/shop.git" }],
    ["PUT", `${at}/registries`, { host: "registry.example.com", user: "you", password: "a registry's secret" }],
    ["PUT", "/api/v1/projects/empty/source", { url: "https://git.example.com/you/empty.git" }],
  ];
  const refused = await page.evaluate(async (wishes) => {
    const refused = [];
    for (const [method, path, body] of wishes) {
      const answer = await fetch(path, { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
      if (!answer.ok) refused.push(`${method} ${path}: ${await answer.text()}`);
    }
    return refused;
  }, wishes);
  if (refused.length > 0) throw new Error(refused.join("\n"));
  world.keep("an app's own secret");
  world.keep("a registry's secret");
  await page.context().close();
}

const shown = (pages) =>
  pages.map(([name, path, seen]) => [
    name,
    async (page) => {
      await page.goto(world.url + path);
      await seen(page);
      const refused = await page.getByRole("alert").allInnerTexts();
      assert.equal(refused.length > 0, refusedPages.includes(name), `${name}: ${refused.join("; ")}`);
    },
  ]);

const refusedPages = ["no-project", "device-unknown", "gallery"]; // on all others everything was answered

const row = (name) => (page) => page.getByRole("rowheader", { name }).first().waitFor();
const title = (name) => (page) => heading(page, name).waitFor();
const section = (name) => (page) => page.getByRole("heading", { level: 2, name }).waitFor();
const button = (name) => (page) => page.getByRole("button", { name }).first().waitFor();

test("the pages of a project", () => {
  const of = (path) => `/projects/${project}${path}`;
  const pages = [
    ["projects", "/", (page) => page.getByRole("link", { name: project, exact: true }).waitFor()],
    ["project", of(""), section("Live release")],
    ["project-empty", "/projects/empty", title("empty")],
    ["deployments", of("/deployments"), (page) => page.getByRole("link", { name: "#1" }).waitFor()],
    ["deployment", of("/deployments/1"), (page) => page.getByRole("log").getByText("live at").waitFor()],
    ["logs", of("/logs"), (page) => page.getByRole("log").getByText("listening").first().waitFor()],
    ["requests", of("/requests"), section("Requests")],
    ["variables", of("/variables"), row("PUBLIC_URL")],
    ["domains", of("/domains"), section("shop.example.com")],
    ["access", of("/access"), row("GitHub Actions")],
    ["settings", of("/settings"), button("Save")],
    ["settings-resources", of("/settings/resources"), button("Save")],
    ["settings-visitors", of("/settings/visitors"), button("Save")],
    ["settings-source", of("/settings/source"), section("Container image")],
    ["settings-environments", of("/settings/environments"), row("staging")],
    ["settings-danger", of("/settings/danger"), button("Delete the project")],
    ["staging", of("?environment=staging"), title(project)],
    ["no-project", "/projects/none", (page) => page.getByRole("alert").waitFor()],
    ["not-found", of("/none"), section("Nothing is here")],
  ];
  return photographAll(browser, shown(pages), { state: world.owned });
});

test("the pages of the installation and of the account", () => {
  const pages = [
    ["new", "/new", button("Make the project")],
    ["new-git", "/new?project=empty", section("Push with git")],
    ["new-repository", "/new?project=empty&source=repository", button("Ask the repository")],
    ["new-image", "/new?project=empty&source=image", button("Deploy it")],
    ["new-folder", "/new?project=empty&source=folder", button("Choose a folder")],
    ["new-example", "/new?project=empty&source=example", section("An example")],
    ["proxy", "/proxy", (page) => page.getByRole("img", { name: "Requests a second" }).waitFor()],
    ["machine", "/machine", (page) => page.getByRole("heading", { level: 3, name: "PostgreSQL" }).waitFor()],
    ["login-providers", "/settings/login-providers", (page) => page.getByText("No login provider").waitFor()],
    ["members", "/settings/members", row("ci-runner")],
    ["teams", "/settings/teams", (page) => page.getByText("crew").first().waitFor()],
    ["invitations", "/settings/invitations", row("ben@example.org")],
    ["platform", "/settings/platform", button("How to change public_url")],
    ["certificates", "/settings/certificates", section("Certificates")],
    ["audit", "/settings/audit", (page) => page.getByRole("rowheader").first().waitFor()],
    ["account", "/account", section("Who you are")],
    ["security", "/account/security", button("Turn it on")],
    ["sessions", "/account/sessions", (page) => page.getByText("This one").waitFor()],
    ["keys", "/account/keys", (page) => page.getByRole("rowheader").first().waitFor()],
    ["device", "/device", button("Go on")],
    ["device-unknown", "/device?code=ABCD-EFGH", (page) => page.getByRole("alert").waitFor()],
  ];
  return photographAll(browser, shown(pages), { state: world.owned });
});

test("the pages of those who are not logged in, and the parts that all are made of", () => {
  const pages = [
    ["login", "/login", title("Log in")],
    ["login-expired", "/login?expired=1", (page) => page.getByText("Your session has ended").waitFor()],
    ["setup-over", "/setup", title("Temps has its owner already")],
    ["invite-incomplete", "/invite", title("This link is not complete")],
    ["reset", "/reset#token=none", title("Choose a new password")],
    ["reset-incomplete", "/reset", title("This link is not complete")],
    ["gallery", "/gallery", (page) => page.getByRole("log", { name: "A made-up log" }).getByText("healthy after").first().waitFor()],
  ];
  return photographAll(browser, shown(pages));
});

test("no secret of all this lies in a log or in the database", () => world.assertSecretsKept());
