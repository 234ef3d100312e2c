import { expect, test } from "vitest";

import { opensWith, registryOf } from "@/features/projects/sources/address";

test("the address tells what opens it", () => {
  expect(opensWith("https://github.com/ann/shop.git")).toBe("token");
  expect(opensWith(" git@github.com:ann/shop.git")).toBe("deploy_key");
  expect(opensWith("github.com:ann/shop.git")).toBe("deploy_key");
  expect(opensWith("ssh://git@host:2222/shop")).toBe("deploy_key");
  expect(opensWith("file:///srv/shop")).toBe("unknown");
  expect(opensWith("ext::sh -c id")).toBe("unknown");
  expect(opensWith("shop")).toBe("unknown");
});

test("an image tells its registry", () => {
  expect(registryOf("nginx:1.25")).toBe("docker.io");
  expect(registryOf("ann/shop")).toBe("docker.io");
  expect(registryOf("ghcr.io/ann/shop@sha256:00")).toBe("ghcr.io");
  expect(registryOf("127.0.0.1:5000/shop:2")).toBe("127.0.0.1:5000");
  expect(registryOf("localhost/shop")).toBe("localhost");
});
