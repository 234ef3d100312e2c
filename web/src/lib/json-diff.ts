// What differs between two JSON documents, field by field.
export interface Change {
  path: string; // "build.command", "[2].name"
  before: string | undefined; // as JSON; undefined: it was not there
  after: string | undefined;
}

type Plain = Record<string, unknown>;

function isPlain(value: unknown): value is Plain {
  return typeof value === "object" && value !== null;
}

function joined(path: string, key: string, inList: boolean): string {
  if (inList) return `${path}[${key}]`;
  return path === "" ? key : `${path}.${key}`;
}

function text(value: unknown): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value);
}

// Documents come from outside: what lies deeper is compared as one.
const depthMax = 32;

function collect(path: string, before: unknown, after: unknown, depth: number, into: Change[]) {
  const areAlike = isPlain(before) && isPlain(after) && Array.isArray(before) === Array.isArray(after);
  if (!areAlike || depth === depthMax) {
    if (text(before) !== text(after)) into.push({ path, before: text(before), after: text(after) });
    return;
  }
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    collect(joined(path, key, Array.isArray(before)), before[key], after[key], depth + 1, into);
  }
}

// Fields that are the same on both sides are left out. A side that is missing counts as empty.
export function changesBetween(before: unknown, after: unknown): Change[] {
  const found: Change[] = [];
  collect("", before ?? {}, after ?? {}, 0, found);
  return found;
}
