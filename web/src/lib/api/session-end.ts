// Tells the app that the server does not know who asks any more.
import type { Problem } from "@/lib/api/problem";

type Listener = () => void;

const listeners = new Set<Listener>();

export function onSessionEnd(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

// Wrong passwords and codes are answered with 401, too, but end nothing.
const attempts = ["identity.bad_credentials", "identity.bad_code", "identity.login_over"];

export function noteProblem(problem: Problem) {
  if (problem.status !== 401 || attempts.includes(problem.code)) return;
  for (const listener of listeners) listener();
}
