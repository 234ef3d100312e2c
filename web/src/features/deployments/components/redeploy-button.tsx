import { useNavigate } from "@tanstack/react-router";
import { RefreshCw } from "lucide-react";

import { Button } from "@/ui/button";
import { toast } from "@/ui/toast";
import { useRedeploy, type Place } from "@/features/deployments/queries";

export function RedeployButton({ place }: { place: Place }) {
  const redeploy = useRedeploy(place);
  const navigate = useNavigate();
  function run() {
    redeploy.mutate(undefined, {
      onSuccess: ({ number }) =>
        void navigate({ to: "/projects/$project/deployments/$number", params: { project: place.project, number: String(number) } }),
      onError: toast.failed,
    });
  }
  return (
    <Button icon={<RefreshCw />} busy={redeploy.isPending} onClick={run}>
      Redeploy
    </Button>
  );
}
