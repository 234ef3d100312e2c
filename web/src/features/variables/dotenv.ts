// A .env file, read as the server and the command line read it: src/dotenv says how, and
// tests/data/dotenv holds the cases that all of them keep to.
export interface Parsed {
  variables: Record<string, string>;
  error: { line: number; text: string } | null; // what is behind it is not read
}

class Wrong extends Error {
  constructor(
    readonly line: number,
    text: string,
  ) {
    super(text);
  }
}

const escapes: Record<string, string> = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\", $: "$" };
const isBlank = (c: string) => c === " " || c === "\t";
const isEnd = (c: string) => c === "" || c === "\n" || c === "\r";

class Reader {
  #at = 0;
  #line = 1;
  readonly found = new Map<string, string>();

  constructor(readonly text: string) {
    if (text.startsWith("\uFEFF")) this.#at = 1;
  }

  read() {
    while (this.#at < this.text.length) {
      this.#skipBlanks();
      if (isEnd(this.#peek()) || this.#peek() === "#") this.#skipLine();
      else this.#readOne();
    }
  }

  #peek(ahead = 0): string {
    return this.text.charAt(this.#at + ahead);
  }

  #skipBlanks() {
    while (isBlank(this.#peek())) ++this.#at;
  }

  #skipLine() {
    while (!isEnd(this.#peek())) ++this.#at;
    this.#skipNewline();
  }

  // \n, \r\n, or a lone \r as of old.
  #skipNewline() {
    if (this.#at >= this.text.length) return;
    this.#at += this.#peek() === "\r" && this.#peek(1) === "\n" ? 2 : 1;
    ++this.#line;
  }

  #readName(): string {
    const [name] = /^[A-Za-z_][A-Za-z0-9_]*/.exec(this.text.slice(this.#at, this.#at + 1000)) ?? [""];
    this.#at += name.length;
    return name;
  }

  #readOne() {
    let name = this.#readName();
    const hasMore = isBlank(this.#peek());
    this.#skipBlanks();
    if (name === "export" && hasMore && this.#peek() !== "=") {
      name = this.#readName();
      this.#skipBlanks();
    }
    if (name === "" || this.#peek() !== "=") {
      throw new Wrong(this.#line, "this is not NAME=value, with a name of letters, digits and _");
    }
    ++this.#at;
    this.#skipBlanks();
    const line = this.#line;
    const value = /["'`]/.test(this.#peek()) ? this.#readQuoted() : this.#readPlain();
    if (value.includes("\0")) throw new Wrong(line, "the value has a zero byte");
    this.found.set(name, value);
  }

  // Up to the end of the line, or to a comment behind a blank.
  #readPlain(): string {
    const start = this.#at;
    if (this.#peek() === "#" && isBlank(this.text.charAt(start - 1))) {
      this.#skipLine();
      return "";
    }
    while (!isEnd(this.#peek()) && !(this.#peek() === "#" && this.#at > start && isBlank(this.text.charAt(this.#at - 1)))) {
      ++this.#at;
    }
    const value = this.text.slice(start, this.#at).replace(/[ \t]+$/, "");
    this.#skipLine();
    return value;
  }

  #readQuoted(): string {
    const quote = this.#peek();
    const line = this.#line;
    ++this.#at;
    let value = "";
    while (this.#at < this.text.length && this.#peek() !== quote) {
      const c = this.#peek();
      const escaped = quote === '"' && c === "\\" ? escapes[this.#peek(1)] : undefined;
      if (c === "\n" || c === "\r") {
        this.#skipNewline();
        value += "\n";
      } else {
        value += escaped ?? c;
        this.#at += escaped === undefined ? 1 : 2;
      }
    }
    if (this.#at >= this.text.length) throw new Wrong(line, "the quote that begins here has no end");
    ++this.#at;
    this.#skipBlanks();
    if (!isEnd(this.#peek()) && this.#peek() !== "#") {
      throw new Wrong(this.#line, 'something follows the closing quote; write \\" inside of double quotes');
    }
    this.#skipLine();
    return value;
  }
}

export function parseDotenv(text: string): Parsed {
  const reader = new Reader(text);
  let error: Parsed["error"] = null;
  try {
    reader.read();
  } catch (problem) {
    if (!(problem instanceof Wrong)) throw problem;
    error = { line: problem.line, text: problem.message };
  }
  return { variables: Object.fromEntries(reader.found), error };
}
