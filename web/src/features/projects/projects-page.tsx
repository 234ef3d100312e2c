import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Boxes, Plus } from "lucide-react";
import { useState } from "react";

import { plural } from "@/lib/format";
import { useMay } from "@/lib/me/use-rights";
import { Button, buttonClass } from "@/ui/button";
import { Card } from "@/ui/card";
import { EmptyState } from "@/ui/empty-state";
import { FirstDeployment } from "@/ui/first-deployment";
import { Input } from "@/ui/input";
import { Page } from "@/ui/page";
import { ProblemAlert } from "@/ui/problem-alert";
import { SkeletonCard } from "@/ui/skeleton";
import { ProjectCard } from "@/features/projects/components/project-card";
import { projectsQuery } from "@/features/projects/queries";

const searchFrom = 7; // fewer are seen at a glance

export function ProjectsPage() {
  const mayMake = useMay("projects.create");
  return (
    <Page
      title="Projects"
      actions={
        mayMake && (
          <Link to="/new" className={buttonClass("primary")}>
            <Plus aria-hidden />
            New project
          </Link>
        )
      }
    >
      <Projects />
    </Page>
  );
}

function Projects() {
  const projects = useInfiniteQuery(projectsQuery);
  const [wanted, setWanted] = useState("");
  if (projects.isPending) return <Loading />;
  if (projects.isError && !projects.data) return <ProblemAlert error={projects.error} onRetry={() => projects.refetch()} />;
  const all = projects.data.pages.flatMap((page) => page.items);
  if (all.length === 0) return <Nothing />;
  const shown = all.filter((project) => project.name.includes(wanted.trim().toLowerCase()));
  return (
    <>
      {all.length >= searchFrom && (
        <Input
          type="search"
          aria-label="Find a project"
          placeholder={`Find among ${plural(all.length, "project")}`}
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
          className="max-w-sm"
        />
      )}
      {shown.length === 0 && <EmptyState title="No project has this in its name" />}
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,20rem),1fr))] gap-4">
        {shown.map((project) => (
          <ProjectCard key={project.name} project={project} />
        ))}
      </ul>
      {projects.hasNextPage && (
        <div>
          <Button busy={projects.isFetchingNextPage} onClick={() => projects.fetchNextPage()}>
            Show more
          </Button>
        </div>
      )}
    </>
  );
}

function Loading() {
  return (
    <div role="status" aria-label="Loading the projects" className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,20rem),1fr))] gap-4">
      <SkeletonCard />
      <SkeletonCard />
      <SkeletonCard />
    </div>
  );
}

function Nothing() {
  const mayMake = useMay("projects.create");
  return (
    <Card>
      <EmptyState icon={<Boxes />} title="Nothing is deployed yet">
        Three commands put an app online. It gets an address of its own as soon as it answers.
      </EmptyState>
      <div className="mx-auto grid max-w-xl gap-5 px-5 pb-8">
        <FirstDeployment />
        {mayMake && (
          <p className="text-center text-muted">
            Or{" "}
            <Link to="/new" className="text-accent underline underline-offset-2">
              begin here
            </Link>{" "}
            with an example, or by uploading a folder.
          </p>
        )}
      </div>
    </Card>
  );
}
