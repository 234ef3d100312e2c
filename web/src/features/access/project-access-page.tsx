import { useParams } from "@tanstack/react-router";

import { useMay } from "@/lib/me/use-rights";
import { EmptyState } from "@/ui/empty-state";
import { Grants } from "@/features/access/project/grants";
import { Tokens } from "@/features/access/project/tokens";

export function ProjectAccessPage() {
  const { project } = useParams({ from: "/shell/projects/$project/access" });
  const maySee = useMay("grants.read", project);
  const mayMakeTokens = useMay("tokens.manage", project);
  if (!maySee) return <EmptyState title="Not yours to see">Ask an admin of this project who has access to it.</EmptyState>;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      <Grants project={project} />
      {mayMakeTokens && <Tokens project={project} />}
    </div>
  );
}
