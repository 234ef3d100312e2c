import { useState, type FormEvent } from "react";

import { Button } from "@/ui/button";
import { FormField } from "@/ui/form-field";
import { Input } from "@/ui/input";
import { ProblemAlert } from "@/ui/problem-alert";
import { useCompleteSetup } from "@/features/session/queries";

const fields = ["email", "password"] as const;

export function SetupForm({ token, onDone }: { token: string; onDone: () => void }) {
  const setup = useCompleteSetup();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const [isDifferent, setDifferent] = useState(false);
  const wrong = setup.error?.fields ?? {};
  const hasFieldErrors = fields.some((field) => wrong[field]);

  function submit(event: FormEvent) {
    event.preventDefault();
    setDifferent(password !== again);
    if (password === again) setup.mutate({ token, email, password }, { onSuccess: onDone });
  }

  return (
    <form onSubmit={submit} className="grid gap-4" noValidate>
      {setup.error && !hasFieldErrors && <ProblemAlert error={setup.error} shownFields={fields} />}
      <FormField label="E-mail address" error={wrong.email}>
        <Input
          type="email"
          name="email"
          autoComplete="username"
          autoFocus
          required
          maxLength={254}
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
      </FormField>
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
      <Button type="submit" kind="primary" busy={setup.isPending}>
        Make the account
      </Button>
    </form>
  );
}
