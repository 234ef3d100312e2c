import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

import { isUnderWay, stateOfDeployment, type Deployment } from "@/lib/deployment-state";
import { production, useEnvironment } from "@/lib/environments/chosen";
import { environmentQuery, type Environment } from "@/lib/environments/queries";
import { isWebAddress, shortCommit, withoutScheme } from "@/lib/format";
import { useMay } from "@/lib/me/use-rights";
import { StatusBadge } from "@/ui/badge";
import { buttonClass } from "@/ui/button";
import { Card } from "@/ui/card";
import { CodeBlock } from "@/ui/code-block";
import { CopyButton } from "@/ui/copy-button";
import { Facts } from "@/ui/facts";
import { FirstDeployment, pushCommand } from "@/ui/first-deployment";
import { SkeletonCard } from "@/ui/skeleton";
import { Time } from "@/ui/time";

export function OverviewPage() {
  const { project } = useParams({ from: "/shell/projects/$project" });
  const chosen = useEnvironment();
  const environment = useQuery(environmentQuery(project, chosen));
  // The frame shows what fails.
  if (!environment.data) return <SkeletonCard lines={4} />;
  if (!environment.data.latest) return <NotDeployed project={project} environment={environment.data} />;
  return <Overview project={project} environment={environment.data} />;
}

function NotDeployed({ project, environment }: { project: string; environment: Environment }) {
  const mayDeploy = useMay("deploys.write", project);
  const isProduction = environment.name === production;
  return (
    <Card
      title="Nothing is deployed yet"
      description={
        isProduction
          ? "Three commands put it online."
          : `A push to the branch ${environment.branch} puts it online, at an address of its own.`
      }
      actions={
        isProduction &&
        mayDeploy && (
          <Link to="/new" search={{ project }} className={buttonClass()}>
            Other ways
          </Link>
        )
      }
    >
      <div className="max-w-xl">
        {isProduction ? (
          <FirstDeployment made project={project} branch={environment.branch} />
        ) : (
          <CodeBlock code={`git push temps ${environment.branch}`} label="Copy the command" />
        )}
      </div>
    </Card>
  );
}

function Overview({ project, environment }: { project: string; environment: Environment }) {
  const { latest, live, address, branch } = environment;
  const isAhead = latest && latest.number !== live?.number && (isUnderWay(latest.status) || latest.status === "failed");
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      {environment.warning && (
        <p role="alert" className="flex gap-3 rounded-lg border border-wait/30 bg-wait-soft px-4 py-3 text-wait">
          <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
          <span className="wrap-anywhere">{environment.warning}</span>
        </p>
      )}
      {isAhead && <Release title="Newest deployment" project={project} address={address} deployment={latest} />}
      {live ? (
        <Release title="Live release" project={project} address={address} deployment={live} />
      ) : (
        latest && !isAhead && <Release title="Newest deployment" project={project} address={address} deployment={latest} />
      )}
      <Card title="Deploy" description={`A push to the branch ${branch} builds and deploys it; the push ends when it is live.`}>
        <CodeBlock code={pushCommand(project, branch)} label="Copy the commands" />
      </Card>
    </div>
  );
}

interface ReleaseProps {
  title: string;
  project: string;
  address: string;
  deployment: Deployment;
}

function Release({ title, project, address, deployment }: ReleaseProps) {
  return (
    <Card
      title={title}
      actions={
        <Link
          to="/projects/$project/deployments/$number"
          params={{ project, number: String(deployment.number) }}
          className={buttonClass("secondary", "small")}
        >
          Open deployment #{deployment.number}
        </Link>
      }
    >
      <Facts
        facts={[
          ["State", <StatusBadge key="state" {...stateOfDeployment(deployment)} />],
          [
            "Address",
            deployment.live && isWebAddress(address) ? (
              <Copied key="address" text={address} label="Copy the address">
                <a href={address} target="_blank" rel="noreferrer" className="text-accent hover:underline">
                  {withoutScheme(address)}
                </a>
              </Copied>
            ) : (
              "–"
            ),
          ],
          ["Begun", <Time key="begun" at={deployment.created_at} />],
          ["Built with", deployment.provider ?? "–"],
          ["Change", deployment.message || "–"],
          ["Branch", deployment.branch || "–"],
          [
            "Commit",
            deployment.commit ? (
              <Copied key="commit" text={deployment.commit} label="Copy the commit">
                <code className="font-mono text-[0.8125rem]">{shortCommit(deployment.commit)}</code>
              </Copied>
            ) : (
              "–"
            ),
          ],
        ]}
      />
      {deployment.error && <p className="mt-4 wrap-anywhere text-bad">{deployment.error}</p>}
    </Card>
  );
}

// What is shown may be shorter than what is copied.
function Copied({ text, label, children }: { text: string; label: string; children: ReactNode }) {
  return (
    <span className="flex min-w-0 items-center gap-0.5">
      <span className="min-w-0 wrap-anywhere">{children}</span>
      <CopyButton text={text} label={label} className="-my-2" />
    </span>
  );
}
