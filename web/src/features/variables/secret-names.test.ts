import { expect, test } from "vitest";

import { looksSecret } from "@/features/variables/secret-names";

test.each(["API_TOKEN", "DB_PASSWORD", "SESSION_SECRET", "STRIPE_KEY", "KEY", "aws_secret_access_key", "SENTRY_DSN", "GOOGLE_CREDENTIALS"])(
  "%s is a secret's name",
  (name) => expect(looksSecret(name, "x")).toBe(true),
);

test.each(["LOG_LEVEL", "KEYBOARD", "MONKEY", "API_URL", "NODE_ENV", "NEXT_PUBLIC_STRIPE_KEY", "VITE_TOKEN"])(
  "%s is none",
  (name) => expect(looksSecret(name, "x")).toBe(false),
);

test("an address with a password in it is a secret", () => {
  expect(looksSecret("DATABASE_URL", "postgres://shop:x@db/shop")).toBe(true);
  expect(looksSecret("CACHE", "redis://:x@cache:6379")).toBe(true);
  for (const address of ["https://example.com", "postgres://shop@db/shop", "http://a:80/b@c:d", "a:b@c", "://"]) {
    expect(looksSecret("ADDRESS", address)).toBe(false);
  }
});
