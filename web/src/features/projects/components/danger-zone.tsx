import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { useDeleteEnvironment } from "@/lib/environments/queries";
import { production, searchOf } from "@/lib/environments/chosen";
import { useMay } from "@/lib/me/use-rights";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import { EmptyState } from "@/ui/empty-state";
import { toast } from "@/ui/toast";
import { useDeleteProject, type Place } from "@/features/projects/queries";

export function DangerZone({ place }: { place: Place }) {
  const { project, environment } = place;
  if (!useMay("projects.remove", project)) {
    return (
      <Card>
        <EmptyState title="Only admins delete projects">Ask one if this project is not needed any more.</EmptyState>
      </Card>
    );
  }
  return (
    <>
      {environment !== production && <EnvironmentDeletion place={place} />}
      <ProjectDeletion project={project} />
    </>
  );
}

function EnvironmentDeletion({ place: { project, environment } }: { place: Place }) {
  const [isAsking, setAsking] = useState(false);
  const remove = useDeleteEnvironment(project);
  const navigate = useNavigate();
  async function confirm() {
    await remove.mutateAsync(environment);
    toast.done(`The environment ${environment} is deleted.`);
    void navigate({ to: "/projects/$project", params: { project }, search: searchOf(production) });
  }
  return (
    <Card
      danger
      title={`Delete the environment ${environment}`}
      description="Its app stops at once. Its releases, variables, logs and domains are removed and do not come back; production stays as it is."
    >
      <Button kind="danger" onClick={() => setAsking(true)}>
        Delete the environment
      </Button>
      <ConfirmDialog
        open={isAsking}
        onOpenChange={setAsking}
        title={`Delete ${environment} of ${project}?`}
        action="Delete the environment"
        typed={environment}
        onConfirm={confirm}
      >
        <p>What it runs stops, and visitors of its address get an error. The branch in the repository stays.</p>
      </ConfirmDialog>
    </Card>
  );
}

function ProjectDeletion({ project }: { project: string }) {
  const [isAsking, setAsking] = useState(false);
  const remove = useDeleteProject();
  const navigate = useNavigate();
  async function confirm() {
    await remove.mutateAsync(project);
    toast.done(`The project ${project} is deleted.`);
    void navigate({ to: "/" });
  }
  return (
    <Card danger title="Delete the project" description="Its apps stop at once. Releases, variables, logs, domains and the repository of all environments are removed and do not come back.">
      <Button kind="danger" onClick={() => setAsking(true)}>
        Delete the project
      </Button>
      <ConfirmDialog
        open={isAsking}
        onOpenChange={setAsking}
        title={`Delete ${project}?`}
        action="Delete the project"
        typed={project}
        onConfirm={confirm}
      >
        <p>
          Its apps stop at once and visitors get an error. Releases, variables, logs, domains and the git repository on
          the server are removed for good. Your own checkout stays as it is.
        </p>
      </ConfirmDialog>
    </Card>
  );
}
