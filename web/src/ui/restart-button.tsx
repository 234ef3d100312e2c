import { useNavigate } from "@tanstack/react-router";
import { Power } from "lucide-react";

import { useRestart } from "@/lib/environments/queries";
import { Button, type ButtonKind } from "@/ui/button";
import { toast } from "@/ui/toast";

interface Props {
  project: string;
  environment: string;
  kind?: ButtonKind;
}

// The live release anew, with the newest variables and without a build.
export function RestartButton({ project, environment, kind }: Props) {
  const restart = useRestart(project, environment);
  const navigate = useNavigate();
  function run() {
    restart.mutate(undefined, {
      onSuccess: ({ number }) =>
        void navigate({ to: "/projects/$project/deployments/$number", params: { project, number: String(number) } }),
      onError: toast.failed,
    });
  }
  return (
    <Button kind={kind} icon={<Power />} busy={restart.isPending} onClick={run}>
      Restart
    </Button>
  );
}
