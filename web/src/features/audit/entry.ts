// An entry of the audit log in words.
import type { Tone } from "@/lib/tone";

interface Actor {
  kind: string;
  email?: string | null;
  credential_name?: string | null;
}

const kinds: Record<string, string> = {
  anonymous: "Nobody who was logged in",
  machine: "A command on the server",
  temps: "Temps by itself",
  token: "A deployment token",
};

export function actorName({ kind, email, credential_name: name }: Actor): string {
  if (email) return email;
  if (kind === "token" && name) return `Deployment token ${name}`;
  return kinds[kind] ?? kind;
}

// How they were logged in, where that is worth a word.
export function credentialOf({ kind, credential_name: name }: Actor): string {
  if (kind === "key") return name ? `API key ${name}` : "API key";
  return "";
}

export const outcomeBadges: Record<string, { tone: Tone; label: string }> = {
  done: { tone: "good", label: "Done" },
  failed: { tone: "bad", label: "Failed" },
  unknown: { tone: "wait", label: "Unknown" },
};

// What it was done to: "environment: staging". The project has a place of its own.
export function targetOf(target: unknown): string {
  if (typeof target !== "object" || target === null) return "";
  return Object.entries(target)
    .filter(([name]) => name !== "project")
    .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ");
}
