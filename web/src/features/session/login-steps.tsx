import { useState, type ComponentType, type ReactNode } from "react";

import { Notice } from "@/ui/notice";
import { CodeStep } from "@/features/session/code-step";
import { PasswordStep } from "@/features/session/password-step";

interface Props {
  frame: ComponentType<{ title: string; description?: ReactNode; children: ReactNode }>;
  email?: string; // who was logged in before
  expired?: boolean;
  above?: ReactNode; // of the password
  below?: ReactNode;
  onDone: () => void;
}

// The password, and a code where the account has a second factor.
export function LoginSteps({ frame: Frame, email, expired, above, below, onDone }: Props) {
  const [pending, setPending] = useState<string | null>(null);
  const [isOver, setOver] = useState(false);

  function begin(token: string) {
    setOver(false);
    setPending(token);
  }
  function beginAgain() {
    setOver(true);
    setPending(null);
  }

  if (pending !== null) {
    return (
      <Frame title="One more step" description="Your account has a second factor.">
        <CodeStep token={pending} onDone={onDone} onOver={beginAgain} onBack={() => setPending(null)} />
      </Frame>
    );
  }
  return (
    <Frame title="Log in">
      {above}
      {expired && !isOver && <Notice>Your session has ended. Log in to go on where you were.</Notice>}
      {isOver && <Notice tone="wait">The code was not given in time. Log in once more.</Notice>}
      <PasswordStep email={email} onDone={onDone} onPending={begin} />
      {below}
    </Frame>
  );
}
