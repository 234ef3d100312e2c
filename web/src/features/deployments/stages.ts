// The stages of a deployment as far as its status tells.
import type { Deployment, DeploymentStatus } from "@/lib/deployment-state";
import type { Stage, StageState } from "@/ui/stages";

const order: readonly [DeploymentStatus, string][] = [
  ["queued", "Queued"],
  ["building", "Build"],
  ["starting", "Start"],
  ["checking", "Health check"],
  ["live", "Live"],
];

// `reached`: how far a deployment that failed is known to have come; it was seen there.
export function stagesOf(deployment: Deployment, reached: DeploymentStatus | null): Stage[] {
  const names = order.filter(([status]) => status !== "building" || isBuilt(deployment));
  const at = names.findIndex(([status]) => status === (isEnd(deployment.status) ? reached : deployment.status));
  return names.map(([status, name], index) => ({ name, state: stateOf(deployment, status, index, at) }));
}

// A rollback and a restart run what was built before.
function isBuilt({ trigger }: Pick<Deployment, "trigger">): boolean {
  return trigger !== "rollback" && trigger !== "restart";
}

// Where what it runs came from.
export function sourceOf({ trigger, source, origin, commit, image }: Sourced): string {
  const words = source === "image" ? `the image ${image}` : wordsOf(source, commit);
  return isBuilt({ trigger }) ? words : `${words}, as #${origin} has it`;
}

type Sourced = Pick<Deployment, "trigger" | "source" | "origin" | "commit" | "image">;

function wordsOf(source: Deployment["source"], commit: string): string {
  if (source === "repository") return "a repository elsewhere";
  if (source === "push" && commit) return "git push";
  return commit ? "a folder of a git checkout" : "a folder";
}

function isEnd(status: DeploymentStatus): boolean {
  return !order.some(([known]) => known === status);
}

function stateOf(deployment: Deployment, status: DeploymentStatus, index: number, at: number): StageState {
  const now = deployment.status;
  // Was live: all of it is done.
  if (now === "live" || now === "retired") return "done";
  if (now === "rolled_back") return status === "live" ? "failed" : "done";
  if (now === "superseded" || now === "cancelled") return index === 0 ? "done" : "skipped";
  if (now === "failed") {
    if (at < 0) return status === "live" ? "failed" : "skipped";
    return index < at ? "done" : index === at ? "failed" : "skipped";
  }
  return index < at ? "done" : index === at ? "running" : "waiting";
}

export function secondsOf(deployment: Deployment, now: Date = new Date()): number {
  const end = deployment.finished_at ? new Date(deployment.finished_at) : now;
  return Math.max(0, (end.getTime() - new Date(deployment.created_at).getTime()) / 1000);
}
