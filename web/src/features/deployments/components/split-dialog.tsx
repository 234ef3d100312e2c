import { useState, type FormEvent } from "react";

import type { Deployment } from "@/lib/deployment-state";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { FormField } from "@/ui/form-field";
import { Input } from "@/ui/input";
import { ProblemAlert } from "@/ui/problem-alert";
import { Select } from "@/ui/select";
import { useSetSplit, type Place } from "@/features/deployments/queries";
import { readPercent, wishOf } from "@/features/deployments/split";

interface Props {
  place: Place;
  live: Deployment;
  others: readonly Deployment[];
  chosen?: number; // the one that shares already
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function SplitDialog({ open, onOpenChange, ...rest }: Props) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Share the visitors"
      description={`Some visitors see another release beside the live one, #${rest.live.number}. It is started and checked first.`}
    >
      <SplitForm {...rest} onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function SplitForm({ place, live, others, chosen, onDone }: Omit<Props, "open" | "onOpenChange"> & { onDone: () => void }) {
  const set = useSetSplit(place);
  const [number, setNumber] = useState(String(chosen ?? others[0]?.number ?? ""));
  const [typed, setTyped] = useState("10");
  const percent = readPercent(typed);
  const options = others.map((other) => ({ value: String(other.number), label: `#${other.number} ${other.message}` }));

  function submit(event: FormEvent) {
    event.preventDefault();
    if (percent === null) return;
    set.mutate(wishOf(live.number, Number(number), percent), { onSuccess: onDone });
  }

  return (
    <form onSubmit={submit} className="grid gap-4" noValidate>
      {set.error && <ProblemAlert error={set.error} />}
      <FormField label="Release">
        <Select options={options} value={number} onChange={(event) => setNumber(event.target.value)} />
      </FormField>
      <FormField
        label="Percent of the visitors"
        hint={`The other ${100 - (percent ?? 10)} % stay with the live release.`}
        error={percent === null ? "must be a whole number from 1 to 99" : undefined}
      >
        <Input inputMode="numeric" value={typed} onChange={(event) => setTyped(event.target.value)} className="max-w-28" />
      </FormField>
      <div className="flex justify-end">
        <Button type="submit" kind="primary" busy={set.isPending} disabled={percent === null || number === ""}>
          Share
        </Button>
      </div>
    </form>
  );
}
