// What went wrong, as the API says it (RFC 9457), or as we say it where it does not answer.
import type { components } from "@/api/schema";

export type ProblemDocument = components["schemas"]["Problem"];

export class Problem extends Error {
  readonly status: number; // 0: there was no answer
  readonly document: Partial<ProblemDocument>;

  constructor(status: number, document: Partial<ProblemDocument>) {
    super(document.detail || document.title || "The request failed.");
    this.name = "Problem";
    this.status = status;
    this.document = document;
  }

  get code(): string {
    return this.document.code ?? "";
  }

  // What is wrong with each field of a form, by the field's name ("/email" -> "email").
  get fields(): Record<string, string> {
    const found: Record<string, string> = {};
    for (const { pointer, detail } of this.document.errors ?? []) {
      found[pointer.replace(/^\//, "").split("/")[0] ?? ""] ??= detail;
    }
    return found;
  }
}

// The API says "is taken", "needs 10 characters": of what stands beside it here.
export function sentence(text: string): string {
  const whole = /^(is|are|has|needs|must|may) /.test(text) ? `This ${text}` : text;
  // "shop.example.com has no record": a name stays as it is written.
  const isName = /^\S*[.:/]\S/.test(whole);
  const first = isName ? whole : whole.charAt(0).toUpperCase() + whole.slice(1);
  // A full stop behind a command would be typed with it.
  return first === "" || /[.!?]$|: temps /.test(first) ? first : `${first}.`;
}

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem(-1, {
    title: "The console failed",
    detail: error instanceof Error ? error.message : String(error),
  });
}

// Where the code says more about it than the status.
const steps: Record<string, string> = {
  "access.bad_invitation": "Ask whoever invited you for a new link.",
  "access.beyond_own": "Ask somebody with more rights to do it.",
  "devices.no_such_code": "Compare it with the code that your program shows; a new one is made by temps login.",
  "builds.needs_engine": "Ask who runs this server for a container engine; repositories, pushes and folders work without one.",
  "identity.bad_code": "Wait for the next code of your app, or use a recovery code.",
  "identity.bad_credentials": "Check both, then try again.",
  "identity.bad_reset_token": "Ask an admin for a new link.",
  "identity.factor_required": "Turn on a second factor in your account, under Security.",
  "identity.last_owner": "Make somebody else an owner first.",
  "identity.login_again": "Log out and in again, then do it at once.",
  "identity.login_over": "Begin again.",
  "sources.no_such_branch": "Choose a branch that the repository has.",
  "sources.not_there": "Check the address; a private repository needs a credential, too.",
  "sources.other_host_key": "Ask who runs this server and the git server.",
  "sources.refused_address": "Give an address that others reach, too; who runs this server can permit it.",
  "sources.unreachable": "Check the address, then try again.",
  "sources.wants_credential": "Give an access token that may read the repository, or add the deploy key there.",
};

// What the reader can do next.
export function nextStep(problem: Problem): string {
  const step = steps[problem.code];
  if (step !== undefined) return step;
  // What is wrong with a login says so by itself.
  if (/^oidc\.(?!bad_)/.test(problem.code)) return "";
  if (problem.status === 0) return "Check that Temps runs and that you are online, then try again.";
  if (problem.status === -1) return "Reload the page. If it happens again, this is a mistake of the console.";
  if (problem.status === 401) return "Log in, then try again.";
  if (problem.status === 403) return "Ask an admin if you need this.";
  if (problem.status === 404) return "Check the address; it may have been removed in the meantime.";
  if (problem.status === 409) return "Look at the present state, then decide again.";
  if (problem.status === 429) return "Wait a moment, then try again.";
  if (problem.status >= 500) return "Try again shortly. The log on the server says more.";
  return "Change what is named above, then try again.";
}
