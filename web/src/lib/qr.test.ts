import { expect, test } from "vitest";

import { qrPicture } from "@/lib/qr";

const uri = "otpauth://totp/Temps:ann@example.org?secret=JBSWY3DPEHPK3PXP&issuer=Temps";

test("a picture has its three corner marks within a border of light", () => {
  const { size, path } = qrPicture(uri);
  const dark = new Set([...path.matchAll(/M(\d+) (\d+)h/g)].map(([, x, y]) => `${x} ${y}`));
  const inner = size - 8;
  expect((inner - 17) % 4).toBe(0); // 21, 25, 29 …
  for (const [x, y] of [[4, 4], [size - 11, 4], [4, size - 11]] as const) {
    expect(dark.has(`${x} ${y}`) && dark.has(`${x + 6} ${y + 6}`) && dark.has(`${x + 3} ${y + 3}`)).toBe(true);
    expect(dark.has(`${x + 1} ${y + 1}`)).toBe(false);
  }
  expect([...dark].some((place) => place.split(" ").some((part) => Number(part) < 4))).toBe(false);
});

test("other texts are other pictures", () => {
  expect(qrPicture(uri).path).not.toBe(qrPicture(`${uri}X`).path);
});
