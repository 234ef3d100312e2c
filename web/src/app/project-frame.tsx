import { useQuery } from "@tanstack/react-query";
import { Outlet, useParams } from "@tanstack/react-router";
import { ExternalLink } from "lucide-react";

import { stateOfProject } from "@/lib/deployment-state";
import { production, useEnvironment } from "@/lib/environments/chosen";
import { environmentQuery } from "@/lib/environments/queries";
import { isWebAddress, withoutScheme } from "@/lib/format";
import { may, type Rights } from "@/lib/me/rights";
import { useMe } from "@/lib/me/use-rights";
import { StatusBadge } from "@/ui/badge";
import { buttonClass } from "@/ui/button";
import { Page } from "@/ui/page";
import { ProblemAlert } from "@/ui/problem-alert";
import { Tabs } from "@/ui/tabs";
import { EnvironmentSwitcher } from "@/features/projects/components/environment-switcher";

// The pages of a project. A new one is a line here and a route.
function tabs(project: string, me: Rights | undefined) {
  const at = `/projects/${project}`;
  return [
    { label: "Overview", to: at, exact: true },
    { label: "Deployments", to: `${at}/deployments`, needs: "deploys.read" },
    { label: "Logs", to: `${at}/logs`, needs: "logs.read" },
    { label: "Requests", to: `${at}/requests`, needs: "requests.read" },
    { label: "Variables", to: `${at}/variables`, needs: "variables.read" },
    { label: "Domains", to: `${at}/domains`, needs: "domains.read" },
    { label: "Access", to: `${at}/access`, needs: "grants.read" },
    { label: "Settings", to: `${at}/settings` },
  ].filter(({ needs }) => !needs || may(me, needs, project));
}

export function ProjectFrame() {
  const { project: name } = useParams({ from: "/shell/projects/$project" });
  const chosen = useEnvironment();
  const environment = useQuery(environmentQuery(name, chosen));
  const me = useMe();
  const shown = environment.data;
  return (
    <Page
      title={chosen === production ? name : `${name}, ${chosen}`}
      crumbs={[{ label: "Projects", to: "/" }]}
      heading={
        <span className="flex flex-wrap items-center gap-3">
          {name}
          {shown && <StatusBadge {...stateOfProject(shown)} />}
        </span>
      }
      actions={
        <>
          <EnvironmentSwitcher project={name} />
          {shown?.live && isWebAddress(shown.address) && (
            <a href={shown.address} target="_blank" rel="noreferrer" className={buttonClass()}>
              <ExternalLink aria-hidden />
              Visit
              <span className="sr-only">{withoutScheme(shown.address)} (opens in a new tab)</span>
            </a>
          )}
        </>
      }
    >
      {environment.isError && !shown ? (
        <ProblemAlert error={environment.error} onRetry={() => environment.refetch()} />
      ) : (
        <>
          <Tabs label="Pages of the project" tabs={tabs(name, me)} />
          {/* What was typed for one environment is not for another. */}
          <Outlet key={`${name} ${chosen}`} />
        </>
      )}
    </Page>
  );
}
