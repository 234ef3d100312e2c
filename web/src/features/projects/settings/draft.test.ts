import { expect, test } from "vitest";

import { draftOf, loginUser, read, withoutLogin, type Draft } from "@/features/projects/settings/draft";
import { sections, type Group } from "@/features/projects/settings/fields";
import type { Settings } from "@/features/projects/queries";

const settings: Settings = {
  branch: "main", root_directory: "", dockerfile: "", install_command: "", build_command: "", start_command: "",
  output_directory: "", port: 0, health_path: "", health_seconds: 120, drain_seconds: 30, memory_mb: 0, cpus: 0.5,
  build_arguments: { A: "1", B: "2" }, maintenance: false, allowed_addresses: ["203.0.113.7"], basic_auth: "ann:****",
  response_headers: { "X-A": "1:2" }, body_mb_max: 0, requests_per_minute: 0, answer_seconds_max: 0, protocol: "auto",
  compression: true, wait_seconds: 10, sticky: false, first_party: true,
};
const all: Group = { title: "", description: "", fields: sections.flatMap(({ groups }) => groups.flatMap(({ fields }) => fields)) };
const changed = (draft: Draft) => read(all, { ...draftOf(all, settings), ...draft }, settings);

test("every setting is changed in one place", () => {
  expect(all.fields.map(({ name }) => name).sort()).toEqual(Object.keys(settings).sort());
});

test("what was not touched is not sent", () => {
  expect(changed({})).toEqual({ change: {}, errors: {}, isChanged: false });
});

test("each form is read", () => {
  const { change, errors } = changed({
    branch: " next ",
    memory_mb: "512",
    cpus: "",
    maintenance: true,
    protocol: "h2c",
    allowed_addresses: " 203.0.113.8 \n\n2001:db8::/32\n",
    basic_auth: "bob:secret",
  });
  expect(errors).toEqual({});
  expect(change).toEqual({
    branch: "next",
    memory_mb: 512,
    cpus: 0,
    maintenance: true,
    protocol: "h2c",
    allowed_addresses: ["203.0.113.8", "2001:db8::/32"],
    basic_auth: "bob:secret",
  });
});

test("a pair that is gone is named with an empty value", () => {
  expect(changed({ build_arguments: "B=3\nC==x" }).change).toEqual({ build_arguments: { A: "", B: "3", C: "=x" } });
  expect(changed({ response_headers: "" }).change).toEqual({ response_headers: { "X-A": "" } });
});

test("what cannot be read stands at its field", () => {
  const { change, errors } = changed({ memory_mb: "much", response_headers: "X-B: 1\nnothing", port: "-1" });
  expect(change).toEqual({});
  expect(Object.keys(errors).sort()).toEqual(["memory_mb", "port", "response_headers"]);
  expect(errors.response_headers).toContain("line 2");
});

test("a login is known by its user only, and can be taken away", () => {
  expect(loginUser(settings)).toBe("ann");
  expect(loginUser({ basic_auth: "" })).toBe("");
  expect(changed({ basic_auth: withoutLogin }).change).toEqual({ basic_auth: "" });
});
