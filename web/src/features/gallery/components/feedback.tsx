import { Rocket } from "lucide-react";

import { Problem } from "@/lib/api/problem";
import { Badge, StatusBadge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { CheckList } from "@/ui/check-list";
import { EmptyState } from "@/ui/empty-state";
import { Notice } from "@/ui/notice";
import { ProblemAlert } from "@/ui/problem-alert";
import { Progress } from "@/ui/progress";
import { Skeleton, SkeletonCard } from "@/ui/skeleton";
import { Stages } from "@/ui/stages";
import { Steps } from "@/ui/steps";
import { toast } from "@/ui/toast";

const refused = new Problem(400, {
  type: "/problems/projects/bad_setting",
  title: "A setting is out of range",
  detail: "two settings are out of range",
  code: "projects.bad_setting",
  request_id: "01J9ZK3V",
  errors: [
    { pointer: "/port", detail: "must be between 1 and 65535" },
    { pointer: "/health_path", detail: "must begin with a slash" },
  ],
});
const broken = new Problem(503, {
  type: "/problems/sql/unavailable",
  title: "The database does not answer",
  detail: "the database does not answer",
  request_id: "01J9ZK3W",
});

const checks = [
  { name: "postgresql", title: "PostgreSQL", verdict: "ok" as const, detail: "PostgreSQL 15.4 answers.", fix: "" },
  { name: "engine", title: "Container engine", verdict: "failed" as const, detail: "The engine does not answer.", fix: "systemctl start docker" },
  { name: "disk", title: "Disk", verdict: "warning" as const, detail: "3 GB of 80 GB are free.", fix: "Free 1 GB or more soon." },
];

export function Feedback() {
  return (
    <>
      <div className="flex flex-wrap gap-2">
        <StatusBadge tone="good" label="Live" />
        <StatusBadge tone="wait" label="Building" busy />
        <StatusBadge tone="bad" label="Failed" />
        <StatusBadge tone="neutral" label="Replaced" />
        <Badge tone="accent">10 % of visitors</Badge>
        <Badge>production</Badge>
      </div>
      <Stages
        label="Stages"
        stages={[
          { name: "Build", state: "done", seconds: 42 },
          { name: "Start", state: "done", seconds: 2 },
          { name: "Health check", state: "running" },
          { name: "Live", state: "waiting" },
        ]}
      />
      <Stages
        label="Stages of one that failed"
        stages={[
          { name: "Build", state: "done", seconds: 42 },
          { name: "Start", state: "failed", seconds: 120 },
          { name: "Live", state: "skipped" },
        ]}
      />
      <Progress label="Upload" value={0.62} />
      <div className="grid gap-3">
        <Notice>Your session has ended. Log in to go on where you were.</Notice>
        <Notice tone="wait">Everyone here needs a second factor.</Notice>
        <Notice tone="good">All checks pass.</Notice>
      </div>
      <div className="grid items-start gap-5 md:grid-cols-2">
        <ProblemAlert error={refused} />
        <ProblemAlert error={broken} onRetry={() => undefined} />
        <Card>
          <EmptyState icon={<Rocket />} title="No deployment yet" actions={<Button kind="primary">How to push</Button>}>
            Push a git checkout; the push ends when the app is live.
          </EmptyState>
        </Card>
        <div className="grid gap-4">
          <SkeletonCard />
          <Skeleton className="w-1/2" />
        </div>
      </div>
      <Steps label="Steps" steps={["Name", "Source", "First deployment"]} at={1} />
      <div className="grid gap-3">
        <Progress label="Disk, nearly full" value={0.92} tone="wait" />
        <Progress label="Disk, full" value={0.99} tone="bad" />
      </div>
      <Card flush title="Checks">
        <CheckList checks={checks} />
      </Card>
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => toast.done("The project shop is deleted.")}>Say that it worked</Button>
        <Button onClick={() => toast.failed(broken)}>Say that it failed</Button>
      </div>
    </>
  );
}
