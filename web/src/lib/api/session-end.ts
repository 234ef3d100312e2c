// Tells the app that the server does not know who asks any more, or wants a second factor first.
import type { Problem } from "@/lib/api/problem";

type Listener = () => void;

const ended = new Set<Listener>();
const required = new Set<Listener>();

function added(listeners: Set<Listener>, listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const onSessionEnd = (listener: Listener) => added(ended, listener);
export const onFactorRequired = (listener: Listener) => added(required, listener);

// A wrong password or code is answered with 401, too, but ends nothing.
const endsNothing = new Set(["identity.bad_credentials", "identity.bad_code", "identity.login_over"]);

export function noteProblem(problem: Problem) {
  if (problem.status === 401 && !endsNothing.has(problem.code)) for (const listener of ended) listener();
  if (problem.code === "identity.factor_required") for (const listener of required) listener();
}
