import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { CloudDownload, Container, FolderUp, GitBranch, Sparkles, type LucideIcon } from "lucide-react";
import { useEffect, useRef } from "react";

import { Card } from "@/ui/card";
import { FirstDeployment } from "@/ui/first-deployment";
import { Spinner } from "@/ui/spinner";
import { ExampleSource } from "@/features/projects/new/example-source";
import { FolderSource } from "@/features/projects/new/folder-source";
import { ImageSource } from "@/features/projects/new/image-source";
import { RepositorySource } from "@/features/projects/new/repository-source";
import type { Project } from "@/features/projects/queries";

const sources: readonly { value: string; label: string; text: string; icon: LucideIcon }[] = [
  { value: "git", label: "Push with git", text: "Three commands on your machine. Each later push deploys again.", icon: GitBranch },
  { value: "repository", label: "From a repository", text: "Fetched from GitHub, GitLab or any other git server.", icon: CloudDownload },
  { value: "folder", label: "Upload a folder", text: "Chosen here in the browser, without git.", icon: FolderUp },
  { value: "image", label: "A container image", text: "Pulled from a registry and run without a build.", icon: Container },
  { value: "example", label: "An example", text: "A small app that comes with Temps, to look around.", icon: Sparkles },
];

export function SourceStep({ project }: { project: Project }) {
  const { source = "git" } = useSearch({ from: "/shell/new" });
  const { name } = project;
  const navigate = useNavigate();
  const follow = (number: number) =>
    void navigate({ to: "/projects/$project/deployments/$number", params: { project: name, number: String(number) } });
  useArrival(project, follow);
  return (
    <>
      <nav aria-label="Source">
        <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
          {sources.map(({ value, label, text, icon: Icon }) => (
            <li key={value}>
              <Link
                to="/new"
                search={{ project: name, source: value }}
                replace
                aria-current={value === source ? "page" : undefined}
                className="grid h-full content-start gap-1 rounded-xl border border-line bg-surface p-4 hover:border-line-strong aria-[current=page]:border-accent aria-[current=page]:bg-accent-soft"
              >
                <span className="flex items-center gap-2 font-medium">
                  <Icon aria-hidden className="size-4" />
                  {label}
                </span>
                <span className="text-[0.8125rem] text-muted">{text}</span>
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      {source === "folder" && <FolderSource project={name} onBegun={follow} />}
      {source === "example" && <ExampleSource project={name} onBegun={follow} />}
      {source === "repository" && <RepositorySource project={name} onBegun={follow} />}
      {source === "image" && <ImageSource project={name} onBegun={follow} />}
      {!["folder", "example", "repository", "image"].includes(source) && <GitSource project={project} />}
    </>
  );
}

// What is pushed while this page is open is shown by itself.
function useArrival(project: Project, follow: (number: number) => void) {
  const before = useRef(project.latest?.number ?? 0);
  const tell = useRef(follow);
  tell.current = follow;
  const latest = project.latest?.number ?? 0;
  useEffect(() => {
    if (latest > before.current) tell.current(latest);
  }, [latest]);
}

function GitSource({ project }: { project: Project }) {
  return (
    <Card title="Push with git" description="On your own machine, in a checkout of your app.">
      <div className="grid max-w-2xl gap-5">
        <FirstDeployment made project={project.name} />
        <p role="status" className="flex items-center gap-2.5 text-muted">
          <Spinner />
          Waits for the {project.latest ? "next" : "first"} push; its build is shown here by itself.
        </p>
      </div>
    </Card>
  );
}
