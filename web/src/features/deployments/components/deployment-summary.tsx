import { Link } from "@tanstack/react-router";
import { CircleAlert } from "lucide-react";
import { useEffect, useState } from "react";

import { isUnderWay, stateOfDeployment, type Deployment, type DeploymentStatus } from "@/lib/deployment-state";
import { duration, shortCommit } from "@/lib/format";
import { useMay } from "@/lib/me/use-rights";
import { Badge, StatusBadge } from "@/ui/badge";
import { Card } from "@/ui/card";
import { CopyButton } from "@/ui/copy-button";
import { Facts } from "@/ui/facts";
import { Stages } from "@/ui/stages";
import { Time } from "@/ui/time";
import { Trigger } from "@/features/deployments/components/deployment-columns";
import { CancelButton } from "@/features/deployments/components/cancel-button";
import { RedeployButton } from "@/features/deployments/components/redeploy-button";
import { RollbackButton } from "@/features/deployments/components/rollback-button";
import type { Place } from "@/features/deployments/queries";
import { secondsOf, sourceOf, stagesOf } from "@/features/deployments/stages";

interface Props {
  place: Place;
  deployment: Deployment;
  reached: DeploymentStatus | null;
}

export function DeploymentSummary({ place, deployment, reached }: Props) {
  const now = useNow(isUnderWay(deployment.status));
  const mayWrite = useMay("deploys.write", place.project);
  return (
    <Card
      title={`#${deployment.number} ${deployment.message || "Deployment"}`}
      actions={
        mayWrite && (
          <>
            <CancelButton place={place} deployment={deployment} />
            <RollbackButton place={place} deployment={deployment} />
            {!isUnderWay(deployment.status) && <RedeployButton place={place} />}
          </>
        )
      }
    >
      <div className="grid gap-5">
        <Stages label="Stages" stages={stagesOf(deployment, reached, now)} />
        {deployment.error && !deployment.cancelled_by && <Failure deployment={deployment} />}
        <Facts
          facts={[
            [
              "State",
              <span key="state" className="flex flex-wrap gap-1.5">
                <StatusBadge {...stateOfDeployment(deployment)} />
                {deployment.share !== undefined && <Badge tone="accent">{deployment.share} % of visitors</Badge>}
              </span>,
            ],
            ["Begun", <Time key="begun" at={deployment.created_at} />],
            [isUnderWay(deployment.status) ? "Takes since" : "Took", duration(secondsOf(deployment, now))],
            ["By", <Trigger key="by" deployment={deployment} />],
            ...(deployment.cancelled_by ? [["Cancelled by", deployment.cancelled_by] as [string, string]] : []),
            ["Environment", place.environment],
            ["Source", sourceOf(deployment)],
            ["Branch", deployment.branch || "–"],
            ["Commit", deployment.commit ? <Commit key="commit" commit={deployment.commit} /> : "–"],
            ["Built with", deployment.source === "image" ? "nothing, it is an image" : (deployment.provider ?? "–")],
            ...(deployment.digest ? [["Digest", <code key="digest" className="font-mono text-xs break-all">{deployment.digest}</code>] as const] : []),
            ["Variables", <VariablesVersion key="variables" project={place.project} version={deployment.variables} />],
          ]}
        />
      </div>
    </Card>
  );
}

function Commit({ commit }: { commit: string }) {
  return (
    <span className="flex items-center gap-1">
      <code className="font-mono text-[0.8125rem]">{shortCommit(commit)}</code>
      <CopyButton text={commit} label="Copy the commit" className="-my-1.5" />
    </span>
  );
}

function VariablesVersion({ project, version }: { project: string; version?: number }) {
  if (!version) return "none";
  return (
    <Link to="/projects/$project/variables" params={{ project }} className="text-accent hover:underline">
      version {version}
    </Link>
  );
}

function Failure({ deployment }: { deployment: Deployment }) {
  const [module, reason] = (deployment.error_code ?? "").split(".");
  return (
    <div role="alert" className="flex gap-3 rounded-lg border border-bad/30 bg-bad-soft px-4 py-3">
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
      <div className="grid min-w-0 gap-1">
        <p className="wrap-anywhere">{deployment.error}</p>
        {module && reason && (
          <a
            href={`/problems/${module}/${reason}`}
            target="_blank"
            rel="noreferrer"
            className="justify-self-start text-[0.8125rem] text-accent underline underline-offset-2"
          >
            What this means
          </a>
        )}
      </div>
    </div>
  );
}

// Goes on while something counts.
function useNow(counts: boolean): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    if (!counts) return undefined;
    const timer = setInterval(() => setNow(new Date()), 1000);
    return () => clearInterval(timer);
  }, [counts]);
  return now;
}
