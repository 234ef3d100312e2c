import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";

import { stateOfProject } from "@/lib/deployment-state";
import { searchOf } from "@/lib/environments/chosen";
import { environmentsQuery, type Environment } from "@/lib/environments/queries";
import { isWebAddress, withoutScheme } from "@/lib/format";
import { useMay } from "@/lib/me/use-rights";
import { StatusBadge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { DataTable, type Column } from "@/ui/data-table";
import { EmptyState } from "@/ui/empty-state";
import { queryState } from "@/ui/table-state";
import { NewEnvironmentDialog } from "@/features/projects/components/new-environment-dialog";

function columnsOf(project: string): Column<Environment>[] {
  return [
    {
      id: "name",
      label: "Environment",
      main: true,
      cell: ({ name }) => (
        <Link to="/projects/$project" params={{ project }} search={searchOf(name)} className="font-medium hover:text-accent">
          {name}
        </Link>
      ),
    },
    { id: "branch", label: "Branch", cell: ({ branch }) => <code className="font-mono text-[0.8125rem] wrap-anywhere">{branch}</code> },
    { id: "state", label: "State", cell: (environment) => <StatusBadge {...stateOfProject(environment)} /> },
    {
      id: "address",
      label: "Address",
      cell: ({ address }) =>
        isWebAddress(address) ? (
          <a href={address} target="_blank" rel="noreferrer" className="text-accent wrap-anywhere hover:underline">
            {withoutScheme(address)}
          </a>
        ) : (
          address
        ),
    },
  ];
}

export function EnvironmentsCard({ project }: { project: string }) {
  const environments = useQuery(environmentsQuery(project));
  const mayMake = useMay("projects.write", project);
  const [isMaking, setMaking] = useState(false);
  const navigate = useNavigate();
  return (
    <Card
      flush
      title="Environments"
      description="Each is a branch with an address, releases, variables, settings, domains and logs of its own."
      actions={
        mayMake && (
          <Button icon={<Plus />} onClick={() => setMaking(true)}>
            New environment
          </Button>
        )
      }
    >
      <DataTable
        label="Environments"
        columns={columnsOf(project)}
        rows={environments.data?.items ?? []}
        keyOf={({ name }) => name}
        state={queryState(environments)}
        empty={<EmptyState title="No environment" />}
      />
      <NewEnvironmentDialog
        project={project}
        open={isMaking}
        onOpenChange={setMaking}
        onMade={(name) => void navigate({ to: "/projects/$project", params: { project }, search: searchOf(name) })}
      />
    </Card>
  );
}
