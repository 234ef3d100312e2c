// What a pasted .env would change.
import { looksSecret } from "@/features/variables/secret-names";
import type { Change, Kind, Variable } from "@/features/variables/queries";

export type Effect = "new" | "changed" | "same" | "replaced";

export interface Row {
  name: string;
  value: string;
  kind: Kind;
  effect: Effect;
}

export const effects: Record<Effect, string> = {
  new: "New",
  changed: "Changes",
  same: "As it is",
  replaced: "Is set again",
};

// Whether a secret would change cannot be told from here: its value is not known.
function effectOf(present: Variable | undefined, value: string): Effect {
  if (!present) return "new";
  if (present.kind === "secret") return "replaced";
  return present.value === value ? "same" : "changed";
}

// `kinds`: what was chosen by hand.
export function rowsOf(
  pasted: Record<string, string>,
  present: readonly Variable[],
  kinds: Readonly<Record<string, Kind>>,
): Row[] {
  return Object.entries(pasted).map(([name, value]) => {
    const old = present.find((variable) => variable.name === name);
    const proposed = old?.kind ?? (looksSecret(name, value) ? "secret" : "plain");
    const kind = kinds[name] ?? proposed;
    const effect = effectOf(old, value);
    return { name, value, kind, effect: effect === "same" && kind !== old?.kind ? "changed" : effect };
  });
}

export function changeOf(rows: readonly Row[]): Change {
  const set = rows.filter(({ effect }) => effect !== "same").map(({ name, value, kind }) => [name, { value, kind }]);
  return { set: Object.fromEntries(set) as Change["set"], remove: [] };
}

// What the server says of one of several: "/set/PORT" -> PORT.
export function errorOf(errors: readonly { pointer: string; detail: string }[], name: string): string | undefined {
  return errors.find(({ pointer }) => pointer === `/set/${name}`)?.detail ?? errors.find(({ pointer }) => pointer === "/set")?.detail;
}
