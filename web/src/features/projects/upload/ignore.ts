// Which files of a folder are sent: as .gitignore files say, then .tempsignore files, which have the last
// word. The command line does the same with more care (src/bundle).
export interface Rules {
  folder: string; // "" or "packages/web/"
  text: string;
}

interface Rule {
  folder: string;
  pattern: RegExp;
  isAnchored: boolean; // else it means any file of that name below
  foldersOnly: boolean;
  keeps: boolean; // "!…"
}

// Of no use to a build, or not to be sent at all.
const never = new Set([".git", ".temps"]);
const samples = [".example", ".sample", ".template", ".dist"];

function isPrivate(name: string): boolean {
  return name === ".env" || (name.startsWith(".env.") && !samples.some((end) => name.endsWith(end)));
}

const special = /[.+^${}()|\\]/;

function toPattern(glob: string): RegExp {
  let text = "";
  for (let at = 0; at < glob.length; ++at) {
    const c = glob.charAt(at);
    if (glob.startsWith("**/", at)) {
      text += "(?:.*/)?";
      at += 2;
    } else if (c === "*") {
      const isDeep = glob.startsWith("**", at);
      text += isDeep ? ".*" : "[^/]*";
      if (isDeep) ++at;
    } else if (c === "?") {
      text += "[^/]";
    } else if (c === "[" && glob.indexOf("]", at + 2) > 0) {
      const close = glob.indexOf("]", at + 2);
      text += `[${glob.slice(at + 1, close).replace(/^!/, "^").replace(/[\\[]/g, "\\$&")}]`;
      at = close;
    } else if (c === "\\" && at + 1 < glob.length) {
      ++at;
      const next = glob.charAt(at);
      text += special.test(next) || /[*?[\]]/.test(next) ? `\\${next}` : next;
    } else {
      text += special.test(c) || c === "[" || c === "]" ? `\\${c}` : c;
    }
  }
  try {
    return new RegExp(`^${text}$`, "s");
  } catch {
    return /^(?!)/; // a range that is none fits nothing
  }
}

function parse({ folder, text }: Rules): Rule[] {
  const rules: Rule[] = [];
  for (const line of text.split(/\r?\n/)) {
    let glob = line.replace(/(?<!\\)[ \t]+$/, "");
    if (glob === "" || glob.startsWith("#")) continue;
    const keeps = glob.startsWith("!");
    if (keeps) glob = glob.slice(1);
    const foldersOnly = glob.endsWith("/");
    if (foldersOnly) glob = glob.slice(0, -1);
    const isAnchored = glob.includes("/");
    glob = glob.replace(/^\//, "");
    if (glob !== "") rules.push({ folder, pattern: toPattern(glob), isAnchored, foldersOnly, keeps });
  }
  return rules;
}

function fits(rule: Rule, path: string, isFolder: boolean): boolean {
  if (!path.startsWith(rule.folder) || (rule.foldersOnly && !isFolder)) return false;
  const below = path.slice(rule.folder.length);
  return rule.pattern.test(rule.isAnchored ? below : below.slice(below.lastIndexOf("/") + 1));
}

// The last rule that fits decides, and those of a deeper folder come after those above it.
function lastFirst(all: readonly Rules[]): Rule[] {
  const depth = ({ folder }: Rules) => folder.split("/").length;
  return [...all].sort((a, b) => depth(a) - depth(b)).flatMap(parse).reverse();
}

export class Ignore {
  readonly #git: Rule[];
  readonly #own: Rule[];
  readonly #folders = new Map<string, boolean>();

  constructor(git: readonly Rules[], own: readonly Rules[] = []) {
    this.#git = lastFirst(git);
    this.#own = lastFirst(own);
  }

  // Of a file: is it left out?
  leavesOut(path: string): boolean {
    const slash = path.lastIndexOf("/");
    return (slash > 0 && this.#leavesFolderOut(path.slice(0, slash))) || this.#verdict(path, false);
  }

  // Nothing below a folder that is left out is looked at.
  #leavesFolderOut(path: string): boolean {
    const known = this.#folders.get(path);
    if (known !== undefined) return known;
    const slash = path.lastIndexOf("/");
    const verdict = (slash > 0 && this.#leavesFolderOut(path.slice(0, slash))) || this.#verdict(path, true);
    this.#folders.set(path, verdict);
    return verdict;
  }

  #verdict(path: string, isFolder: boolean): boolean {
    const name = path.slice(path.lastIndexOf("/") + 1);
    if (never.has(name)) return true;
    const own = this.#own.find((rule) => fits(rule, path, isFolder));
    if (own) return !own.keeps;
    if (name === "node_modules" || isPrivate(name)) return true;
    const git = this.#git.find((rule) => fits(rule, path, isFolder));
    return git ? !git.keeps : false;
  }
}
