// What opens above a page, in the gallery of parts; it needs no login.
import { after, before, test } from "node:test";

import { assertQuiet, launch, open, photograph } from "./browser.mjs";
import { World } from "./world.mjs";

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

test("what opens above the page keeps to the policy, too", async () => {
  for (const colorScheme of ["light", "dark"]) {
    const page = await open(browser, { colorScheme });
    await page.goto(`${world.url}/gallery`);
    await page.getByRole("button", { name: "Delete the project" }).click();
    await page.getByLabel("Type shop to confirm").fill("shop");
    await photograph(page, `gallery-confirm-${colorScheme}-1280`, { full: false });
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await page.getByRole("button", { name: "Command palette" }).click();
    await photograph(page, `gallery-palette-${colorScheme}-1280`, { full: false });
    await page.keyboard.press("Enter");
    await page.getByText("shop was chosen.").waitFor();
    await page.getByRole("button", { name: "More", exact: true }).click();
    await page.getByRole("menuitem", { name: "Visit" }).waitFor();
    await photograph(page, `gallery-menu-${colorScheme}-1280`, { full: false });
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Say that it failed" }).click();
    await page.getByRole("status").getByText("The database does not answer").waitFor();
    assertQuiet(page);
    await page.context().close();
  }
});
