import { useRef, useState, type FormEvent } from "react";

import { Button } from "@/ui/button";
import { CodeInput } from "@/ui/code-input";
import { FormField } from "@/ui/form-field";
import { ProblemAlert } from "@/ui/problem-alert";
import { useSendCode } from "@/features/session/queries";

interface Props {
  token: string;
  onDone: () => void;
  onOver: () => void; // it took too long, or too many codes were tried
  onBack: () => void;
}

const ways = {
  app: { label: "Code of your app", hint: "Six digits.", other: "Use a recovery code" },
  recovery: { label: "Recovery code", hint: "One of those that you kept. It is used up then.", other: "Use the app" },
} as const;

export function CodeStep({ token, onDone, onOver, onBack }: Props) {
  const send = useSendCode();
  const [way, setWay] = useState<keyof typeof ways>("app");
  const [code, setCode] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const isCode = send.error?.code === "identity.bad_code";

  function submit(event: FormEvent) {
    event.preventDefault();
    send.mutate(
      { token, code: code.trim() },
      {
        onSuccess: onDone,
        onError: (problem) => {
          setCode("");
          input.current?.focus();
          if (problem.code === "identity.login_over") onOver();
        },
      },
    );
  }

  function change() {
    setCode("");
    send.reset();
    setWay(way === "app" ? "recovery" : "app");
  }

  return (
    <form onSubmit={submit} className="grid gap-4" noValidate>
      {send.error && !isCode && <ProblemAlert error={send.error} />}
      <FormField key={way} label={ways[way].label} hint={ways[way].hint} error={isCode ? "The code is wrong, or was used already" : undefined}>
        <CodeInput
          ref={input}
          autoFocus
          name="code"
          inputMode={way === "app" ? "numeric" : "text"}
          autoComplete="one-time-code"
          maxLength={64}
          required
          value={code}
          onChange={(event) => setCode(event.target.value)}
        />
      </FormField>
      <Button type="submit" kind="primary" busy={send.isPending} disabled={code.trim() === ""}>
        Log in
      </Button>
      <div className="flex flex-wrap justify-between gap-2">
        <Button kind="quiet" size="small" onClick={change}>
          {ways[way].other}
        </Button>
        <Button kind="quiet" size="small" onClick={onBack}>
          Back to the password
        </Button>
      </div>
    </form>
  );
}
