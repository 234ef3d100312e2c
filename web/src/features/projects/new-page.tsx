import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";

import { useMay } from "@/lib/me/use-rights";
import { Card } from "@/ui/card";
import { EmptyState } from "@/ui/empty-state";
import { Page } from "@/ui/page";
import { ProblemAlert } from "@/ui/problem-alert";
import { SkeletonCard } from "@/ui/skeleton";
import { Steps } from "@/ui/steps";
import { NameStep } from "@/features/projects/new/name-step";
import { SourceStep } from "@/features/projects/new/source-step";
import { projectQuery } from "@/features/projects/queries";

// From a name to the first deployment. What was reached stands in the address: whoever goes away and
// comes back goes on there.
export function NewPage() {
  const { project } = useSearch({ from: "/shell/new" });
  const mayMake = useMay("projects.create");
  return (
    <Page title="New project" crumbs={[{ label: "Projects", to: "/" }]}>
      <Steps label="Steps" steps={["Name", "Source", "First deployment"]} at={project ? 1 : 0} />
      {project ? <Made name={project} /> : mayMake ? <Begin /> : <MayNot />}
    </Page>
  );
}

function Begin() {
  const navigate = useNavigate();
  return <NameStep onMade={(name) => void navigate({ to: "/new", search: { project: name } })} />;
}

function Made({ name }: { name: string }) {
  const project = useQuery(projectQuery(name));
  if (project.isPending) return <SkeletonCard lines={4} />;
  if (!project.data) return <ProblemAlert error={project.error} onRetry={() => project.refetch()} />;
  return <SourceStep project={project.data} />;
}

function MayNot() {
  return (
    <Card>
      <EmptyState title="You cannot make projects">Ask an admin for the role of a developer, or to make it for you.</EmptyState>
    </Card>
  );
}
