// A Temps of its own for a test: the real binary with a data folder and a port that nobody else has.
import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, mkdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
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

function freePort() {
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
  static async start() {
    const folder = mkdtempSync(join(tmpdir(), "temps-browser-"));
    chmodSync(folder, 0o755); // PostgreSQL has a user of its own where root starts it
    const world = new World(folder, await freePort());
    await world.#begin();
    return world;
  }

  constructor(folder, port) {
    this.folder = folder;
    this.home = join(folder, "home");
    this.url = `http://localhost:${port}`;
    this.port = port;
    this.printed = "";
    mkdirSync(this.home);
  }

  get setupLink() {
    return /(http:\S+\/setup\?token=\S+)/.exec(this.printed)?.[1] ?? "";
  }

  #environment() {
    return { PATH: process.env.PATH, HOME: this.home, LANG: "C.UTF-8", TEMPS_DATA_DIR: join(this.folder, "data") };
  }

  #begin() {
    const words = ["up", "--listen", `127.0.0.1:${this.port}`, "--runtime", "process"];
    this.up = spawn(binary(), words, { env: this.#environment(), stdio: ["ignore", "pipe", "pipe"] });
    this.ended = new Promise((resolve) => this.up.on("exit", resolve));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`temps up is not ready:\n${this.printed}`)), readyMilliseconds);
      const read = (bytes) => {
        this.printed += bytes;
        if (!this.printed.includes("Stop with Ctrl-C")) return;
        clearTimeout(timer);
        resolve();
      };
      this.up.stdout.on("data", read);
      this.up.stderr.on("data", read);
      this.up.on("exit", () => reject(new Error(`temps up ended:\n${this.printed}`)));
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

  async stop() {
    this.up.kill("SIGTERM");
    await this.ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
