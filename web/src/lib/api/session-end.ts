// Tells the app that the server does not know who asks any more.
import type { Problem } from "@/lib/api/problem";

type Listener = () => void;

const listeners = new Set<Listener>();

export function onSessionEnd(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

// A wrong password is answered with 401, too, but ends nothing.
export function noteProblem(problem: Problem) {
  if (problem.status !== 401 || problem.code === "identity.bad_credentials") return;
  for (const listener of listeners) listener();
}
