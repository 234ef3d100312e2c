import { useNavigate } from "@tanstack/react-router";
import { RotateCcw } from "lucide-react";
import { useState } from "react";

import { isFormerRelease, type Deployment } from "@/lib/deployment-state";
import { shortCommit } from "@/lib/format";
import { Button } from "@/ui/button";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import { useRollBack } from "@/features/deployments/queries";

// Of a release that was live once and is not now.
export function RollbackButton({ project, deployment }: { project: string; deployment: Deployment }) {
  const [isAsking, setAsking] = useState(false);
  const rollBack = useRollBack(project);
  const navigate = useNavigate();
  if (!isFormerRelease(deployment)) return null;
  async function confirm() {
    const { number } = await rollBack.mutateAsync(deployment.number);
    void navigate({ to: "/projects/$project/deployments/$number", params: { project, number: String(number) } });
  }
  return (
    <>
      <Button icon={<RotateCcw />} onClick={() => setAsking(true)}>
        Roll back to this
      </Button>
      <ConfirmDialog
        open={isAsking}
        onOpenChange={setAsking}
        danger={false}
        title={`Roll back to #${deployment.number}?`}
        action="Roll back"
        onConfirm={confirm}
      >
        <p>
          Visitors get the release of commit <code className="font-mono">{shortCommit(deployment.commit)}</code> again,
          without a build. It is started and checked first; the one that is live now serves until then.
        </p>
      </ConfirmDialog>
    </>
  );
}
