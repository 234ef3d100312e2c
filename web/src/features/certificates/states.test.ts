import { expect, test } from "vitest";

import { dnsVerdict, ownVerdict, validity } from "@/features/certificates/states";

test("a certificate is told by what it is good for", () => {
  expect(validity({ days_left: 60, expires_soon: false })).toEqual({ label: "60 days left", tone: "good" });
  expect(validity({ days_left: 1, expires_soon: true })).toEqual({ label: "1 day left", tone: "wait" });
  expect(validity({ days_left: -1, expires_soon: true }).label).toBe("Expired");
  expect(validity({ days_left: 60, expires_soon: false, ocsp: { word: "revoked", detail: "" } }).label).toBe("Revoked");
});

test("a name without a certificate says how far its order is", () => {
  expect(ownVerdict({}).label).toBe("None");
  expect(ownVerdict({ certificate_order: { state: "off", detail: "" } }).label).toBe("None");
  expect(ownVerdict({ certificate_order: { state: "waiting_for_dns", detail: "" } })).toEqual({ label: "Is ordered", tone: "wait", busy: true });
  expect(ownVerdict({ certificate_order: { state: "failed", detail: "" } }).tone).toBe("bad");
});

test("a name that nobody looked up is not called wrong", () => {
  expect(dnsVerdict({}).tone).toBe("neutral");
  expect(dnsVerdict({ dns: { state: "missing", detail: "" } }).tone).toBe("bad");
});
