// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test } from "vitest";

import { stylesheetSingleton } from "@/lib/style-singleton";

// jsdom has no constructed style sheets.
class Sheet {
  css = "";
  replaceSync(css: string) {
    this.css = css;
  }
}

beforeEach(() => {
  Object.assign(globalThis, { CSSStyleSheet: Sheet });
  Object.assign(document, { adoptedStyleSheets: [] });
});

afterEach(() => Object.assign(document, { adoptedStyleSheets: [] }));

test("a style is there once for all of its users, and never as an element", () => {
  const shared = stylesheetSingleton();
  shared.add("body { overflow: hidden }");
  shared.add("body { overflow: hidden }");
  expect(document.adoptedStyleSheets).toHaveLength(1);
  expect(document.querySelector("style")).toBeNull();
  shared.remove();
  expect(document.adoptedStyleSheets).toHaveLength(1);
  shared.remove();
  expect(document.adoptedStyleSheets).toHaveLength(0);
});
