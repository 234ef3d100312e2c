import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Boxes, Plus, SearchX } from "lucide-react";
import { useEffect } from "react";

import { plural } from "@/lib/format";
import { useMay } from "@/lib/me/use-rights";
import { Button, buttonClass } from "@/ui/button";
import { Card } from "@/ui/card";
import { EmptyState } from "@/ui/empty-state";
import { FirstDeployment } from "@/ui/first-deployment";
import { Page } from "@/ui/page";
import { ProblemAlert } from "@/ui/problem-alert";
import { SearchField } from "@/ui/search-field";
import { Select } from "@/ui/select";
import { SkeletonCard } from "@/ui/skeleton";
import { ProjectCard } from "@/features/projects/components/project-card";
import { orders, readOrder, shownProjects, summary } from "@/features/projects/overview";
import { projectsQuery } from "@/features/projects/queries";

const searchFrom = 7; // fewer are seen at a glance

export function ProjectsPage() {
  const mayMake = useMay("projects.create");
  const projects = useAllProjects();
  const count = projects.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Page
      title="Projects"
      description={count.length > 0 ? summary(count) : undefined}
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

// Page by page until all are there: what is searched and sorted is all of them.
function useAllProjects() {
  const projects = useInfiniteQuery(projectsQuery);
  const { hasNextPage, isFetching, isError, fetchNextPage } = projects;
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [hasNextPage, isFetching, isError, fetchNextPage]);
  return projects;
}

function Projects() {
  const projects = useInfiniteQuery(projectsQuery);
  const { find = "", order: wanted } = useSearch({ from: "/shell/" });
  const navigate = useNavigate({ from: "/" });
  if (projects.isPending) return <Loading />;
  if (projects.isError && !projects.data) return <ProblemAlert error={projects.error} onRetry={() => projects.refetch()} />;
  const all = projects.data.pages.flatMap((page) => page.items);
  if (all.length === 0) return <Nothing />;
  const order = readOrder(wanted);
  const shown = shownProjects(all, find, order);
  const change = (search: { find?: string; order?: string }) =>
    void navigate({ search: (before) => ({ ...before, ...search }), replace: true, resetScroll: false });
  return (
    <>
      {(all.length >= searchFrom || find !== "") && (
        <div className="flex flex-wrap gap-3">
          <SearchField
            label="Find a project"
            placeholder={`Find among ${plural(all.length, "project")}`}
            value={find}
            onChange={(value) => change({ find: value || undefined })}
            className="w-full sm:max-w-sm sm:flex-1"
          />
          <Select
            aria-label="Order of the projects"
            options={orders}
            value={order}
            onChange={({ target }) => change({ order: target.value === "recent" ? undefined : target.value })}
            className="w-full sm:w-56"
          />
        </div>
      )}
      {shown.length === 0 ? (
        <Card>
          <EmptyState
            icon={<SearchX />}
            title="No project has this in its name or address"
            actions={<Button onClick={() => change({ find: undefined })}>Show all of them</Button>}
          />
        </Card>
      ) : (
        <ul className={gridClass}>
          {shown.map((project) => (
            <ProjectCard key={project.name} project={project} />
          ))}
        </ul>
      )}
      <p className="text-[0.8125rem] text-muted">
        Visitors, errors and uptime are not measured yet. What visitors asked for, and what they were answered, stands among a
        project’s requests.
      </p>
    </>
  );
}

const gridClass = "grid grid-cols-[repeat(auto-fill,minmax(min(100%,18rem),1fr))] gap-4";

function Loading() {
  return (
    <div role="status" aria-label="Loading the projects" className={gridClass}>
      <SkeletonCard lines={6} />
      <SkeletonCard lines={6} />
      <SkeletonCard lines={6} />
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
