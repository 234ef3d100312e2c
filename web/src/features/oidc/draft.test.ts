import { expect, test } from "vitest";

import { domainsIn, emptyDraft, nameOf, redirectUri, wishOf } from "@/features/oidc/draft";

test("a name for addresses is made from the label", () => {
  expect(nameOf({ label: "Our Keycloak!", name: "" })).toBe("our-keycloak");
  expect(nameOf({ label: "  Google", name: "" })).toBe("google");
  expect(nameOf({ label: "Google", name: " work " })).toBe("work");
  expect(nameOf({ label: "", name: "" })).toBe("");
});

test("domains may be written as people write lists", () => {
  expect(domainsIn("example.org, @example.com;\n a.example")).toEqual(["example.org", "@example.com", "a.example"]);
  expect(domainsIn(" ")).toEqual([]);
});

test("what is typed becomes what the API takes", () => {
  const wish = wishOf({ ...emptyDraft, label: " Google ", issuer: " https://accounts.google.com ", domains: "example.org" });
  expect(wish).toMatchObject({ name: "google", label: "Google", issuer: "https://accounts.google.com", email_domains: ["example.org"] });
  expect(wish.unknown_people).toBe("refused");
});

test("the address to register is that of this console", () => {
  expect(redirectUri("google", "https://temps.example.org")).toBe("https://temps.example.org/login/callback/google");
});
