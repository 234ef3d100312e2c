import { useState, type FormEvent } from "react";

import { Button } from "@/ui/button";
import { FormField } from "@/ui/form-field";
import { Input } from "@/ui/input";
import { ProblemAlert } from "@/ui/problem-alert";
import { useLogIn } from "@/features/session/queries";

interface Props {
  email?: string;
  onDone: () => void;
  onPending: (token: string) => void; // a code is awaited
}

const fields = ["email", "password"] as const;

export function PasswordStep({ email: known = "", onDone, onPending }: Props) {
  const logIn = useLogIn();
  const [email, setEmail] = useState(known);
  const [password, setPassword] = useState("");
  const wrong = logIn.error?.fields ?? {};

  async function submit(event: FormEvent) {
    event.preventDefault();
    await logIn.mutateAsync({ email, password }).then(
      ({ second_factor: awaited }) => (awaited ? onPending(awaited.token) : onDone()),
      () => setPassword(""),
    );
  }

  return (
    <form onSubmit={submit} className="grid gap-4" noValidate>
      {logIn.error && Object.keys(wrong).length === 0 && <ProblemAlert error={logIn.error} shownFields={fields} />}
      <FormField label="E-mail address" error={wrong.email}>
        <Input
          type="email"
          name="email"
          autoComplete="username"
          autoFocus={known === ""}
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
          autoFocus={known !== ""}
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
  );
}
