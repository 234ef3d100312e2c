import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { TriangleAlert } from "lucide-react";

import { isUnderWay, stateOfDeployment, type Deployment } from "@/lib/deployment-state";
import { isWebAddress, shortCommit, withoutScheme } from "@/lib/format";
import { StatusBadge } from "@/ui/badge";
import { buttonClass } from "@/ui/button";
import { Card } from "@/ui/card";
import { CodeBlock } from "@/ui/code-block";
import { Facts } from "@/ui/facts";
import { FirstDeployment, pushCommand } from "@/ui/first-deployment";
import { SkeletonCard } from "@/ui/skeleton";
import { Time } from "@/ui/time";
import { projectQuery, type Project } from "@/features/projects/queries";

export function OverviewPage() {
  const { project: name } = useParams({ from: "/shell/projects/$project" });
  const project = useQuery(projectQuery(name));
  // The frame shows what fails.
  if (!project.data) return <SkeletonCard lines={4} />;
  if (!project.data.latest) return <NotDeployed project={name} />;
  return <Overview project={project.data} />;
}

function NotDeployed({ project }: { project: string }) {
  return (
    <Card title="Nothing is deployed yet" description="Three commands put it online; the second is done if the project was made here.">
      <div className="max-w-xl">
        <FirstDeployment project={project} />
      </div>
    </Card>
  );
}

function Overview({ project }: { project: Project }) {
  const { latest, live } = project;
  const isAhead = latest && latest.number !== live?.number && (isUnderWay(latest.status) || latest.status === "failed");
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      {project.warning && (
        <p role="alert" className="flex gap-3 rounded-lg border border-wait/30 bg-wait-soft px-4 py-3 text-wait">
          <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
          <span className="wrap-anywhere">{project.warning}</span>
        </p>
      )}
      {isAhead && <Release title="Newest deployment" project={project} deployment={latest} />}
      {live ? (
        <Release title="Live release" project={project} deployment={live} />
      ) : (
        latest && !isAhead && <Release title="Newest deployment" project={project} deployment={latest} />
      )}
      <Card title="Deploy" description="A push to the project's branch builds and deploys it; the push ends when it is live.">
        <CodeBlock code={pushCommand(project.name)} label="Copy the commands" />
      </Card>
    </div>
  );
}

function Release({ title, project, deployment }: { title: string; project: Project; deployment: Deployment }) {
  const address = project.address;
  return (
    <Card
      title={title}
      actions={
        <Link
          to="/projects/$project/deployments/$number"
          params={{ project: project.name, number: String(deployment.number) }}
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
              <a key="address" href={address} target="_blank" rel="noreferrer" className="text-accent hover:underline">
                {withoutScheme(address)}
              </a>
            ) : (
              "–"
            ),
          ],
          ["Begun", <Time key="begun" at={deployment.created_at} />],
          ["Built with", deployment.provider ?? "–"],
          ["Change", deployment.message || "–"],
          ["Branch", deployment.branch || "–"],
          ["Commit", <code key="commit" className="font-mono text-[0.8125rem]">{shortCommit(deployment.commit)}</code>],
        ]}
      />
      {deployment.error && <p className="mt-4 wrap-anywhere text-bad">{deployment.error}</p>}
    </Card>
  );
}
