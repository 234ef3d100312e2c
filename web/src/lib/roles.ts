// Roles, the least first; each includes those before it.
export const roles = ["guest", "viewer", "developer", "admin", "owner"] as const;
export type RoleName = (typeof roles)[number];

// What can be given on a single project.
export const projectRoles = ["viewer", "developer", "admin"] as const;
export type ProjectRole = (typeof projectRoles)[number];

const meanings: Record<RoleName, string> = {
  guest: "sees only what was granted",
  viewer: "sees all projects",
  developer: "deploys and changes projects",
  admin: "gives access, manages members and settings",
  owner: "all of it, and the other owners",
};

export function rank(role: string): number {
  return roles.indexOf(role as RoleName);
}

// Nobody gives more than they have.
export function upTo<Role extends string>(offered: readonly Role[], own: string): Role[] {
  return offered.filter((role) => rank(role) <= rank(own));
}

export function roleOptions<Role extends RoleName>(offered: readonly Role[]): { value: Role; label: string }[] {
  return offered.map((value) => ({ value, label: `${value}: ${meanings[value]}` }));
}
