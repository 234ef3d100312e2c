// What an API key is limited to, in words.
interface Limited {
  scopes?: string[] | null;
  project?: string | null;
  environment?: string | null;
}

const shownMax = 3;

export function limitsOf({ scopes, project, environment }: Limited): { scopes: string[]; place: string } {
  const all = scopes ?? ["all that you may"];
  const shown = all.length > shownMax ? [...all.slice(0, shownMax - 1), `${all.length - shownMax + 1} more`] : all;
  if (project === undefined || project === null) return { scopes: shown, place: "" };
  if (project === "") return { scopes: shown, place: "on a project that is gone" };
  return { scopes: shown, place: `on ${project}${environment ? `, ${environment}` : ""}` };
}

// "": no limit; a named set; or "single", with the permissions that are ticked.
export function scopesOf(choice: string, single: readonly string[]): string[] | undefined {
  if (choice === "") return undefined;
  return choice === "single" ? [...single] : [choice];
}
