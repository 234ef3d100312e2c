// Debian's Chromium, and what every test holds its pages to.
import assert from "node:assert/strict";
import { existsSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

const programs = [process.env.TEMPS_CHROMIUM, "/usr/bin/chromium", "/usr/bin/google-chrome"];
const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const photographs = join(dirname(fileURLToPath(import.meta.url)), "../../build/screenshots");

export const wide = { width: 1280, height: 900 };
export const phone = { width: 390, height: 844 };
export const narrow = { width: 360, height: 640 };

export function launch() {
  const executablePath = programs.find((path) => path && existsSync(path));
  assert.ok(executablePath, "There is no Chromium: setup/install test");
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

// A page with its own cookies. What the console says in the browser's log is kept in `page.troubles`.
export async function open(browser, { viewport = wide, colorScheme = "light", state } = {}) {
  const context = await browser.newContext({ viewport, colorScheme, storageState: state, reducedMotion: "reduce" });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  page.troubles = [];
  page.on("pageerror", (error) => page.troubles.push(String(error)));
  page.on("console", (message) => {
    // Refused requests are told there, too; tests look at those on the page.
    if (message.type() !== "error" || message.text().startsWith("Failed to load resource")) return;
    page.troubles.push(message.text());
  });
  return page;
}

export async function photograph(page, name, { full = true } = {}) {
  mkdirSync(photographs, { recursive: true });
  await page.screenshot({ path: join(photographs, `${name}.png`), fullPage: full });
}

// Nothing reaches beyond the screen's side.
export async function assertFits(page, name) {
  const { inner, outer, culprits } = await page.evaluate(() => {
    const outer = document.documentElement.clientWidth;
    const culprits = [...document.querySelectorAll("body *")]
      .filter((element) => element.getBoundingClientRect().right > outer + 1 && !element.closest(".overflow-x-auto, .overflow-auto"))
      .map((element) => `${element.tagName} ${element.className}`)
      .slice(0, 5);
    return { inner: document.documentElement.scrollWidth, outer, culprits };
  });
  assert.ok(inner <= outer, `${name} is ${inner} px wide on a screen of ${outer} px:\n${culprits.join("\n")}`);
}

// What keeps people out, by axe-core: serious and worse.
export async function assertAccessible(page, name) {
  // Through the browser's own channel: the policy lets no script in.
  await page.evaluate(await axeSource());
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  const told = serious.map(({ id, help, nodes }) => {
    const examples = nodes.slice(0, 3).map(({ html, failureSummary }) => `  ${html}\n  ${failureSummary}`);
    return `${id}, ${nodes.length} times: ${help}\n${examples.join("\n")}`;
  });
  assert.equal(serious.length, 0, `${name} is not accessible:\n${told.join("\n")}`);
}

let source;
async function axeSource() {
  const { readFile } = await import("node:fs/promises");
  source ??= await readFile(axePath, "utf8");
  return source;
}

const looks = [
  ["light-1280", { viewport: wide, colorScheme: "light" }],
  ["dark-1280", { viewport: wide, colorScheme: "dark" }],
  ["dark-390", { viewport: phone, colorScheme: "dark" }],
  ["light-390", { viewport: phone, colorScheme: "light" }],
  ["light-360", { viewport: narrow, colorScheme: "light" }],
];
const lanes = 2; // pages that are looked at at the same time

// Pages as readers see them, in both themes, wide and on a phone. `pages`: [name, show], where `show`
// leads a page there and waits until it is complete. What it shows then is turned and narrowed, not loaded again.
export async function photographAll(browser, pages, { state } = {}) {
  const left = [...pages];
  const goOn = async () => {
    const page = await open(browser, { state });
    for (let next = left.shift(); next; next = left.shift()) await photographOne(page, next);
    await page.context().close();
  };
  await Promise.all(Array.from({ length: lanes }, goOn));
}

async function photographOne(page, [name, show]) {
  await show(page);
  for (const [tag, { viewport, colorScheme }] of looks) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await settle(page);
    await assertFits(page, `${name}-${tag}`);
    if (viewport !== narrow) await photograph(page, `${name}-${tag}`);
    if (viewport === wide) await assertAccessible(page, `${name}-${tag}`);
  }
  await page.setViewportSize(wide);
  assert.deepEqual(page.troubles, [], name);
}

// Until what follows the page's size and theme has been drawn.
function settle(page) {
  return page.evaluate(async () => {
    await document.fonts.ready;
    for (let frame = 0; frame < 3; frame++) await new Promise((resolve) => globalThis.requestAnimationFrame(resolve));
  });
}

export const heading = (page, name) => page.getByRole("heading", { level: 1, name });

// At the login's page.
export async function logIn(page, { email, password }) {
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Log in", exact: true }).click();
}

// No error in the browser's log: broken code, or what the Content-Security-Policy refused.
export function assertQuiet(page) {
  assert.deepEqual(page.troubles, []);
}
