import { call, Form, Problem, prepareCommands } from "./api.js";

const refreshEvery = 5000;

// What a project's status is called, and whether that is good.
const states = {
  live: ["Live", "good"],
  running: ["Live", "good"],
  succeeded: ["Live", "good"],
  failed: ["Failed", "bad"],
  stopped: ["Stopped", ""],
  queued: ["Queued", "wait"],
  deploying: ["Deploying", "wait"],
  building: ["Building", "wait"],
  starting: ["Starting", "wait"],
};

function stateOf(project) {
  const word = project.status || "";
  if (!word || word === "none" || word === "new" || word === "empty") return ["Not deployed", ""];
  return states[word] || [word.charAt(0).toUpperCase() + word.slice(1).replaceAll("_", " "), ""];
}

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function addressOf(project) {
  const place = element("span", "address");
  if (!project.address || !/^https?:\/\//.test(project.address)) return place;
  const link = element("a", "", project.address.replace(/^https?:\/\//, "").replace(/\/$/, ""));
  link.href = project.address;
  place.append(link);
  return place;
}

function show(projects) {
  const rows = projects.map((project) => {
    const row = element("li");
    const [text, kind] = stateOf(project);
    row.append(
      element("span", "name", project.name),
      addressOf(project),
      element("span", `state ${kind}`, text),
    );
    return row;
  });
  document.querySelector("#projects").replaceChildren(...rows);
  document.querySelector("#projects").hidden = rows.length === 0;
  document.querySelector("#none").hidden = rows.length > 0;
  const count = rows.length === 1 ? "1 project" : `${rows.length} projects`;
  document.querySelector("#count").textContent = rows.length > 0 ? count : "";
}

async function allProjects() {
  const all = [];
  let cursor = "";
  // A page of 200 each; more than a thousand belong on the command line.
  for (let page = 0; page < 5; ++page) {
    const query = cursor ? `&cursor=${encodeURIComponent(cursor)}` : "";
    const answer = await call("GET", `/api/v1/projects?limit=200${query}`);
    all.push(...answer.items);
    cursor = answer.next;
    if (!cursor) break;
  }
  return all;
}

async function refresh() {
  const trouble = document.querySelector("#trouble");
  try {
    show(await allProjects());
    trouble.hidden = true;
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (problem.status === 401) return location.reload();
    trouble.textContent = problem.message;
    trouble.hidden = false;
  }
  setTimeout(refreshWhenSeen, refreshEvery);
}

function refreshWhenSeen() {
  if (!document.hidden) return refresh();
  document.addEventListener("visibilitychange", refresh, { once: true });
}

function prepareLogin() {
  const form = new Form(document.querySelector("#login"));
  form.onSubmit(async () => {
    await call("POST", "/api/v1/sessions", {
      email: form.value("email"),
      password: form.value("password"),
    });
    location.assign("/");
  });
}

function prepareProjects() {
  document.querySelector("#log-out").addEventListener("click", async () => {
    await call("DELETE", "/api/v1/sessions/current").catch(() => null);
    location.assign("/");
  });
  prepareCommands(document);
  refresh();
}

if (document.querySelector("#login")) prepareLogin();
if (document.querySelector("#projects")) prepareProjects();
