import { useState, type FormEvent } from "react";

import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { FormField } from "@/ui/form-field";
import { ProblemAlert } from "@/ui/problem-alert";
import { Textarea } from "@/ui/textarea";
import { toast } from "@/ui/toast";
import { useUploadCertificate } from "@/features/certificates/queries";

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function UploadDialog({ open, onOpenChange }: Props) {
  return (
    <Dialog wide open={open} onOpenChange={onOpenChange} title="Upload a certificate" description="Of another authority, or of your own. Temps does not renew it.">
      <UploadForm onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

const fields = ["chain", "key"] as const;

function UploadForm({ onDone }: { onDone: () => void }) {
  const upload = useUploadCertificate();
  const [chain, setChain] = useState("");
  const [key, setKey] = useState("");
  const wrong = upload.error?.fields ?? {};
  const isElsewhere = upload.error && !fields.some((field) => wrong[field]);

  function submit(event: FormEvent) {
    event.preventDefault();
    upload.mutate(
      { chain, key },
      {
        onSuccess: ({ names }) => {
          toast.done(`The certificate for ${names.join(", ")} is kept.`);
          onDone();
        },
      },
    );
  }

  return (
    <form onSubmit={submit} className="grid gap-4" noValidate>
      {isElsewhere && <ProblemAlert error={upload.error} shownFields={fields} />}
      <FormField label="Certificate" hint="PEM: the certificate itself, then its issuers." error={wrong.chain}>
        <Textarea mono autoFocus rows={6} placeholder="-----BEGIN CERTIFICATE-----" value={chain} onChange={({ target }) => setChain(target.value)} />
      </FormField>
      <FormField label="Private key" hint="PEM. It is kept sealed, and is not shown again." error={wrong.key}>
        <Textarea mono rows={4} autoComplete="off" placeholder="-----BEGIN PRIVATE KEY-----" value={key} onChange={({ target }) => setKey(target.value)} />
      </FormField>
      <div className="flex justify-end">
        <Button type="submit" kind="primary" busy={upload.isPending} disabled={chain.trim() === "" || key.trim() === ""}>
          Upload
        </Button>
      </div>
    </form>
  );
}
