import { useState, type FormEvent } from "react";

import { Button } from "@/ui/button";
import { Checkbox } from "@/ui/checkbox";
import { CodeBlock } from "@/ui/code-block";
import { Dialog } from "@/ui/dialog";
import { FormField } from "@/ui/form-field";
import { Input } from "@/ui/input";
import { ProblemAlert } from "@/ui/problem-alert";
import { Select } from "@/ui/select";
import { IssuerField } from "@/features/oidc/components/issuer-field";
import { emptyDraft, nameOf, redirectUri, unknownPeople, wishOf, type UnknownPeople } from "@/features/oidc/draft";
import { useAddProvider } from "@/features/oidc/queries";

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function AddDialog({ open, onOpenChange }: Props) {
  return (
    <Dialog firm wide open={open} onOpenChange={onOpenChange} title="Add a login provider" description="Register Temps there as a web application first.">
      <AddForm onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

const fields = ["name", "label", "issuer", "client_id", "client_secret", "email_domains", "links_by_email"] as const;
const plain = { autoComplete: "off", autoCapitalize: "none", spellCheck: false };

function AddForm({ onDone }: { onDone: () => void }) {
  const add = useAddProvider();
  const [draft, setDraft] = useState(emptyDraft);
  const wrong = add.error?.fields ?? {};
  const isElsewhere = add.error && !fields.some((field) => wrong[field]);
  const name = nameOf(draft);
  const isComplete = [name, draft.issuer, draft.clientId, draft.clientSecret].every((text) => text.trim() !== "");
  const type = (field: "label" | "clientId" | "clientSecret" | "domains") => ({
    ...plain,
    value: draft[field],
    onChange: ({ target }: { target: { value: string } }) => setDraft({ ...draft, [field]: target.value }),
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    add.mutate(wishOf(draft), { onSuccess: onDone });
  }

  return (
    <form onSubmit={submit} className="grid gap-4" noValidate>
      {isElsewhere && <ProblemAlert error={add.error} shownFields={fields} />}
      <FormField label="Name" hint="It stands on the button: Log in with …" error={wrong.label ?? wrong.name}>
        <Input autoFocus required placeholder="Google" maxLength={60} {...type("label")} />
      </FormField>
      {name !== "" && (
        <section className="grid gap-1.5" aria-label="Redirect URI">
          <p className="text-[0.8125rem] font-medium">Redirect URI to enter at the provider</p>
          <CodeBlock code={redirectUri(name)} label="Copy the redirect URI" />
        </section>
      )}
      <IssuerField value={draft.issuer} error={wrong.issuer} onChange={(issuer) => setDraft({ ...draft, issuer })} />
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <FormField label="Client id" error={wrong.client_id}>
          <Input required {...type("clientId")} />
        </FormField>
        <FormField label="Client secret" hint="Is not shown again." error={wrong.client_secret}>
          <Input required type="password" {...type("clientSecret")} autoComplete="new-password" />
        </FormField>
      </div>
      <FormField label="E-mail domains" optional hint="Only people with a verified address there are admitted." error={wrong.email_domains}>
        <Input placeholder="example.org, example.com" {...type("domains")} />
      </FormField>
      <FormField label="People without an account here">
        <Select options={unknownPeople} value={draft.unknown} onChange={({ target }) => setDraft({ ...draft, unknown: target.value as UnknownPeople })} />
      </FormField>
      <Checkbox
        label="Know accounts by their e-mail address"
        hint={wrong.links_by_email ? `It ${wrong.links_by_email}.` : "At the first login, for accounts below admin. Needs the e-mail domains above, and a provider that alone decides who has them."}
        checked={draft.linksByEmail}
        onChange={(linksByEmail) => setDraft({ ...draft, linksByEmail })}
      />
      <Checkbox
        label="Leave the second factor to the provider"
        hint="No code is asked for here after a login there."
        checked={draft.trustsFactor}
        onChange={(trustsFactor) => setDraft({ ...draft, trustsFactor })}
      />
      <div className="flex justify-end">
        <Button type="submit" kind="primary" busy={add.isPending} disabled={!isComplete}>
          Add the provider
        </Button>
      </div>
    </form>
  );
}
