import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useEffect, useMemo, useRef } from "react";

import { useLogLines } from "@/lib/api/log-lines";
import { isUnderWay, type Deployment, type DeploymentStatus } from "@/lib/deployment-state";
import { useEnvironment } from "@/lib/environments/chosen";
import { Card } from "@/ui/card";
import { LogView } from "@/ui/log-view";
import { ProblemAlert } from "@/ui/problem-alert";
import { SkeletonCard } from "@/ui/skeleton";
import { StreamBadge } from "@/ui/stream-badge";
import { DeploymentSummary } from "@/features/deployments/components/deployment-summary";
import { deploymentQuery, logAddress, type Place } from "@/features/deployments/queries";

export function DeploymentPage() {
  const { project, number: text } = useParams({ from: "/shell/projects/$project/deployments/$number" });
  const number = Number(text);
  const environment = useEnvironment();
  const place = useMemo(() => ({ project, environment }), [project, environment]);
  const deployment = useQuery(deploymentQuery(place, number));
  if (deployment.isPending) return <SkeletonCard lines={5} />;
  if (!deployment.data) return <ProblemAlert error={deployment.error} onRetry={() => deployment.refetch()} />;
  return <Shown key={number} place={place} deployment={deployment.data} onEnd={() => void deployment.refetch()} />;
}

interface Props {
  place: Place;
  deployment: Deployment;
  onEnd: () => void;
}

function Shown({ place, deployment, onEnd }: Props) {
  const log = useLogLines(logAddress(place, deployment.number));
  const reached = useReached(deployment.status);
  const hasEnded = log.end !== null;
  const tellEnd = useRef(onEnd);
  tellEnd.current = onEnd;
  useEffect(() => {
    if (hasEnded) tellEnd.current();
  }, [hasEnded]);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      <DeploymentSummary place={place} deployment={deployment} reached={reached} />
      {log.problem && <ProblemAlert error={log.problem} />}
      <Card flush title="Log" description="What the build and the start say." actions={<StreamBadge state={log.state} />}>
        <LogView
          label={`Log of deployment ${deployment.number}`}
          lines={log.lines}
          empty={log.state === "ended" ? "This deployment left no log, or it is too old to be kept." : "Waits for the first line."}
        />
      </Card>
    </div>
  );
}

// The last stage that was seen under way: a deployment that failed does not say how far it came.
function useReached(status: DeploymentStatus): DeploymentStatus | null {
  const reached = useRef<DeploymentStatus | null>(null);
  if (isUnderWay(status)) reached.current = status;
  return reached.current;
}
