import { useQuery } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";

import { projectRoles, type ProjectRole } from "@/lib/roles";
import { Button } from "@/ui/button";
import { IconButton } from "@/ui/icon-button";
import { RoleSelect } from "@/ui/role-select";
import { Select } from "@/ui/select";
import { projectNamesQuery } from "@/features/access/queries";
import { withoutWish, withWish, type Wish } from "@/features/access/wishes";

interface Props {
  wishes: readonly Wish[];
  onChange: (wishes: Wish[]) => void;
}

// Roles on single projects, line by line.
export function WishList({ wishes, onChange }: Props) {
  const names = useQuery(projectNamesQuery).data ?? [];
  if (names.length === 0) return null;
  const options = [{ value: "", label: "Project…" }, ...names.map((name) => ({ value: name, label: name }))];
  return (
    <fieldset className="grid min-w-0 gap-2">
      <legend className="pb-1.5 text-[0.8125rem] font-medium">Roles on single projects</legend>
      {wishes.map((wish, at) => (
        <div key={at} className="grid grid-cols-[minmax(0,1fr)_8rem_auto] items-center gap-2">
          <Select
            aria-label={`Project ${at + 1}`}
            options={options}
            value={wish.project}
            onChange={(event) => onChange(withWish(wishes, at, { ...wish, project: event.target.value }))}
          />
          <RoleSelect<ProjectRole>
            short
            aria-label={`Role on project ${at + 1}`}
            offered={projectRoles}
            value={wish.role}
            onChange={(role) => onChange(withWish(wishes, at, { ...wish, role }))}
          />
          <IconButton label={`Leave project ${at + 1} out`} tip={false} icon={<X />} onClick={() => onChange(withoutWish(wishes, at))} />
        </div>
      ))}
      <div>
        <Button size="small" icon={<Plus />} onClick={() => onChange([...wishes, { project: "", role: "developer" }])}>
          Add a project
        </Button>
      </div>
    </fieldset>
  );
}
