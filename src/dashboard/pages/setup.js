import { call, Form, Problem, prepareCommands } from "./api.js";

const form = new Form(document.querySelector("#setup"));
const token = new URLSearchParams(location.search).get("token") || "";

function check() {
  if (form.value("password") !== form.value("again")) {
    throw new Problem(0, { errors: [{ pointer: "/again", detail: "is not the same password" }] });
  }
}

form.onSubmit(async () => {
  check();
  await call("POST", "/api/v1/setup", {
    token,
    email: form.value("email"),
    password: form.value("password"),
  });
  // The link is used up; nobody needs to see it in the history.
  history.replaceState(null, "", "/setup");
  document.querySelector("#ask").hidden = true;
  const done = document.querySelector("#done");
  done.hidden = false;
  done.querySelector("h1").focus();
});

prepareCommands(document);
