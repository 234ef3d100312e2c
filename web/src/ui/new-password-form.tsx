import { useState, type FormEvent } from "react";

import type { Problem } from "@/lib/api/problem";
import { Button } from "@/ui/button";
import { FormField } from "@/ui/form-field";
import { Input } from "@/ui/input";
import { ProblemAlert } from "@/ui/problem-alert";

interface Props {
  email?: string; // for the browser's password store
  action: string;
  busy: boolean;
  error: Problem | null;
  onSubmit: (password: string) => void;
}

// A password, twice.
export function NewPasswordForm({ email, action, busy, error, onSubmit }: Props) {
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const [isDifferent, setDifferent] = useState(false);
  const wrong = error?.fields.password;

  function submit(event: FormEvent) {
    event.preventDefault();
    setDifferent(password !== again);
    if (password === again) onSubmit(password);
  }

  return (
    <form onSubmit={submit} className="grid gap-4" noValidate>
      {error && !wrong && <ProblemAlert error={error} />}
      {email && <input type="hidden" name="email" autoComplete="username" value={email} readOnly />}
      <FormField label="Password" hint="10 characters or more." error={wrong}>
        <Input
          type="password"
          autoComplete="new-password"
          required
          maxLength={256}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </FormField>
      <FormField label="Password again" error={isDifferent ? "is not the same password" : undefined}>
        <Input
          type="password"
          autoComplete="new-password"
          required
          maxLength={256}
          value={again}
          onChange={(event) => setAgain(event.target.value)}
        />
      </FormField>
      <Button type="submit" kind="primary" busy={busy} disabled={password === "" || again === ""}>
        {action}
      </Button>
    </form>
  );
}
