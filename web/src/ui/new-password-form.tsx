import { useState, type FormEvent } from "react";

import type { Problem } from "@/lib/api/problem";
import { Button } from "@/ui/button";
import { FormField } from "@/ui/form-field";
import { Input } from "@/ui/input";
import { ProblemAlert } from "@/ui/problem-alert";

interface Props {
  email?: string; // whose it is, for the browser's password store
  asksEmail?: boolean; // of a new account
  action: string;
  busy: boolean;
  error: Problem | null;
  onSubmit: (password: string, email: string) => void;
}

const fields = ["email", "password"] as const;

// A password, twice; for a new account with its e-mail address before it.
export function NewPasswordForm({ email = "", asksEmail = false, action, busy, error, onSubmit }: Props) {
  const [address, setAddress] = useState(email);
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const [isDifferent, setDifferent] = useState(false);
  const wrong = error?.fields ?? {};
  const isElsewhere = error && !fields.some((field) => wrong[field] && (asksEmail || field !== "email"));

  function submit(event: FormEvent) {
    event.preventDefault();
    setDifferent(password !== again);
    if (password === again) onSubmit(password, address);
  }

  return (
    <form onSubmit={submit} className="grid gap-4" noValidate>
      {isElsewhere && <ProblemAlert error={error} shownFields={asksEmail ? fields : ["password"]} />}
      {asksEmail ? (
        <FormField label="E-mail address" error={wrong.email}>
          <Input
            type="email"
            name="email"
            autoComplete="username"
            autoFocus
            required
            maxLength={254}
            value={address}
            onChange={(event) => setAddress(event.target.value)}
          />
        </FormField>
      ) : (
        address && <input type="hidden" name="email" autoComplete="username" value={address} readOnly />
      )}
      <FormField label="Password" hint="10 characters or more." error={wrong.password}>
        <Input
          type="password"
          name="password"
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
          name="again"
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
