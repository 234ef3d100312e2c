import { useRouter, useSearch } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";

import { safeReturnPath } from "@/lib/return-path";
import { Button } from "@/ui/button";
import { FormField } from "@/ui/form-field";
import { Input } from "@/ui/input";
import { ProblemAlert } from "@/ui/problem-alert";
import { QuietPage } from "@/ui/quiet-page";
import { CodeForm } from "@/features/session/code-form";
import { useLogIn } from "@/features/session/queries";

const fields = ["email", "password"] as const;

export function LoginPage() {
  const router = useRouter();
  const search = useSearch({ strict: false });
  const logIn = useLogIn();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [pending, setPending] = useState("");
  const wrong = logIn.error?.fields ?? {};

  function goOn() {
    router.history.push(safeReturnPath(search.return));
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    await logIn.mutateAsync({ email, password }).then(
      (answer) => (answer.second_factor ? setPending(answer.second_factor.token) : goOn()),
      () => undefined,
    );
    setPassword("");
  }

  if (pending !== "") {
    return (
      <QuietPage title="Log in">
        <CodeForm token={pending} onDone={goOn} onOver={() => setPending("")} />
      </QuietPage>
    );
  }

  return (
    <QuietPage title="Log in">
      <form onSubmit={submit} className="grid gap-4" noValidate>
        {search.expired && !logIn.error && (
          <p role="status" className="rounded-lg border border-line bg-sunken px-4 py-3 text-muted">
            Your session has ended. Log in to go on where you were.
          </p>
        )}
        {logIn.error && Object.keys(wrong).length === 0 && <ProblemAlert error={logIn.error} shownFields={fields} />}
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
        <FormField label="Password" error={wrong.password}>
          <Input
            type="password"
            name="password"
            autoComplete="current-password"
            required
            maxLength={256}
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </FormField>
        <Button type="submit" kind="primary" busy={logIn.isPending}>
          Log in
        </Button>
        <p className="text-[0.8125rem] text-muted">Forgotten? An admin can set a new password for you.</p>
      </form>
    </QuietPage>
  );
}
