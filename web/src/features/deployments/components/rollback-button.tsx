import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { RotateCcw } from "lucide-react";
import { useMemo, useState } from "react";

import { useRegisterCommands } from "@/lib/commands";
import { isFormerRelease, type Deployment } from "@/lib/deployment-state";
import { environmentQuery } from "@/lib/environments/queries";
import { shortCommit } from "@/lib/format";
import { Button } from "@/ui/button";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import { FormField } from "@/ui/form-field";
import { Select } from "@/ui/select";
import { useRollBack, type Place, type RollbackWish } from "@/features/deployments/queries";

type With = RollbackWish["variables"];

// Of a release that was live once and is not now.
export function RollbackButton({ place, deployment }: { place: Place; deployment: Deployment }) {
  const { project, environment } = place;
  const [isAsking, setAsking] = useState(false);
  const [variables, setVariables] = useState<With>("of_release");
  const newest = useQuery(environmentQuery(project, environment)).data?.variables ?? 0;
  const rollBack = useRollBack(place);
  const navigate = useNavigate();
  const { number: target } = deployment;
  const applies = isFormerRelease(deployment);
  const commands = useMemo(
    () => (applies ? [{ id: "rollback", label: `Roll back to #${target}`, group: "Deployment", words: "previous release", run: () => setAsking(true) }] : []),
    [applies, target],
  );
  useRegisterCommands(commands);
  if (!applies) return null;
  const own = deployment.variables ?? 0;

  async function confirm() {
    const { number } = await rollBack.mutateAsync({ to: deployment.number, variables });
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
        <div className="grid gap-4">
          <p>
            Visitors get the release{" "}
            {deployment.commit && (
              <>
                of commit <code className="font-mono">{shortCommit(deployment.commit)}</code>{" "}
              </>
            )}
            again, without a build. It is started and checked first; the one that is live now serves until then.
          </p>
          {own !== newest && (
            <FormField label="With which variables">
              <Select
                options={[
                  { value: "of_release", label: own ? `Version ${own}, which it ran with` : "None, as it ran" },
                  { value: "newest", label: `The newest, version ${newest}` },
                ]}
                value={variables}
                onChange={(event) => setVariables(event.target.value as With)}
              />
            </FormField>
          )}
        </div>
      </ConfirmDialog>
    </>
  );
}
