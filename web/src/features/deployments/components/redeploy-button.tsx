import { useNavigate } from "@tanstack/react-router";
import { RefreshCw } from "lucide-react";
import { useCallback, useMemo } from "react";

import { useRegisterCommands } from "@/lib/commands";
import { Button } from "@/ui/button";
import { toast } from "@/ui/toast";
import { useRedeploy, type Place } from "@/features/deployments/queries";

export function RedeployButton({ place }: { place: Place }) {
  const { mutate, isPending } = useRedeploy(place);
  const navigate = useNavigate();
  const run = useCallback(() => {
    mutate(undefined, {
      onSuccess: ({ number }) =>
        void navigate({ to: "/projects/$project/deployments/$number", params: { project: place.project, number: String(number) } }),
      onError: toast.failed,
    });
  }, [mutate, navigate, place.project]);
  const commands = useMemo(
    () => [{ id: "redeploy", label: `Redeploy ${place.project}`, group: "Deployment", words: "build again", run }],
    [place.project, run],
  );
  useRegisterCommands(commands);
  return (
    <Button icon={<RefreshCw />} busy={isPending} onClick={run}>
      Redeploy
    </Button>
  );
}
