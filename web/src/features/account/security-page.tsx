import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { ShieldCheck, ShieldOff } from "lucide-react";
import { useState } from "react";

import { plural } from "@/lib/format";
import { StatusBadge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { EmptyState } from "@/ui/empty-state";
import { Facts } from "@/ui/facts";
import { Notice } from "@/ui/notice";
import { ProblemAlert } from "@/ui/problem-alert";
import { SkeletonCard } from "@/ui/skeleton";
import { Time } from "@/ui/time";
import { EnrolDialog } from "@/features/account/components/enrol-dialog";
import { LinksCard } from "@/features/account/components/links-card";
import { ProofDialog } from "@/features/account/components/proof-dialog";
import { RenewDialog } from "@/features/account/components/renew-dialog";
import { factorQuery, useDisableFactor } from "@/features/account/queries";

const fewCodes = 3;

export function SecurityPage() {
  const factor = useQuery(factorQuery);
  const { required } = useSearch({ strict: false });
  const [isEnrolling, setEnrolling] = useState(false);

  if (factor.isPending) return <SkeletonCard />;
  if (factor.isError && !factor.data) return <ProblemAlert error={factor.error} onRetry={() => factor.refetch()} />;
  const { enabled, since, recovery_codes_left: left } = factor.data;
  return (
    <>
      {required && !enabled && (
        <Notice tone="wait">Everyone here needs a second factor. Turn yours on, and all pages are open to you.</Notice>
      )}
      {enabled ? <On since={since} left={left} /> : <Off onEnrol={() => setEnrolling(true)} />}
      {(enabled || !required) && <LinksCard hasFactor={enabled} />}
      <EnrolDialog open={isEnrolling} onOpenChange={setEnrolling} />
    </>
  );
}

function Off({ onEnrol }: { onEnrol: () => void }) {
  return (
    <Card title="Second factor" actions={<StatusBadge tone="neutral" label="Off" />}>
      <EmptyState
        icon={<ShieldOff />}
        title="A password alone logs you in"
        actions={
          <Button kind="primary" icon={<ShieldCheck />} onClick={onEnrol}>
            Turn it on
          </Button>
        }
      >
        With a second factor, a login also asks for a code of an app on your phone. Whoever learns your password gets no
        further.
      </EmptyState>
    </Card>
  );
}

function On({ since, left }: { since?: string | null; left: number }) {
  const [asked, setAsked] = useState<"codes" | "off" | null>(null);
  const disable = useDisableFactor();
  const close = (open: boolean) => !open && setAsked(null);
  return (
    <Card
      title="Second factor"
      description="A login asks for a code of your app, or for a recovery code."
      actions={<StatusBadge tone="good" label="On" />}
      footer={
        <div className="flex flex-wrap gap-2">
          <Button onClick={() => setAsked("codes")}>Make new recovery codes</Button>
          <Button onClick={() => setAsked("off")}>Turn it off</Button>
        </div>
      }
    >
      <div className="grid gap-4">
        {left < fewCodes && (
          <Notice tone="wait">Few recovery codes are left. Make new ones, so that you get in without your phone.</Notice>
        )}
        <Facts
          facts={[
            ["On since", since ? <Time at={since} /> : "–"],
            ["Recovery codes left", plural(left, "code")],
          ]}
        />
      </div>
      <RenewDialog open={asked === "codes"} onOpenChange={close} />
      <ProofDialog
        open={asked === "off"}
        onOpenChange={close}
        title="Turn the second factor off?"
        description="Your password alone logs you in then. All other sessions end."
        action="Turn it off"
        danger
        onProof={(proof) => disable.mutateAsync(proof)}
      />
    </Card>
  );
}
