// What the command palette offers. The app adds its pages; a page adds what can be done on it while
// it is seen.
import { useEffect, useSyncExternalStore } from "react";

export interface Command {
  id: string;
  label: string;
  group: string;
  words?: string; // also finds it
  run: () => void;
}

const registered = new Map<symbol, readonly Command[]>();
const listeners = new Set<() => void>();
let snapshot: readonly Command[] = [];

function tell() {
  snapshot = [...registered.values()].flat();
  for (const listener of listeners) listener();
}

// `commands` has to be stable: useMemo.
export function useRegisterCommands(commands: readonly Command[]) {
  useEffect(() => {
    const key = Symbol("commands");
    registered.set(key, commands);
    tell();
    return () => {
      registered.delete(key);
      tell();
    };
  }, [commands]);
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useCommands(): readonly Command[] {
  return useSyncExternalStore(subscribe, () => snapshot);
}
