// Does the server answer? Told by every request, shown by the shell's banner.
import { useSyncExternalStore } from "react";

let reached = true;
const listeners = new Set<() => void>();

function tell() {
  for (const listener of listeners) listener();
}

export function noteReached(now: boolean) {
  if (reached === now) return;
  reached = now;
  tell();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  addEventListener("online", listener);
  addEventListener("offline", listener);
  return () => {
    listeners.delete(listener);
    removeEventListener("online", listener);
    removeEventListener("offline", listener);
  };
}

export type Reachability = "reached" | "offline" | "unreachable";

export function useReachability(): Reachability {
  return useSyncExternalStore(subscribe, () =>
    !navigator.onLine ? "offline" : reached ? "reached" : "unreachable",
  );
}
