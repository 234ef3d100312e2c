import { useNavigate } from "@tanstack/react-router";
import { RefreshCw } from "lucide-react";

import { Button } from "@/ui/button";
import { toast } from "@/ui/toast";
import { useRedeploy } from "@/features/deployments/queries";

export function RedeployButton({ project }: { project: string }) {
  const redeploy = useRedeploy(project);
  const navigate = useNavigate();
  function run() {
    redeploy.mutate(undefined, {
      onSuccess: ({ number }) =>
        void navigate({ to: "/projects/$project/deployments/$number", params: { project, number: String(number) } }),
      onError: toast.failed,
    });
  }
  return (
    <Button icon={<RefreshCw />} busy={redeploy.isPending} onClick={run}>
      Redeploy
    </Button>
  );
}
