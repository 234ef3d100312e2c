// A Temps of its own for a test: the real binary with a data folder and a port that nobody else has.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const readyMilliseconds = 60_000;

export const owner = { email: "ann@example.org", password: "correct horse battery" };

function binary() {
  const { TEMPS_BINARY: named, TEMPS_DEV_BINARY: dev = join(root, "build/dev/temps") } = process.env;
  const found = [named, join(root, "build/release/temps"), dev].find((path) => path && existsSync(path));
  if (!found) throw new Error("There is no binary to test; build one: make build");
  return found;
}

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}

// Files of a running program may go between two looks.
function readNow(path) {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
    return Buffer.alloc(0);
  }
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

export class World {
  // `settings`: by the names of their variables.
  static async start(settings = {}) {
    const folder = mkdtempSync(join(tmpdir(), "temps-browser-"));
    chmodSync(folder, 0o755); // PostgreSQL has a user of its own where root starts it
    const world = new World(folder, await freePort(), settings);
    await world.#begin();
    return world;
  }

  // With an owner already; the browser's state of their session is `owned`.
  static async startOwned(browser, settings = {}) {
    const world = await World.start(settings);
    const token = new URL(world.setupLink).searchParams.get("token");
    const context = await browser.newContext();
    const answer = await context.request.post(`${world.url}/api/v1/setup`, { data: { token, ...owner } });
    assert.equal(answer.status(), 201, await answer.text());
    world.owned = await context.storageState();
    world.keep(...world.owned.cookies.map(({ value }) => value));
    await context.close();
    return world;
  }

  constructor(folder, port, settings) {
    this.folder = folder;
    this.settings = settings;
    this.home = join(folder, "home");
    this.url = `http://localhost:${port}`;
    this.port = port;
    this.printed = "";
    this.#secrets = new Set([owner.password]);
    mkdirSync(this.home);
  }

  #secrets;

  // What must not be found anywhere afterwards.
  keep(...secrets) {
    for (const secret of secrets) {
      assert.ok(secret.length >= 8, `"${secret}" is too short to be looked for`);
      this.#secrets.add(secret);
    }
  }

  // Not in what was printed, and in no file of the data folder: no log, no database, no journal of it. Apps that run have
  // their variables in their environment, and nowhere else.
  assertSecretsKept() {
    const found = [];
    const look = (name, bytes) => {
      for (const secret of this.#secrets) if (bytes.includes(secret)) found.push(`${name}: ${secret}`);
    };
    look("the output", Buffer.from(this.printed));
    const data = join(this.folder, "data");
    const files = filesBelow(data);
    assert.ok(files.some((name) => name.endsWith("postgres.log")), "the data folder was read");
    for (const name of files) look(relative(data, name), readNow(name));
    assert.deepEqual(found, []);
  }

  get setupLink() {
    return /(http:\S+\/setup\?token=\S+)/.exec(this.printed)?.[1] ?? "";
  }

  #environment() {
    return { PATH: process.env.PATH, HOME: this.home, LANG: "C.UTF-8", TEMPS_DATA_DIR: join(this.folder, "data"), ...this.settings };
  }

  #begin() {
    const words = ["up", "--listen", `127.0.0.1:${this.port}`, "--runtime", "process"];
    this.up = spawn(binary(), words, { env: this.#environment(), stdio: ["ignore", "pipe", "pipe"] });
    this.ended = new Promise((resolve) => this.up.on("exit", resolve));
    const before = this.printed.length;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`temps up is not ready:\n${this.printed}`)), readyMilliseconds);
      const read = (bytes) => {
        this.printed += bytes;
        if (!this.printed.includes("Stop with Ctrl-C", before)) return;
        clearTimeout(timer);
        resolve();
      };
      this.up.stdout.on("data", read);
      this.up.stderr.on("data", read);
      this.up.on("exit", () => reject(new Error(`temps up ended:\n${this.printed}`)));
    });
  }

  // What visitors of an app do: its answer's status.
  visit(host, path) {
    return new Promise((resolve, reject) => {
      const asked = request({ host: "127.0.0.1", port: this.port, path, headers: { Host: `${host}:${this.port}` } }, (answer) => {
        answer.resume();
        answer.on("end", () => resolve(answer.statusCode));
      });
      asked.on("error", reject);
      asked.end();
    });
  }

  // A command of the CLI as the owner; what it printed.
  temps(words, input = "") {
    return new Promise((resolve, reject) => {
      const command = spawn(binary(), words, { env: this.#environment(), cwd: this.home });
      let printed = "";
      command.stdout.on("data", (bytes) => (printed += bytes));
      command.stderr.on("data", (bytes) => (printed += bytes));
      command.on("exit", (code) => (code === 0 ? resolve(printed) : reject(new Error(`temps ${words.join(" ")}: ${printed}`))));
      command.stdin.end(input);
    });
  }

  logIn() {
    return this.temps(["login", this.url], `${owner.email}\n${owner.password}\n`);
  }

  // A project whose first deployment builds for minutes.
  async slowProject(name) {
    const folder = join(this.home, name);
    mkdirSync(folder);
    const scripts = { build: "sleep 300", start: "node server.js" };
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name, scripts }));
    writeFileSync(join(folder, "server.js"), "");
    await this.temps(["project", "create", name]);
    await this.temps(["deploy", folder, "--project", name, "--detach"]);
    return name;
  }

  // Down and up again, on the same port and data.
  async restart() {
    await this.#end();
    await this.#begin();
  }

  async #end() {
    this.up.kill("SIGTERM");
    await this.ended;
  }

  async stop() {
    await this.#end();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
