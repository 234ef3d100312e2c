import { useNavigate } from "@tanstack/react-router";
import { Rocket } from "lucide-react";
import { useState } from "react";

import { useMay } from "@/lib/me/use-rights";
import { useDeploySource, useRemoveSource, useRenewKey, useSource, type Source } from "@/lib/sources/queries";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import { EmptyState } from "@/ui/empty-state";
import { Facts } from "@/ui/facts";
import { ProblemAlert } from "@/ui/problem-alert";
import { SkeletonCard } from "@/ui/skeleton";
import { toast } from "@/ui/toast";
import type { Place } from "@/features/projects/queries";
import { CheckSource } from "@/features/projects/sources/check-button";
import { DeployKey } from "@/features/projects/sources/deploy-key";
import { SourceForm } from "@/features/projects/sources/source-form";

const about = "A git repository elsewhere, such as at GitHub or GitLab. Its newest commit is fetched and deployed when you say so; pushing and uploading go on as well.";

export function SourceCard({ place }: { place: Place }) {
  const source = useSource(place.project);
  const mayChange = useMay("projects.write", place.project);
  if (source.isPending) return <SkeletonCard lines={4} />;
  if (source.data === undefined) return <ProblemAlert error={source.error} onRetry={() => source.refetch()} />;
  if (!mayChange && !source.data) {
    return (
      <Card title="Repository">
        <EmptyState title="No repository elsewhere">This project is deployed by pushes, uploads or images.</EmptyState>
      </Card>
    );
  }
  return (
    <>
      {source.data && <Present place={place} source={source.data} mayChange={mayChange} />}
      {mayChange && (
        <Card title={source.data ? "Change it" : "Repository"} description={source.data ? undefined : about}>
          <SourceForm key={source.data?.changed_at ?? "new"} project={place.project} source={source.data} action={source.data ? "Save" : "Save the repository"} onSaved={() => toast.done("The repository is saved.")} />
        </Card>
      )}
    </>
  );
}

const credentials = { none: "none, it is open to everyone", token: "an access token", deploy_key: "a deploy key" };

function Present({ place, source, mayChange }: { place: Place; source: Source; mayChange: boolean }) {
  const deploy = useDeploySource(place);
  const mayDeploy = useMay("deploys.write", place.project);
  const navigate = useNavigate();
  const run = () =>
    deploy.mutate(undefined, {
      onSuccess: ({ number }) =>
        void navigate({ to: "/projects/$project/deployments/$number", params: { project: place.project, number: String(number) } }),
    });
  return (
    <Card
      title="Repository"
      description={about}
      actions={
        mayDeploy && (
          <Button kind="primary" icon={<Rocket />} busy={deploy.isPending} onClick={run}>
            Deploy now
          </Button>
        )
      }
    >
      <div className="grid gap-5">
        {deploy.error && <ProblemAlert error={deploy.error} />}
        <Facts
          facts={[
            ["Address", <code key="address" className="font-mono text-[0.8125rem] break-all">{source.url}</code>],
            ["Branch of production", source.branch],
            ["Opened by", credentials[source.credential]],
          ]}
        />
        {source.public_key && <DeployKey publicKey={source.public_key} />}
        {mayChange && <CheckSource place={place} source={source} />}
        {mayChange && <Ends project={place.project} source={source} />}
      </div>
    </Card>
  );
}

function Ends({ project, source }: { project: string; source: Source }) {
  const renew = useRenewKey(project);
  const remove = useRemoveSource(project);
  const [asked, setAsked] = useState<"renew" | "remove" | null>(null);
  return (
    <div className="flex flex-wrap gap-2 border-t border-line pt-4">
      {source.credential === "deploy_key" && <Button onClick={() => setAsked("renew")}>Make another key</Button>}
      <Button onClick={() => setAsked("remove")}>Forget the repository</Button>
      <ConfirmDialog open={asked === "renew"} onOpenChange={() => setAsked(null)} title="Make another deploy key?" action="Make another key" danger={false} onConfirm={() => renew.mutateAsync()}>
        <p>The present one opens the repository no more from here; add the new one there before the next deployment.</p>
      </ConfirmDialog>
      <ConfirmDialog open={asked === "remove"} onOpenChange={() => setAsked(null)} title="Forget the repository?" action="Forget it" onConfirm={() => remove.mutateAsync()}>
        <p>Its address and what opens it are removed here. What is deployed stays, and so does the repository itself.</p>
      </ConfirmDialog>
    </div>
  );
}
