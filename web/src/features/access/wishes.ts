// The roles on projects that an invitation is to give, while it is being written.
import type { ProjectRole } from "@/lib/roles";

export interface Wish {
  project: string; // "": not chosen yet
  role: ProjectRole;
}

export function withWish(wishes: readonly Wish[], at: number, wish: Wish): Wish[] {
  return wishes.map((other, index) => (index === at ? wish : other));
}

export function withoutWish(wishes: readonly Wish[], at: number): Wish[] {
  return wishes.filter((_, index) => index !== at);
}

// Those that are chosen; of two for the same project the later one.
export function settled(wishes: readonly Wish[]): Wish[] {
  const found = new Map(wishes.filter(({ project }) => project !== "").map((wish) => [wish.project, wish]));
  return [...found.values()];
}
