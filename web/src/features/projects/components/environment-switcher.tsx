import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Check, ChevronsUpDown, GitBranch, Plus } from "lucide-react";
import { useState } from "react";

import { searchOf, useEnvironment } from "@/lib/environments/chosen";
import { environmentsQuery } from "@/lib/environments/queries";
import { useMay } from "@/lib/me/use-rights";
import { Button } from "@/ui/button";
import { DropdownMenu, MenuItem, MenuLabel, MenuSeparator } from "@/ui/dropdown-menu";
import { NewEnvironmentDialog } from "@/features/projects/components/new-environment-dialog";

// The page stays; it shows the other environment.
export function EnvironmentSwitcher({ project }: { project: string }) {
  const chosen = useEnvironment();
  const environments = useQuery(environmentsQuery(project));
  const navigate = useNavigate();
  const mayMake = useMay("projects.write", project);
  const [isMaking, setMaking] = useState(false);
  const found = environments.data?.items ?? [];
  if (found.length < 2 && !mayMake) return null;

  function choose(name: string) {
    void navigate({ to: ".", search: searchOf(name) as never });
  }

  return (
    <>
      <DropdownMenu
        trigger={
          <Button icon={<GitBranch />}>
            <span className="sr-only">Environment: </span>
            {chosen}
            <ChevronsUpDown aria-hidden className="text-faint" />
          </Button>
        }
      >
        <MenuLabel>Environment</MenuLabel>
        {found.map(({ name, branch }) => (
          <MenuItem key={name} onSelect={() => choose(name)}>
            <span className="grid flex-1">
              {name}
              <span className="text-xs text-muted">branch {branch}</span>
            </span>
            {name === chosen && <Check aria-label="chosen" />}
          </MenuItem>
        ))}
        {mayMake && (
          <>
            <MenuSeparator />
            <MenuItem icon={<Plus />} onSelect={() => setMaking(true)}>
              New environment
            </MenuItem>
          </>
        )}
      </DropdownMenu>
      <NewEnvironmentDialog project={project} open={isMaking} onOpenChange={setMaking} onMade={choose} />
    </>
  );
}
