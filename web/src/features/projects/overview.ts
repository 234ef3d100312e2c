// What the overview of all projects shows: those that are looked for, in the order that was chosen.
import { isUnderWay, stateOfProject } from "@/lib/deployment-state";
import { plural } from "@/lib/format";
import { sorted } from "@/lib/sort";
import type { Tone } from "@/lib/tone";
import type { Project } from "@/features/projects/queries";

export const orders = [
  { value: "recent", label: "Newest deployment first" },
  { value: "name", label: "By name" },
  { value: "trouble", label: "Trouble first" },
] as const;
export type Order = (typeof orders)[number]["value"];

export function readOrder(text: string | undefined): Order {
  return orders.find(({ value }) => value === text)?.value ?? "recent";
}

// The worst first; what was never deployed comes last.
const ranks: Record<Tone, number> = { bad: 0, wait: 1, accent: 2, good: 3, neutral: 4 };

function inOrder(projects: readonly Project[], order: Order): Project[] {
  const byName = sorted(projects, ({ name }) => name, false);
  if (order === "name") return byName;
  if (order === "trouble") return sorted(byName, (project) => ranks[stateOfProject(project).tone], false);
  return sorted(byName, ({ latest }) => (latest ? Date.parse(latest.created_at) : undefined), true);
}

// By name and by address, as either is what people remember.
export function shownProjects(projects: readonly Project[], search: string, order: Order): Project[] {
  const wanted = search.trim().toLowerCase();
  return inOrder(
    projects.filter(({ name, address }) => name.includes(wanted) || address.toLowerCase().includes(wanted)),
    order,
  );
}

// "12 projects: 9 live, 1 with trouble, 2 not deployed"
export function summary(projects: readonly Project[]): string {
  const tones = projects.map((project) => stateOfProject(project).tone);
  const count = (wanted: (tone: Tone, project: Project) => boolean) =>
    tones.filter((tone, index) => wanted(tone, projects[index] as Project)).length;
  const trouble = count((tone, { latest }) => tone === "bad" || (tone === "wait" && latest?.status === "failed"));
  const parts: [number, string][] = [
    [count((_, { live }) => live !== undefined), "live"],
    [trouble, "with trouble"],
    [count((_, { latest }) => latest !== undefined && isUnderWay(latest.status)), "under way"],
    [count((_, { latest }) => latest === undefined), "not deployed"],
  ];
  const told = parts.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`);
  return [plural(projects.length, "project"), told.join(", ")].filter(Boolean).join(": ");
}
