// What the reader may do, as GET /api/v1/me tells it. The server decides; here it only hides what it
// would refuse.
export interface Rights {
  role: string;
  permissions: readonly string[]; // on the installation, and on every project
  projects: readonly { project: string; role: string; permissions: readonly string[] }[]; // where there are more
}

export function may(rights: Rights | undefined, permission: string, project?: string): boolean {
  if (!rights) return false;
  if (rights.permissions.includes(permission)) return true;
  return rights.projects.some((place) => place.project === project && place.permissions.includes(permission));
}

// The reader's role on a project: the greater of the own and the granted one.
export function roleOn(rights: Rights, project: string): string {
  return rights.projects.find((place) => place.project === project)?.role ?? rights.role;
}
