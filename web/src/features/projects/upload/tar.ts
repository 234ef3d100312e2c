// A tar file (ustar) of a folder, as far as an upload needs it: files with their names and contents.
const block = 512;
const encoder = new TextEncoder();

export interface Entry {
  path: string; // "src/index.js"
  size: number;
  mode: number; // 0o644
  modified: number; // seconds
}

function ascii(into: Uint8Array, text: string, at: number) {
  into.set(encoder.encode(text), at);
}

// Numbers are octal digits with a zero byte behind them.
function octal(into: Uint8Array, value: number, at: number, width: number) {
  ascii(into, Math.floor(value).toString(8).padStart(width - 1, "0"), at);
}

// 100 bytes of name, and 155 of the folders before it.
function split(path: Uint8Array): { name: Uint8Array; prefix: Uint8Array } | null {
  if (path.length <= 100) return { name: path, prefix: new Uint8Array() };
  for (let at = Math.min(155, path.length - 2); at >= Math.max(1, path.length - 101); --at) {
    if (path[at] === 0x2f) return { name: path.subarray(at + 1), prefix: path.subarray(0, at) };
  }
  return null;
}

function rawHeader(name: Uint8Array, prefix: Uint8Array, type: string, { size, mode, modified }: Omit<Entry, "path">): Uint8Array {
  const header = new Uint8Array(block);
  header.set(name, 0);
  octal(header, mode, 100, 8);
  octal(header, 0, 108, 8);
  octal(header, 0, 116, 8);
  octal(header, size, 124, 12);
  octal(header, modified, 136, 12);
  ascii(header, "        ", 148);
  ascii(header, type, 156);
  ascii(header, "ustar\u000000", 257);
  header.set(prefix, 345);
  const sum = header.reduce((all, byte) => all + byte, 0);
  ascii(header, `${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}

export function padding(size: number): Uint8Array {
  return new Uint8Array((block - (size % block)) % block);
}

// "24 path=src/…\n": the number counts itself, too.
export function paxRecord(name: string, value: Uint8Array): Uint8Array {
  const rest = encoder.encode(` ${name}=`);
  const plain = rest.length + value.length + 1;
  let length = plain + String(plain).length;
  if (String(length).length > String(plain).length) length = plain + String(length).length;
  const record = new Uint8Array(length);
  ascii(record, String(length), 0);
  record.set(rest, String(length).length);
  record.set(value, String(length).length + rest.length);
  record[length - 1] = 0x0a;
  return record;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

// A name that does not fit gets a record of its own before it (pax).
export function header(entry: Entry): Uint8Array {
  const path = encoder.encode(entry.path);
  const parts = split(path);
  if (parts) return rawHeader(parts.name, parts.prefix, "0", entry);
  const record = paxRecord("path", path);
  const none = new Uint8Array();
  return joined([
    rawHeader(encoder.encode("pax"), none, "x", { ...entry, size: record.length, mode: 0o644 }),
    record,
    padding(record.length),
    rawHeader(path.subarray(0, 100), none, "0", entry),
  ]);
}

export const end = new Uint8Array(2 * block);
