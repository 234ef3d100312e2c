// Requests to the API, and forms that show its problem documents.

export class Problem extends Error {
  constructor(status, document) {
    super(document.detail || document.title || "The request failed.");
    this.status = status;
    this.code = document.code || "";
    this.fields = document.errors || [];
    this.requestId = document.request_id || "";
  }
}

async function documentOf(response) {
  try {
    return await response.json();
  } catch {
    return { title: `The server answered with status ${response.status}.` };
  }
}

export async function call(method, path, body) {
  const options = { method, headers: { Accept: "application/json" } };
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Problem(0, {
      detail: "Temps does not answer. Check that it runs and that you are online, then try again.",
    });
  }
  if (!response.ok) throw new Problem(response.status, await documentOf(response));
  return response.status === 204 ? null : response.json();
}

function sentence(text) {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}

// The API says "is taken", "needs 10 characters": of what stands beside it here.
function aboutThis(text) {
  return /^(is|are|has|needs|must|may) /.test(text) ? `this ${text}` : text;
}

// A form whose fields have ids equal to their names, each with an element "<name>-wrong" for what
// is wrong with it, and one element with the class "alert" for the rest.
export class Form {
  constructor(form) {
    this.form = form;
    this.alert = form.querySelector(".alert");
    this.button = form.querySelector("button[type=submit]");
  }

  value(name) {
    return this.form.elements[name].value;
  }

  clear() {
    this.alert.hidden = true;
    for (const input of this.form.querySelectorAll("input")) {
      input.removeAttribute("aria-invalid");
      this.wrong(input.name, "");
    }
  }

  wrong(name, text) {
    const place = this.form.querySelector(`#${CSS.escape(`${name}-wrong`)}`);
    if (!place) return false;
    place.textContent = text ? sentence(aboutThis(text)) : "";
    place.hidden = !text;
    if (text) this.form.elements[name].setAttribute("aria-invalid", "true");
    return true;
  }

  say(text) {
    this.alert.textContent = sentence(text);
    this.alert.hidden = false;
  }

  show(problem) {
    const shown = problem.fields.filter((field) =>
      this.wrong(field.pointer.replace(/^\//, ""), field.detail),
    );
    if (shown.length === 0) this.say(problem.message);
    const first = this.form.querySelector("[aria-invalid=true]");
    if (first) first.focus();
  }

  // Runs `work` at each submit, with the button off meanwhile, and shows what it fails with.
  onSubmit(work) {
    this.form.addEventListener("submit", async (event) => {
      event.preventDefault();
      this.clear();
      this.button.disabled = true;
      try {
        await work();
      } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        this.show(problem);
      } finally {
        this.button.disabled = false;
      }
    });
  }
}

async function copy(button, code) {
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = "Copied";
  } catch {
    // No clipboard without https: mark the text, so that one key press copies it.
    getSelection().selectAllChildren(code);
    button.textContent = "Marked";
  }
  setTimeout(() => (button.textContent = "Copy"), 2000);
}

// Fills in this server's address, and makes the buttons beside commands copy them.
export function prepareCommands(root) {
  for (const place of root.querySelectorAll("[data-origin]")) place.textContent = location.origin;
  for (const command of root.querySelectorAll(".command")) {
    const button = command.querySelector("button");
    button.addEventListener("click", () => copy(button, command.querySelector("code")));
  }
}

// Shows what `load` yields again and again while the page is seen; what it fails with stands in the
// element "trouble" meanwhile.
export function keepFresh(load, everyMilliseconds) {
  const trouble = document.querySelector("#trouble");
  async function refresh() {
    try {
      await load();
      trouble.hidden = true;
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (problem.status === 401) return location.assign("/");
      trouble.textContent = problem.message;
      trouble.hidden = false;
    }
    setTimeout(refreshWhenSeen, everyMilliseconds);
  }
  function refreshWhenSeen() {
    if (!document.hidden) return refresh();
    document.addEventListener("visibilitychange", refresh, { once: true });
  }
  refresh();
}

export function prepareLogOut() {
  document.querySelector("#log-out").addEventListener("click", async () => {
    await call("DELETE", "/api/v1/sessions/current").catch(() => null);
    location.assign("/");
  });
}
