import { useState, type FormEvent } from "react";

import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { FormField } from "@/ui/form-field";
import { Input } from "@/ui/input";
import { ProblemAlert } from "@/ui/problem-alert";
import { Select } from "@/ui/select";
import { useAddProvider, type Provider } from "@/features/certificates/queries";

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export const kinds: readonly { value: Provider["kind"]; label: string }[] = [
  { value: "cloudflare", label: "Cloudflare" },
  { value: "rfc2136", label: "A name server (RFC 2136)" },
];

export function ProviderDialog({ open, onOpenChange }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Add a DNS provider" description="It is asked for every name in its zone.">
      <ProviderForm onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

const fields = ["zone", "server", "key_name", "key"] as const;

function ProviderForm({ onDone }: { onDone: () => void }) {
  const add = useAddProvider();
  const [draft, setDraft] = useState({ zone: "", server: "", key_name: "", key: "" });
  const [kind, setKind] = useState<Provider["kind"]>("cloudflare");
  const wrong = add.error?.fields ?? {};
  const isElsewhere = add.error && !fields.some((field) => wrong[field]);
  const isServer = kind === "rfc2136";
  const plain = { autoComplete: "off", autoCapitalize: "none", spellCheck: false };
  const type = (name: (typeof fields)[number]) => ({
    ...plain,
    value: draft[name],
    onChange: ({ target }: { target: { value: string } }) => setDraft({ ...draft, [name]: target.value }),
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    const { zone, server, key_name, key } = draft;
    const ofServer = isServer ? { server: server.trim(), key_name: key_name.trim() } : {};
    add.mutate({ zone: zone.trim(), kind, key: key.trim(), ...ofServer }, { onSuccess: onDone });
  }

  return (
    <form onSubmit={submit} className="grid gap-4" noValidate>
      {isElsewhere && <ProblemAlert error={add.error} shownFields={fields} />}
      <FormField label="Kept by">
        <Select options={kinds} value={kind} onChange={({ target }) => setKind(target.value as Provider["kind"])} />
      </FormField>
      <FormField label="Zone" error={wrong.zone}>
        <Input required placeholder="example.com" {...type("zone")} />
      </FormField>
      {isServer && (
        <>
          <FormField label="Server" hint="Of the zone, with its port where that is not 53." error={wrong.server}>
            <Input required placeholder="ns1.example.com:53" {...type("server")} />
          </FormField>
          <FormField label="Name of the key" hint="TSIG, HMAC-SHA256." error={wrong.key_name}>
            <Input required placeholder="temps" {...type("key_name")} />
          </FormField>
        </>
      )}
      <FormField label={isServer ? "Key" : "API token"} hint={isServer ? "In base64, as the server's settings have it." : "One that may edit the DNS of this zone only."} error={wrong.key}>
        <Input required type="password" {...type("key")} autoComplete="new-password" />
      </FormField>
      <div className="flex justify-end">
        <Button type="submit" kind="primary" busy={add.isPending} disabled={draft.zone.trim() === "" || draft.key.trim() === ""}>
          Add the provider
        </Button>
      </div>
    </form>
  );
}
