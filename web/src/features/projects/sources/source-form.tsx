import { useState, type FormEvent } from "react";

import { useSetSource, type Source } from "@/lib/sources/queries";
import { Button } from "@/ui/button";
import { FormField } from "@/ui/form-field";
import { Input } from "@/ui/input";
import { ProblemAlert } from "@/ui/problem-alert";
import { opensWith } from "@/features/projects/sources/address";

interface Props {
  project: string;
  source: Source | null;
  action: string;
  onSaved: (source: Source) => void;
}

const fields = ["url", "branch", "token"] as const;
const plain = { autoComplete: "off", autoCapitalize: "none", spellCheck: false };

// Address, branch and what opens it. Over ssh a deploy key is made when it is saved.
export function SourceForm({ project, source, action, onSaved }: Props) {
  const save = useSetSource(project);
  const [url, setUrl] = useState(source?.url ?? "");
  const [branch, setBranch] = useState(source?.branch ?? "main");
  const [token, setToken] = useState("");
  const wrong = save.error?.fields ?? {};
  const isElsewhere = save.error && !fields.some((field) => wrong[field]);
  const opens = opensWith(url);
  const hasToken = source?.credential === "token";

  function submit(event: FormEvent) {
    event.preventDefault();
    const secret = opens === "token" && token.trim() !== "" ? { token: token.trim() } : {};
    save.mutate(
      { url: url.trim(), branch: branch.trim(), ...secret },
      {
        onSuccess: (saved) => {
          setToken("");
          onSaved(saved);
        },
      },
    );
  }

  return (
    <form onSubmit={submit} className="grid max-w-xl gap-4" noValidate>
      {isElsewhere && <ProblemAlert error={save.error} shownFields={fields} />}
      <FormField label="Repository" hint="https://host/path.git, ssh://git@host/path.git or git@host:path" error={wrong.url}>
        <Input required placeholder="https://github.com/you/shop.git" value={url} onChange={({ target }) => setUrl(target.value)} {...plain} />
      </FormField>
      <FormField label="Branch" hint="Its newest commit is what production deploys." error={wrong.branch}>
        <Input required value={branch} onChange={({ target }) => setBranch(target.value)} {...plain} />
      </FormField>
      {opens === "token" && (
        <FormField
          label="Access token"
          optional
          hint={hasToken ? "One is kept; it stays if this is left empty." : "For a private repository: one that may read it. It is kept sealed and not shown again."}
          error={wrong.token}
        >
          <Input type="password" value={token} onChange={({ target }) => setToken(target.value)} {...plain} autoComplete="new-password" />
        </FormField>
      )}
      {opens === "deploy_key" && !source?.public_key && (
        <p className="text-muted">A deploy key is made for it; its public half is shown then, to be added to the repository.</p>
      )}
      <div>
        <Button type="submit" kind="primary" busy={save.isPending} disabled={url.trim() === "" || branch.trim() === ""}>
          {action}
        </Button>
      </div>
    </form>
  );
}
