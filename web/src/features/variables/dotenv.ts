// A pasted .env file: KEY=value lines, with or without quotes and `export`.
export interface Parsed {
  variables: Record<string, string>;
  wrong: number[]; // lines that are none, from 1
}

const line = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*$/;
const escapes: Record<string, string> = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\" };

export function parseDotenv(text: string): Parsed {
  const parsed: Parsed = { variables: {}, wrong: [] };
  text.split(/\r?\n/).forEach((written, index) => {
    if (/^\s*(#|$)/.test(written)) return;
    const [, name, raw = ""] = line.exec(written) ?? [];
    if (!name) parsed.wrong.push(index + 1);
    else parsed.variables[name] = valueOf(raw);
  });
  return parsed;
}

function valueOf(raw: string): string {
  const double = /^"((?:[^"\\]|\\.)*)"\s*(?:#.*)?$/.exec(raw);
  if (double) return (double[1] ?? "").replace(/\\(.)/g, (whole, c: string) => escapes[c] ?? whole);
  const single = /^'([^']*)'\s*(?:#.*)?$/.exec(raw);
  if (single) return single[1] ?? "";
  return raw.replace(/\s+#.*$/, "");
}
