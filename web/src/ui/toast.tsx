import { CircleAlert, CircleCheck, X } from "lucide-react";
import { useEffect, useSyncExternalStore } from "react";

import { asProblem, sentence } from "@/lib/api/problem";
import { IconButton } from "@/ui/icon-button";

interface Notice {
  id: number;
  tone: "good" | "bad";
  text: string;
}

const shownAtOnce = 3;
const shownMilliseconds = 6000;

let notices: readonly Notice[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function change(next: readonly Notice[]) {
  notices = next;
  for (const listener of listeners) listener();
}

function add(tone: Notice["tone"], text: string) {
  change([...notices, { id: ++lastId, tone, text }].slice(-shownAtOnce));
}

// What happened elsewhere than where the reader looks. What belongs to a form stands in the form.
export const toast = {
  done: (text: string) => add("good", text),
  failed: (error: unknown) => add("bad", sentence(asProblem(error).message)),
};

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => notices);
  return (
    <div
      role="status"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-4 bottom-4 z-50 grid justify-items-end gap-2"
    >
      {shown.map((notice) => (
        <ToastLine key={notice.id} notice={notice} />
      ))}
    </div>
  );
}

function ToastLine({ notice }: { notice: Notice }) {
  const close = () => change(notices.filter(({ id }) => id !== notice.id));
  useEffect(() => {
    const timer = setTimeout(
      () => change(notices.filter(({ id }) => id !== notice.id)),
      shownMilliseconds,
    );
    return () => clearTimeout(timer);
  }, [notice.id]);
  return (
    <div className="pointer-events-auto flex w-full max-w-sm animate-enter items-start gap-2.5 rounded-xl border border-line bg-raised py-2 pr-2 pl-3.5 shadow-raised">
      {notice.tone === "good" ? (
        <CircleCheck aria-hidden className="mt-2 size-4 shrink-0 text-good" />
      ) : (
        <CircleAlert aria-hidden className="mt-2 size-4 shrink-0 text-bad" />
      )}
      <p className="min-w-0 flex-1 py-1.5 wrap-anywhere">{notice.text}</p>
      <IconButton label="Dismiss" tip={false} icon={<X />} onClick={close} />
    </div>
  );
}
