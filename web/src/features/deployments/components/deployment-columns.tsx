import { Link } from "@tanstack/react-router";
import { CloudDownload, Container, FolderUp, GitCommitHorizontal, Power, RotateCcw, RefreshCw } from "lucide-react";

import { isUnderWay, stateOfDeployment, type Deployment } from "@/lib/deployment-state";
import { duration, shortCommit } from "@/lib/format";
import { Badge, StatusBadge } from "@/ui/badge";
import type { Column } from "@/ui/data-table";
import { Time } from "@/ui/time";
import { secondsOf } from "@/features/deployments/stages";

const triggers = {
  push: { label: "Push", icon: GitCommitHorizontal },
  rollback: { label: "Rollback", icon: RotateCcw },
  redeploy: { label: "Redeploy", icon: RefreshCw },
  restart: { label: "Restart", icon: Power },
  upload: { label: "Upload", icon: FolderUp },
  repository: { label: "Repository", icon: CloudDownload },
  image: { label: "Image", icon: Container },
};

export function Trigger({ deployment }: { deployment: Deployment }) {
  const { label, icon: Icon } = triggers[deployment.trigger];
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap text-muted">
      <Icon aria-hidden className="size-3.5" />
      {label}
      {deployment.trigger === "rollback" && ` to #${deployment.origin}`}
    </span>
  );
}

export function deploymentColumns(project: string): Column<Deployment>[] {
  return [
    {
      id: "deployment",
      label: "Deployment",
      main: true,
      cell: (deployment) => (
        <span className="grid min-w-0">
          <Link
            to="/projects/$project/deployments/$number"
            params={{ project, number: String(deployment.number) }}
            className="truncate font-medium hover:text-accent"
          >
            <span className="text-muted">#{deployment.number}</span> {deployment.message || "Deployment"}
          </Link>
          <span className="text-[0.8125rem] text-muted">
            {deployment.branch}{" "}
            <code className="font-mono text-xs">{shortCommit(deployment.commit)}</code>
          </span>
        </span>
      ),
    },
    {
      id: "state",
      label: "State",
      cell: (deployment) => (
        <span className="flex flex-wrap justify-end gap-1.5 sm:justify-start">
          <StatusBadge {...stateOfDeployment(deployment)} />
          {deployment.live && deployment.status !== "live" && <Badge tone="good">Serving</Badge>}
          {deployment.share !== undefined && <Badge tone="accent">{deployment.share} % of visitors</Badge>}
        </span>
      ),
    },
    { id: "trigger", label: "By", cell: (deployment) => <Trigger deployment={deployment} /> },
    {
      id: "took",
      label: "Took",
      align: "end",
      cell: (deployment) => (isUnderWay(deployment.status) ? "…" : duration(secondsOf(deployment))),
    },
    { id: "when", label: "Begun", align: "end", cell: (deployment) => <Time at={deployment.created_at} /> },
  ];
}
