import { CircleStop } from "lucide-react";
import { useMemo, useState } from "react";

import { useRegisterCommands } from "@/lib/commands";
import { isUnderWay, type Deployment } from "@/lib/deployment-state";
import { Button } from "@/ui/button";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import { toast } from "@/ui/toast";
import { useCancel, type Place } from "@/features/deployments/queries";

// Of a deployment that waits or runs.
export function CancelButton({ place, deployment }: { place: Place; deployment: Deployment }) {
  const { number, status } = deployment;
  const [isAsking, setAsking] = useState(false);
  const cancel = useCancel(place);
  const applies = isUnderWay(status) && !deployment.cancelled_by;
  const commands = useMemo(
    () => (applies ? [{ id: "cancel", label: `Cancel deployment #${number}`, group: "Deployment", words: "stop end", run: () => setAsking(true) }] : []),
    [applies, number],
  );
  useRegisterCommands(commands);
  if (!applies) return null;

  async function confirm() {
    await cancel.mutateAsync(number);
    toast.done(`Deployment #${number} is cancelled.`);
  }

  return (
    <>
      <Button kind="danger" icon={<CircleStop />} onClick={() => setAsking(true)}>
        Cancel
      </Button>
      <ConfirmDialog open={isAsking} onOpenChange={setAsking} title={`Cancel deployment #${number}?`} action="Cancel the deployment" onConfirm={confirm}>
        <p>
          Its build and what it has started end. What is live stays, and so does the branch; who pushed is told by whom it was cancelled.
        </p>
      </ConfirmDialog>
    </>
  );
}
