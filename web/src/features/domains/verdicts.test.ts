import { expect, test } from "vitest";

import type { Domain } from "@/features/domains/queries";
import { certificateVerdict, dnsVerdict, needsRecords } from "@/features/domains/verdicts";

function domain(changes: Partial<Domain>): Domain {
  return {
    name: "shop.example.com",
    environment: "production",
    role: "serve",
    https_only: true,
    dns: { state: "right", detail: "", seen: [], records: [] },
    created_at: "2026-01-15T12:00:00Z",
    ...changes,
  };
}

test("a record that is missing is named where it is known", () => {
  const missing = { state: "missing" as const, detail: "none", seen: [], records: ["shop.example.com. A 192.0.2.1"] };
  expect(dnsVerdict(domain({ dns: missing })).tone).toBe("bad");
  expect(needsRecords(domain({ dns: missing }))).toBe(true);
  expect(needsRecords(domain({ dns: { ...missing, records: [] } }))).toBe(false);
  expect(needsRecords(domain({}))).toBe(false);
});

test("a certificate is told by its days, an order by its state", () => {
  const certificate = { id: 1, source: "acme", expires_at: "", days_left: 60, expires_soon: false };
  const at = (changes: Partial<Domain>) => certificateVerdict(domain(changes));
  expect(at({ certificate })).toEqual({ label: "60 days left", tone: "good" });
  expect(at({ certificate: { ...certificate, days_left: 3, expires_soon: true } }).tone).toBe("wait");
  expect(at({ certificate: { ...certificate, days_left: -1 } }).label).toBe("Expired");
  expect(at({ certificate_order: { state: "failed", detail: "" } }).tone).toBe("bad");
  expect(at({ certificate_order: { state: "new_one", detail: "" } }).label).toBe("new_one");
  expect(at({}).label).toBe("None");
});
