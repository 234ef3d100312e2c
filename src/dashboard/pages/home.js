import { call, Form, keepFresh, prepareCommands, prepareLogOut } from "./api.js";

const refreshEvery = 5000;

// What the state of a deployment is called, and whether that is good.
const states = {
  empty: ["Not deployed", ""],
  queued: ["Queued", "wait"],
  building: ["Building", "wait"],
  starting: ["Starting", "wait"],
  checking: ["Starting", "wait"],
  live: ["Live", "good"],
  failed: ["Failed", "bad"],
  cancelled: ["Cancelled", ""],
  rolled_back: ["Crashed", "bad"],
};
const underWay = ["queued", "building", "starting", "checking"];

// While a release is live, the next one may be on its way, or have failed.
function stateOf(project) {
  const latest = project.latest ? project.latest.status : "";
  if (project.status === "live" && underWay.includes(latest)) return ["Live, updating", "good"];
  if (project.status === "live" && latest === "failed") return ["Live, last push failed", "wait"];
  return states[project.status] || [project.status || "Unknown", ""];
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
  prepareLogOut();
  prepareCommands(document);
  keepFresh(async () => show(await allProjects()), refreshEvery);
}

if (document.querySelector("#login")) prepareLogin();
if (document.querySelector("#projects")) prepareProjects();
