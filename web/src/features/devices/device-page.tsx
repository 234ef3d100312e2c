import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";

import { useMe } from "@/lib/me/use-rights";
import { Button, buttonClass } from "@/ui/button";
import { CodeInput } from "@/ui/code-input";
import { FormField } from "@/ui/form-field";
import { ProblemAlert } from "@/ui/problem-alert";
import { QuietPage } from "@/ui/quiet-page";
import { SkeletonCard } from "@/ui/skeleton";
import { Decision } from "@/features/devices/decision";
import { tidyCode } from "@/features/devices/code";
import { deviceQuery, type Verdict } from "@/features/devices/queries";

// Where `temps login` sends the browser: /device?code=…
export function DevicePage() {
  const { code = "" } = useSearch({ from: "/device" });
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  if (verdict) return <Decided verdict={verdict} />;
  return code === "" ? <AskForCode /> : <Waiting key={code} code={tidyCode(code)} onDecided={setVerdict} />;
}

function AskForCode() {
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  function submit(event: FormEvent) {
    event.preventDefault();
    void navigate({ to: "/device", search: { code: typed } });
  }
  return (
    <QuietPage title="Log a program in" description="Type the code that it shows. temps login shows one.">
      <form onSubmit={submit} className="grid gap-4" noValidate>
        <FormField label="Code">
          <CodeInput
            autoFocus
            autoComplete="off"
            placeholder="ABCD-EFGH"
            required
            maxLength={20}
            value={typed}
            onChange={(event) => setTyped(tidyCode(event.target.value))}
          />
        </FormField>
        <Button type="submit" kind="primary" disabled={typed === ""}>
          Go on
        </Button>
      </form>
    </QuietPage>
  );
}

function Waiting({ code, onDecided }: { code: string; onDecided: (verdict: Verdict) => void }) {
  const device = useQuery(deviceQuery(code));
  const me = useMe();
  if (device.isPending) {
    return (
      <QuietPage title="Log a program in">
        <SkeletonCard />
      </QuietPage>
    );
  }
  if (device.isError) {
    return (
      <QuietPage title="Log a program in">
        <ProblemAlert error={device.error} />
        <Link to="/device" search={{}} className={buttonClass("secondary")}>
          Type another code
        </Link>
      </QuietPage>
    );
  }
  return (
    <QuietPage title={`Log ${device.data.name} in?`} description="Only if you have just asked for it yourself, and it shows this code.">
      <Decision device={device.data} email={me?.email ?? ""} onDecided={onDecided} />
    </QuietPage>
  );
}

function Decided({ verdict }: { verdict: Verdict }) {
  const isIn = verdict === "approve";
  return (
    <QuietPage
      title={isIn ? "It is logged in" : "It stays out"}
      description={
        isIn
          ? "Go back to it; this page can be closed. Its key stands among your API keys, where it can be revoked."
          : "The program was told. If you did not ask for it, nothing else needs to be done."
      }
    >
      <Link to={isIn ? "/account/keys" : "/"} className={buttonClass("secondary")}>
        {isIn ? "Your API keys" : "Go to your projects"}
      </Link>
    </QuietPage>
  );
}
