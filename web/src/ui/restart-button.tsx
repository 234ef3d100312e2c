import { useNavigate } from "@tanstack/react-router";
import { Power } from "lucide-react";
import { useCallback, useMemo } from "react";

import { useRegisterCommands } from "@/lib/commands";
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
  const { mutate, isPending } = useRestart(project, environment);
  const navigate = useNavigate();
  const run = useCallback(() => {
    mutate(undefined, {
      onSuccess: ({ number }) =>
        void navigate({ to: "/projects/$project/deployments/$number", params: { project, number: String(number) } }),
      onError: toast.failed,
    });
  }, [mutate, navigate, project]);
  const commands = useMemo(
    () => [{ id: "restart", label: `Restart ${project}`, group: "Deployment", words: "variables again", run }],
    [project, run],
  );
  useRegisterCommands(commands);
  return (
    <Button kind={kind} icon={<Power />} busy={isPending} onClick={run}>
      Restart
    </Button>
  );
}
