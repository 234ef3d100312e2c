// What is said of a domain: its DNS records, its certificate, and what has to be done.
import { plural } from "@/lib/format";
import type { Tone } from "@/lib/tone";
import type { Domain } from "@/features/domains/queries";

export interface Verdict {
  label: string;
  tone: Tone;
  busy?: boolean;
}

export function dnsVerdict({ dns }: Domain): Verdict {
  switch (dns.state) {
    case "right":
      return { label: "Leads here", tone: "good" };
    case "missing":
      return { label: "Record missing", tone: "bad" };
    case "wrong":
      return { label: "Leads elsewhere", tone: "bad" };
    case "unknown":
      return { label: dns.checked_at ? "Not known" : "Not looked up yet", tone: "neutral", busy: !dns.checked_at };
  }
}

const orders: Record<string, Verdict> = {
  off: { label: "None", tone: "neutral" },
  waiting: { label: "Waits", tone: "wait", busy: true },
  waiting_for_dns: { label: "Waits for DNS", tone: "wait", busy: true },
  waiting_for_record: { label: "Waits for a record", tone: "wait", busy: true },
  ordering: { label: "Is ordered", tone: "wait", busy: true },
  checking: { label: "Is checked", tone: "wait", busy: true },
  issued: { label: "Issued", tone: "good" },
  failed: { label: "Order failed", tone: "bad" },
};

export function certificateVerdict({ certificate, certificate_order: order }: Domain): Verdict {
  if (certificate && certificate.days_left < 0) return { label: "Expired", tone: "bad" };
  if (certificate) {
    return { label: `${plural(certificate.days_left, "day")} left`, tone: certificate.expires_soon ? "wait" : "good" };
  }
  if (!order) return { label: "None", tone: "neutral" };
  return orders[order.state] ?? { label: order.state, tone: "neutral" };
}

// Needs the reader to do something about it.
export function needsRecords({ dns }: Domain): boolean {
  return (dns.state === "missing" || dns.state === "wrong") && dns.records.length > 0;
}
