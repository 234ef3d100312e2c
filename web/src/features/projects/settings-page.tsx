import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";

import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { CodeBlock } from "@/ui/code-block";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import { toast } from "@/ui/toast";
import { useDeleteProject } from "@/features/projects/queries";

export function SettingsPage() {
  const { project } = useParams({ from: "/shell/projects/$project/settings" });
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      <Card
        title="Build, resources and visitors"
        description="These settings are changed from the command line so far. Without changes it prints what holds now."
      >
        <CodeBlock code={`temps project set ${project}`} label="Copy the command" />
      </Card>
      <DangerZone project={project} />
    </div>
  );
}

function DangerZone({ project }: { project: string }) {
  const [isAsking, setAsking] = useState(false);
  const remove = useDeleteProject();
  const navigate = useNavigate();
  async function confirm() {
    await remove.mutateAsync(project);
    toast.done(`The project ${project} is deleted.`);
    void navigate({ to: "/" });
  }
  return (
    <Card danger title="Delete the project" description="Its app stops at once. Releases, logs, domains and the repository are removed and do not come back.">
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
          Its app stops at once and visitors get an error. Releases, logs, domains and the git repository on the server
          are removed for good. Your own checkout stays as it is.
        </p>
      </ConfirmDialog>
    </Card>
  );
}
