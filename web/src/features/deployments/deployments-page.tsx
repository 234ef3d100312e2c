import { useInfiniteQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { Rocket } from "lucide-react";
import { useMemo } from "react";

import { useEnvironment } from "@/lib/environments/chosen";
import { useMay } from "@/lib/me/use-rights";
import { Card } from "@/ui/card";
import { CodeBlock } from "@/ui/code-block";
import { DataTable } from "@/ui/data-table";
import { EmptyState } from "@/ui/empty-state";
import { pushCommand } from "@/ui/first-deployment";
import { RestartButton } from "@/ui/restart-button";
import { pagesState } from "@/ui/table-state";
import { deploymentColumns } from "@/features/deployments/components/deployment-columns";
import { RedeployButton } from "@/features/deployments/components/redeploy-button";
import { SplitCard } from "@/features/deployments/components/split-card";
import { deploymentsQuery } from "@/features/deployments/queries";

export function DeploymentsPage() {
  const { project } = useParams({ from: "/shell/projects/$project/deployments" });
  const environment = useEnvironment();
  const place = useMemo(() => ({ project, environment }), [project, environment]);
  const mayWrite = useMay("deploys.write", project);
  const { rows, state } = pagesState(useInfiniteQuery(deploymentsQuery(place)));
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
    <SplitCard place={place} deployments={rows} mayChange={mayWrite} />
    <Card
      flush
      title="Deployments"
      description="Each push, upload, rollback, restart and redeploy, the newest first."
      actions={
        rows.length > 0 &&
        mayWrite && (
          <>
            {rows.some(({ live }) => live) && <RestartButton project={project} environment={environment} />}
            <RedeployButton place={place} />
          </>
        )
      }
    >
      <DataTable
        label="Deployments"
        columns={deploymentColumns(project)}
        rows={rows}
        keyOf={({ number }) => number}
        state={state}
        empty={
          <EmptyState icon={<Rocket />} title="No deployment yet">
            <div className="grid gap-3 text-left">
              <p className="text-center">Push a git checkout; the push ends when the app is live.</p>
              <CodeBlock code={pushCommand(project)} label="Copy the commands" />
            </div>
          </EmptyState>
        }
      />
    </Card>
    </div>
  );
}
