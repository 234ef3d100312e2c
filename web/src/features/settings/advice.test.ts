import { expect, test } from "vitest";

import { adviceFor, found } from "@/features/settings/advice";
import type { ServerSetting } from "@/features/settings/queries";

const listen: ServerSetting = {
  name: "listen",
  help: "Where the proxy listens",
  form: "address:port",
  value: "0.0.0.0:8080",
  standard: "0.0.0.0:8080",
  source: "default_value",
  where: "",
  flag: "--listen",
  variable: "TEMPS_LISTEN",
  secret: false,
};
const database: ServerSetting = { ...listen, name: "database_url", help: "The database", value: "****", source: "file", where: "/etc/temps/temps.toml", flag: "--database-url", variable: "TEMPS_DATABASE_URL", secret: true };
const file = { usual_file: "/etc/temps/temps.toml" };

test("a default is changed in the file, or by a variable where none is read", () => {
  expect(adviceFor(listen, file).code).toBe('listen = "0.0.0.0:8080"');
  expect(adviceFor(listen, file).text).toContain("/etc/temps/temps.toml");
  expect(adviceFor(listen, { usual_file: "" }).code).toBe("TEMPS_LISTEN=0.0.0.0:8080");
});

test("what is given elsewhere is changed there, for it would win over the file", () => {
  expect(adviceFor({ ...listen, source: "flag", where: "--listen" }, file).code).toBe("--listen 0.0.0.0:8080");
  expect(adviceFor({ ...listen, source: "flag", where: "--listen", value: "a b" }, file).code).toBe("--listen 'a b'");
  expect(adviceFor({ ...listen, source: "environment", where: "HTTP_PROXY" }, file).code).toBe("HTTP_PROXY=0.0.0.0:8080");
});

test("a secret's line has no value, and quotes are written as the file wants them", () => {
  expect(adviceFor(database, file).code).toBe('database_url = "…"');
  expect(adviceFor({ ...listen, value: 'a"b\\c' }, file).code).toBe('listen = "a\\"b\\\\c"');
});

test("settings are found by each of the words, and by what is changed", () => {
  const names = (search: string, only = false) => found([listen, database], search, only).map(({ name }) => name);
  expect(names("PROXY listens")).toEqual(["listen"]);
  expect(names("")).toEqual(["listen", "database_url"]);
  expect(names("", true)).toEqual(["database_url"]);
  expect(names("temps.toml")).toEqual(["database_url"]);
  expect(names("8080 nothing")).toEqual([]);
});
