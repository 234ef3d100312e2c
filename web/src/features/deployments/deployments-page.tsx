import { useInfiniteQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { Rocket } from "lucide-react";

import { Card } from "@/ui/card";
import { CodeBlock } from "@/ui/code-block";
import { DataTable } from "@/ui/data-table";
import { EmptyState } from "@/ui/empty-state";
import { pushCommand } from "@/ui/first-deployment";
import { pagesState } from "@/ui/table-state";
import { deploymentColumns } from "@/features/deployments/components/deployment-columns";
import { RedeployButton } from "@/features/deployments/components/redeploy-button";
import { deploymentsQuery } from "@/features/deployments/queries";

export function DeploymentsPage() {
  const { project } = useParams({ from: "/shell/projects/$project/deployments" });
  const { rows, state } = pagesState(useInfiniteQuery(deploymentsQuery(project)));
  return (
    <Card
      flush
      title="Deployments"
      description="Each push, rollback and redeploy, the newest first."
      actions={rows.length > 0 && <RedeployButton project={project} />}
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
  );
}
