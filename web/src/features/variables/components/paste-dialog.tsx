import { useState, type FormEvent } from "react";

import { plural } from "@/lib/format";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { FormField } from "@/ui/form-field";
import { ProblemAlert } from "@/ui/problem-alert";
import { Select } from "@/ui/select";
import { Textarea } from "@/ui/textarea";
import { changeOf, effects, errorOf, rowsOf, type Row } from "@/features/variables/changes";
import { parseDotenv } from "@/features/variables/dotenv";
import { useChangeVariables, type Kind, type Place, type Variable } from "@/features/variables/queries";

interface Props {
  place: Place;
  present: readonly Variable[];
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function PasteDialog({ open, onOpenChange, ...rest }: Props) {
  return (
    <Dialog wide open={open} onOpenChange={onOpenChange} title="Paste a .env" description="Variables of the same name get the new value; the others stay. All of it is saved, or nothing.">
      <PasteForm {...rest} onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function PasteForm({ place, present, onDone }: Omit<Props, "open" | "onOpenChange"> & { onDone: () => void }) {
  const change = useChangeVariables(place);
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState<Record<string, Kind>>({});
  const { variables, error } = parseDotenv(text);
  const rows = rowsOf(variables, present, chosen);
  const wish = changeOf(rows);
  const changed = Object.keys(wish.set).length;
  const refused = change.error?.document.errors ?? [];
  const isElsewhere = change.error && !rows.some(({ name }) => errorOf(refused, name));

  function submit(event: FormEvent) {
    event.preventDefault();
    change.mutate(wish, { onSuccess: onDone });
  }

  return (
    <form onSubmit={submit} className="grid gap-4">
      {isElsewhere && <ProblemAlert error={change.error} />}
      <FormField
        label="Lines of KEY=value"
        hint="Quotes, several lines, comments and export as in any .env file."
        error={error ? `line ${error.line}: ${error.text}` : undefined}
      >
        <Textarea mono autoFocus rows={7} value={text} onChange={(event) => setText(event.target.value)} />
      </FormField>
      {rows.length > 0 && (
        <ul aria-label="What it would change" className="grid max-h-72 divide-y divide-line overflow-y-auto rounded-lg border border-line">
          {rows.map((row) => (
            <PreviewRow key={row.name} row={row} error={errorOf(refused, row.name)} onKind={(kind) => setChosen({ ...chosen, [row.name]: kind })} />
          ))}
        </ul>
      )}
      <div className="flex justify-end">
        <Button type="submit" kind="primary" busy={change.isPending} disabled={changed === 0 || error !== null}>
          Save {changed > 0 ? plural(changed, "variable") : ""}
        </Button>
      </div>
    </form>
  );
}

function PreviewRow({ row, error, onKind }: { row: Row; error?: string; onKind: (kind: Kind) => void }) {
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1.5 px-3 py-2">
      <span className="grid min-w-0 flex-1 basis-48">
        <code className="truncate font-mono text-[0.8125rem] font-medium">{row.name}</code>
        <code className="truncate font-mono text-xs text-muted">{row.kind === "secret" ? "••••••••" : row.value || "(empty)"}</code>
        {error && <span className="text-[0.8125rem] text-bad">{error}</span>}
      </span>
      <Badge tone={row.effect === "new" ? "good" : row.effect === "same" ? "neutral" : "wait"}>{effects[row.effect]}</Badge>
      <Select
        aria-label={`Kind of ${row.name}`}
        options={[
          { value: "plain", label: "Plain" },
          { value: "secret", label: "Secret" },
        ]}
        value={row.kind}
        onChange={(event) => onKind(event.target.value as Kind)}
        className="w-28"
      />
    </li>
  );
}
