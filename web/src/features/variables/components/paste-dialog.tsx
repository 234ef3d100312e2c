import { useState, type FormEvent } from "react";

import { plural } from "@/lib/format";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { FormField } from "@/ui/form-field";
import { ProblemAlert } from "@/ui/problem-alert";
import { Textarea } from "@/ui/textarea";
import { parseDotenv } from "@/features/variables/dotenv";
import { useChangeVariables } from "@/features/variables/queries";

interface Props {
  project: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function PasteDialog({ project, open, onOpenChange }: Props) {
  return (
    <Dialog wide open={open} onOpenChange={onOpenChange} title="Paste a .env" description="Variables of the same name get the new value; the others stay.">
      <PasteForm project={project} onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function PasteForm({ project, onDone }: { project: string; onDone: () => void }) {
  const change = useChangeVariables(project);
  const [text, setText] = useState("");
  const { variables, wrong } = parseDotenv(text);
  const found = Object.keys(variables).length;

  function submit(event: FormEvent) {
    event.preventDefault();
    change.mutate(variables, { onSuccess: onDone });
  }

  return (
    <form onSubmit={submit} className="grid gap-4">
      {change.error && <ProblemAlert error={change.error} />}
      <FormField
        label="Lines of KEY=value"
        hint={found > 0 ? `${plural(found, "variable")} found.` : "Comments and empty lines are left out."}
        error={wrong.length > 0 ? `has no KEY=value in line ${wrong.join(", ")}` : undefined}
      >
        <Textarea mono autoFocus rows={10} value={text} onChange={(event) => setText(event.target.value)} />
      </FormField>
      <div className="flex justify-end">
        <Button type="submit" kind="primary" busy={change.isPending} disabled={found === 0 || wrong.length > 0}>
          Save {found > 0 ? plural(found, "variable") : ""}
        </Button>
      </div>
    </form>
  );
}
