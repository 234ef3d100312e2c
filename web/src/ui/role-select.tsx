import type { ComponentProps } from "react";

import { roleOptions, type RoleName } from "@/lib/roles";
import { Select } from "@/ui/select";

interface Props<Role extends RoleName> extends Omit<ComponentProps<"select">, "value" | "onChange"> {
  offered: readonly Role[];
  value: Role;
  onChange: (role: Role) => void;
  short?: boolean; // without what it means: in tables
}

export function RoleSelect<Role extends RoleName>({ offered, value, onChange, short, ...rest }: Props<Role>) {
  const options = short ? offered.map((role) => ({ value: role, label: role })) : roleOptions(offered);
  return <Select {...rest} options={options} value={value} onChange={(event) => onChange(event.target.value as Role)} />;
}
