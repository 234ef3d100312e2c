import { Link } from "@tanstack/react-router";
import { ExternalLink, GitBranch } from "lucide-react";

import { stateOfProject } from "@/lib/deployment-state";
import { isWebAddress, shortCommit, withoutScheme } from "@/lib/format";
import { StatusBadge } from "@/ui/badge";
import { Time } from "@/ui/time";
import type { Project } from "@/features/projects/queries";

// The whole card leads to the project; the address in it to the app.
export function ProjectCard({ project }: { project: Project }) {
  const latest = project.latest;
  return (
    <li className="relative grid content-start gap-3 rounded-xl border border-line bg-surface p-5 transition-colors hover:border-line-strong">
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
          className="relative z-10 flex max-w-full items-center gap-1.5 justify-self-start text-muted hover:text-accent"
        >
          <span className="truncate">{withoutScheme(project.address)}</span>
          <ExternalLink aria-label="(opens in a new tab)" className="size-3.5 shrink-0" />
        </a>
      )}
      <p className="min-h-10 text-[0.8125rem] text-muted">
        {latest ? (
          <>
            <span className="line-clamp-1 text-text">{latest.message || `Deployment ${latest.number}`}</span>
            <span className="flex items-center gap-1.5">
              <GitBranch aria-hidden className="size-3.5" />
              {latest.branch} <code className="font-mono text-xs">{shortCommit(latest.commit)}</code> ·{" "}
              <span className="relative z-10">
                <Time at={latest.created_at} />
              </span>
            </span>
          </>
        ) : (
          "Waits for its first push."
        )}
      </p>
    </li>
  );
}
