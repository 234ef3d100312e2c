// What is said of certificates and of the platform's own names.
import { plural } from "@/lib/format";
import type { Tone } from "@/lib/tone";
import type { Certificate, OwnName } from "@/features/certificates/queries";

export interface Verdict {
  label: string;
  tone: Tone;
  busy?: boolean;
}

export function validity({ days_left: left, expires_soon: soon, ocsp }: Pick<Certificate, "days_left" | "expires_soon" | "ocsp">): Verdict {
  if (ocsp?.word === "revoked") return { label: "Revoked", tone: "bad" };
  if (left < 0) return { label: "Expired", tone: "bad" };
  return { label: `${plural(left, "day")} left`, tone: soon ? "wait" : "good" };
}

export const sources: Record<Certificate["source"], string> = {
  uploaded: "uploaded",
  acme: "ordered by Temps",
};

export const purposes: Record<OwnName["purpose"], string> = {
  console: "The console",
  apps: "All apps",
  app: "An app",
};

const dnsVerdicts: Record<string, Verdict> = {
  right: { label: "Leads here", tone: "good" },
  missing: { label: "Record missing", tone: "bad" },
  wrong: { label: "Leads elsewhere", tone: "bad" },
  unknown: { label: "Not known", tone: "neutral" },
};

export function dnsVerdict({ dns }: Pick<OwnName, "dns">): Verdict {
  if (!dns) return { label: "Not looked up", tone: "neutral" };
  return dnsVerdicts[dns.state] ?? { label: dns.state, tone: "neutral" };
}

const waiting = ["waiting", "waiting_for_dns", "waiting_for_record", "ordering", "checking"];

export function ownVerdict({ certificate, certificate_order: order }: Pick<OwnName, "certificate" | "certificate_order">): Verdict {
  if (certificate) return validity(certificate);
  if (!order || order.state === "off") return { label: "None", tone: "neutral" };
  if (order.state === "failed") return { label: "Order failed", tone: "bad" };
  return { label: waiting.includes(order.state) ? "Is ordered" : order.state, tone: "wait", busy: true };
}
