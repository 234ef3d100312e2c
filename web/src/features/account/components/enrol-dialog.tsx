import { useState, type FormEvent } from "react";

import { Button } from "@/ui/button";
import { CodeBlock } from "@/ui/code-block";
import { CodeInput } from "@/ui/code-input";
import { Dialog } from "@/ui/dialog";
import { FormField } from "@/ui/form-field";
import { Input } from "@/ui/input";
import { ProblemAlert } from "@/ui/problem-alert";
import { QrCode } from "@/ui/qr-code";
import { CodesShown } from "@/features/account/components/codes-shown";
import { useConfirmFactor, useEnrol, type Enrolment } from "@/features/account/queries";

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function EnrolDialog({ open, onOpenChange }: Props) {
  return (
    <Dialog firm open={open} onOpenChange={onOpenChange} title="Turn the second factor on">
      <Steps onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

// Password, then the app, then the recovery codes. The factor is on after the second step.
function Steps({ onDone }: { onDone: () => void }) {
  const [enrolment, setEnrolment] = useState<Enrolment | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  if (codes) return <CodesShown codes={codes} onDone={onDone} />;
  if (enrolment) return <AppStep enrolment={enrolment} onCodes={setCodes} />;
  return <PasswordStep onEnrolment={setEnrolment} />;
}

function PasswordStep({ onEnrolment }: { onEnrolment: (enrolment: Enrolment) => void }) {
  const enrol = useEnrol();
  const [password, setPassword] = useState("");

  function submit(event: FormEvent) {
    event.preventDefault();
    enrol.mutate({ password }, { onSuccess: onEnrolment });
  }

  return (
    <form onSubmit={submit} className="grid gap-4" noValidate>
      {enrol.error && <ProblemAlert error={enrol.error} />}
      <FormField label="Password" hint="Once more, to be sure that it is you.">
        <Input autoFocus type="password" autoComplete="current-password" required value={password} onChange={(event) => setPassword(event.target.value)} />
      </FormField>
      <div className="flex justify-end">
        <Button type="submit" kind="primary" busy={enrol.isPending} disabled={password === ""}>
          Go on
        </Button>
      </div>
    </form>
  );
}

function AppStep({ enrolment, onCodes }: { enrolment: Enrolment; onCodes: (codes: readonly string[]) => void }) {
  const confirm = useConfirmFactor();
  const [code, setCode] = useState("");
  const isCode = confirm.error?.code === "identity.bad_code";

  function submit(event: FormEvent) {
    event.preventDefault();
    confirm.mutate({ code: code.trim() }, { onSuccess: (answer) => onCodes(answer.recovery_codes) });
  }

  return (
    <form onSubmit={submit} className="grid gap-4" noValidate>
      {confirm.error && !isCode && <ProblemAlert error={confirm.error} />}
      <p className="text-muted">Scan this with your authenticator app, then type the code that it shows.</p>
      <div className="grid justify-items-center">
        <QrCode text={enrolment.uri} label="QR code for your authenticator app; the secret stands below as text" />
      </div>
      <div className="grid gap-1.5">
        <p className="text-[0.8125rem] font-medium">Cannot scan it? Type this secret into the app</p>
        <CodeBlock code={enrolment.secret} label="Copy the secret" />
      </div>
      <FormField label="Code of the app" error={isCode ? "The code is wrong: is the phone's clock right?" : undefined}>
        <CodeInput
          autoFocus
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={7}
          required
          value={code}
          onChange={(event) => setCode(event.target.value)}
        />
      </FormField>
      <div className="flex justify-end">
        <Button type="submit" kind="primary" busy={confirm.isPending} disabled={code.trim() === ""}>
          Turn it on
        </Button>
      </div>
    </form>
  );
}
