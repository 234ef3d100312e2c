import { useQuery } from "@tanstack/react-query";
import { Outlet, useParams } from "@tanstack/react-router";
import { ExternalLink } from "lucide-react";

import { stateOfProject } from "@/lib/deployment-state";
import { isWebAddress, withoutScheme } from "@/lib/format";
import { StatusBadge } from "@/ui/badge";
import { buttonClass } from "@/ui/button";
import { Page } from "@/ui/page";
import { ProblemAlert } from "@/ui/problem-alert";
import { Tabs } from "@/ui/tabs";
import { projectQuery } from "@/features/projects/queries";

// The pages of a project. A new one is a line here and a route.
function tabs(project: string) {
  const at = `/projects/${project}`;
  return [
    { label: "Overview", to: at, exact: true },
    { label: "Deployments", to: `${at}/deployments` },
    { label: "Logs", to: `${at}/logs` },
    { label: "Variables", to: `${at}/variables` },
    { label: "Domains", to: `${at}/domains` },
    { label: "Access", to: `${at}/access` },
    { label: "Settings", to: `${at}/settings` },
  ];
}

export function ProjectFrame() {
  const { project: name } = useParams({ from: "/shell/projects/$project" });
  const project = useQuery(projectQuery(name));
  return (
    <Page
      title={name}
      crumbs={[{ label: "Projects", to: "/" }]}
      heading={
        <span className="flex flex-wrap items-center gap-3">
          {name}
          {project.data && <StatusBadge {...stateOfProject(project.data)} />}
        </span>
      }
      actions={
        project.data?.live &&
        isWebAddress(project.data.address) && (
          <a href={project.data.address} target="_blank" rel="noreferrer" className={buttonClass()}>
            <ExternalLink aria-hidden />
            Visit
            <span className="sr-only">{withoutScheme(project.data.address)} (opens in a new tab)</span>
          </a>
        )
      }
    >
      {project.isError && !project.data ? (
        <ProblemAlert error={project.error} onRetry={() => project.refetch()} />
      ) : (
        <>
          <Tabs label="Pages of the project" tabs={tabs(name)} />
          <Outlet />
        </>
      )}
    </Page>
  );
}
