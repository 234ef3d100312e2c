import { Link } from "@tanstack/react-router";
import { ExternalLink, GitBranch } from "lucide-react";

import { stateOfProject, type Deployment } from "@/lib/deployment-state";
import { isWebAddress, shortCommit, withoutScheme } from "@/lib/format";
import { StatusBadge } from "@/ui/badge";
import { Time } from "@/ui/time";
import type { Project } from "@/features/projects/queries";

// The whole card leads to the project; the address in it to the app.
export function ProjectCard({ project }: { project: Project }) {
  const latest = project.latest;
  return (
    <li className="relative flex flex-col gap-3 rounded-xl border border-line bg-surface p-5 transition-colors hover:border-line-strong">
      <div className="flex items-start justify-between gap-3">
        <h2 className="min-w-0 text-[0.9375rem] font-semibold wrap-anywhere">
          <Link
            to="/projects/$project"
            params={{ project: project.name }}
            className="after:absolute after:inset-0 after:rounded-xl focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-accent"
          >
            {project.name}
          </Link>
        </h2>
        <StatusBadge {...stateOfProject(project)} />
      </div>
      {isWebAddress(project.address) && (
        <a
          href={project.address}
          target="_blank"
          rel="noreferrer"
          className="relative z-10 flex max-w-full items-center gap-1.5 self-start text-muted hover:text-accent"
        >
          <span className="truncate">{withoutScheme(project.address)}</span>
          <ExternalLink aria-label="(opens in a new tab)" className="size-3.5 shrink-0" />
        </a>
      )}
      <p className="min-h-10 text-[0.8125rem] text-muted">
        {latest ? <Latest deployment={latest} /> : "Waits for its first push."}
      </p>
      <dl className="mt-auto flex flex-wrap justify-between gap-x-4 border-t border-line pt-3 text-[0.8125rem]">
        {notMeasured.map((name) => (
          <div key={name} className="flex gap-1.5">
            <dt className="text-muted">{name}</dt>
            <dd className="text-faint">
              <span aria-hidden>–</span>
              <span className="sr-only">not measured yet</span>
            </dd>
          </div>
        ))}
      </dl>
    </li>
  );
}

// The page says so once, below all of them.
const notMeasured = ["Visitors", "Errors", "Uptime"];

const begunBy: Record<Deployment["trigger"], string> = {
  push: "Push",
  rollback: "Rollback",
  redeploy: "Redeployment",
  restart: "Restart",
  upload: "Upload",
  repository: "Repository",
  image: "Image",
};

function Latest({ deployment }: { deployment: Deployment }) {
  const { message, number, branch, commit, trigger, created_at: at } = deployment;
  return (
    <>
      <span className="line-clamp-1 wrap-anywhere text-text">{message || `Deployment ${number}`}</span>
      <span className="flex min-w-0 items-center gap-1.5">
        {branch && (
          <>
            <GitBranch aria-hidden className="size-3.5 shrink-0" />
            <span className="truncate">{branch}</span>
            <code className="font-mono text-xs">{shortCommit(commit)}</code>
            <span aria-hidden>·</span>
          </>
        )}
        {begunBy[trigger]}
        <span className="relative z-10">
          <Time at={at} />
        </span>
      </span>
    </>
  );
}
