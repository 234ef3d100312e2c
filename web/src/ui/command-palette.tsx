import { Search } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { useEffect, useId, useRef, useState, type KeyboardEvent } from "react";

import { cx } from "@/lib/class-names";
import type { Command } from "@/lib/commands";
import { ranked } from "@/lib/fuzzy";
import { overlayClass } from "@/ui/dialog";
import { Kbd } from "@/ui/kbd";

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  commands: readonly Command[];
}

export function CommandPalette({ open, onOpenChange, commands }: Props) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={overlayClass} />
        <Radix.Content
          aria-describedby={undefined}
          className="fixed inset-x-4 top-[12dvh] z-50 mx-auto flex max-h-[70dvh] max-w-xl flex-col overflow-hidden rounded-xl border border-line bg-raised shadow-raised data-[state=open]:animate-enter"
        >
          <Radix.Title className="sr-only">Go to, or do</Radix.Title>
          <Palette commands={commands} onDone={() => onOpenChange(false)} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function Palette({ commands, onDone }: { commands: readonly Command[]; onDone: () => void }) {
  const [typed, setTyped] = useState("");
  const [index, setIndex] = useState(0);
  const list = useId();
  const found = ranked(commands, typed, (command) => `${command.label} ${command.group} ${command.words ?? ""}`);
  const at = Math.min(index, found.length - 1);

  function run(command: Command | undefined) {
    if (!command) return;
    onDone();
    command.run();
  }

  function press(event: KeyboardEvent) {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step !== undefined && found.length > 0) {
      event.preventDefault();
      setIndex((at + step + found.length) % found.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      run(found[at]);
    }
  }

  return (
    <>
      <div className="flex items-center gap-3 border-b border-line px-4">
        <Search aria-hidden className="size-4 shrink-0 text-muted" />
        <input
          autoFocus
          role="combobox"
          aria-expanded
          aria-controls={list}
          aria-activedescendant={found[at] ? `${list}-${at}` : undefined}
          aria-label="Go to a page or project, or do something"
          placeholder="Go to a page or project, or do something"
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setIndex(0);
          }}
          onKeyDown={press}
          className="h-12 min-w-0 flex-1 bg-transparent outline-none"
        />
        <Kbd>Esc</Kbd>
      </div>
      <ul id={list} role="listbox" aria-label="Results" className="overflow-y-auto p-1.5">
        {found.map((command, place) => (
          <Choice
            key={command.id}
            id={`${list}-${place}`}
            command={command}
            isChosen={place === at}
            onPoint={() => setIndex(place)}
            onRun={() => run(command)}
          />
        ))}
      </ul>
      {found.length === 0 && <p className="px-4 pt-1 pb-5 text-center text-muted">Nothing answers to this.</p>}
    </>
  );
}

interface ChoiceProps {
  id: string;
  command: Command;
  isChosen: boolean;
  onPoint: () => void;
  onRun: () => void;
}

function Choice({ id, command, isChosen, onPoint, onRun }: ChoiceProps) {
  const line = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isChosen) line.current?.scrollIntoView({ block: "nearest" });
  }, [isChosen]);
  return (
    <li
      ref={line}
      id={id}
      role="option"
      aria-selected={isChosen}
      onPointerMove={onPoint}
      onClick={onRun}
      className={cx("flex min-h-9 cursor-pointer items-center justify-between gap-4 rounded-lg px-3", isChosen && "bg-hover")}
    >
      <span className="truncate">{command.label}</span>
      <span className="shrink-0 text-xs text-faint">{command.group}</span>
    </li>
  );
}
