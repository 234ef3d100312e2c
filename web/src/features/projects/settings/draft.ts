// What is typed into a form of settings, and what of it is to be sent.
import type { Field, Group } from "@/features/projects/settings/fields";
import type { Settings, SettingsChange } from "@/features/projects/queries";

export type Draft = Record<string, string | boolean>;

export interface Read {
  change: SettingsChange; // what differs
  errors: Record<string, string>; // by field
  isChanged: boolean;
}

type Pairs = Record<string, string>;

function written(field: Field, settings: Settings): string | boolean {
  const value = settings[field.name];
  switch (field.form) {
    case "switch":
      return value === true;
    case "number":
      return value === 0 ? "" : String(value);
    case "lines":
      return (value as string[]).join("\n");
    case "pairs":
      return Object.entries(value as Pairs)
        .map(([name, text]) => `${name}${field.separator === ":" ? ": " : "="}${text}`)
        .join("\n");
    case "login":
      return ""; // the password is not known here; see loginUser
    default:
      return String(value);
  }
}

export function draftOf(group: Group, settings: Settings): Draft {
  return Object.fromEntries(group.fields.map((field) => [field.name, written(field, settings)]));
}

// Whom visitors log in as now: the API shows "user:****".
export function loginUser({ basic_auth: login }: Pick<Settings, "basic_auth">): string {
  return login.split(":")[0] ?? "";
}

const removed = "\0none"; // of a login that is taken away

export const withoutLogin = removed;

function readPairs(text: string, separator: string): Pairs | string {
  const pairs: Pairs = {};
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const at = line.indexOf(separator);
    const name = line.slice(0, at).trim();
    const value = line.slice(at + 1).trim();
    if (at < 1 || name === "" || value === "") return `line ${index + 1} is not NAME${separator === ":" ? ": " : "="}value`;
    pairs[name] = value;
  }
  return pairs;
}

// Those named change, and an empty value takes one away: what is gone has to be named.
function changedPairs(before: Pairs, now: Pairs): Pairs {
  const gone = Object.keys(before).filter((name) => !(name in now));
  const changed = Object.entries(now).filter(([name, value]) => before[name] !== value);
  return Object.fromEntries([...gone.map((name) => [name, ""]), ...changed]);
}

type Result = { value: unknown } | { error: string };

function readField(field: Field, typed: string | boolean, settings: Settings): Result {
  if (typeof typed === "boolean") return { value: typed };
  switch (field.form) {
    case "number": {
      const number = typed.trim() === "" ? 0 : Number(typed);
      return Number.isFinite(number) && number >= 0 ? { value: number } : { error: "must be a number, 0 or more" };
    }
    case "lines":
      return { value: typed.split("\n").map((line) => line.trim()).filter(Boolean) };
    case "pairs": {
      const pairs = readPairs(typed, field.separator);
      if (typeof pairs === "string") return { error: pairs };
      return { value: changedPairs(settings[field.name] as Pairs, pairs) };
    }
    case "login":
      return { value: typed === removed ? "" : typed };
    default:
      return { value: typed.trim() };
  }
}

export function read(group: Group, draft: Draft, settings: Settings): Read {
  const before = draftOf(group, settings);
  const change: Record<string, unknown> = {};
  const errors: Record<string, string> = {};
  for (const field of group.fields) {
    const typed = draft[field.name] ?? "";
    if (typed === before[field.name]) continue;
    const result = readField(field, typed, settings);
    if ("error" in result) errors[field.name] = result.error;
    else change[field.name] = result.value;
  }
  return { change, errors, isChanged: Object.keys(change).length + Object.keys(errors).length > 0 };
}
