// The stages of a deployment: as they were kept, else as far as its status tells.
import { isUnderWay, type Deployment, type DeploymentStatus } from "@/lib/deployment-state";
import type { Stage, StageState } from "@/ui/stages";

const order: readonly [DeploymentStatus, string][] = [
  ["queued", "Queued"],
  ["building", "Build"],
  ["starting", "Start"],
  ["checking", "Health check"],
  ["live", "Live"],
];

type StageTime = NonNullable<Deployment["stages"]>[number];
type StageName = StageTime["stage"];

const names: Record<StageName, string> = {
  receiving: "Receive",
  waiting: "Wait",
  detecting: "Detect",
  building: "Build",
  starting: "Start",
  checking: "Health check",
  switching: "Switch",
};
const stagesInOrder = Object.keys(names) as StageName[];

// One that was taken up again after a restart has gone through some of them twice: their times are added.
function recordedStages(deployment: Deployment, times: readonly StageTime[], now: Date): Stage[] {
  const seconds = new Map<StageName, number>();
  for (const { stage, began_at, ended_at } of times) {
    const end = ended_at ? new Date(ended_at) : now;
    const took = Math.max(0, (end.getTime() - new Date(began_at).getTime()) / 1000);
    seconds.set(stage, (seconds.get(stage) ?? 0) + took);
  }
  const last = times[times.length - 1]?.stage;
  const goesOn = isUnderWay(deployment.status);
  const known = stagesInOrder.filter((stage) => seconds.has(stage));
  const toCome = goesOn ? stagesInOrder.filter((stage) => !seconds.has(stage) && isToCome(deployment, stage, last)) : [];
  return [
    ...known.map((stage) => ({ name: names[stage], seconds: seconds.get(stage), state: stage === last ? lastState(deployment.status) : "done" }) as Stage),
    ...toCome.map((stage) => ({ name: names[stage], state: "waiting" }) as Stage),
    { name: "Live", state: goesOn ? "waiting" : liveState(deployment.status) },
  ];
}

function isToCome(deployment: Deployment, stage: StageName, last: StageName | undefined): boolean {
  if ((stage === "detecting" || stage === "building") && !isBuilt(deployment)) return false;
  return last === undefined || stagesInOrder.indexOf(stage) > stagesInOrder.indexOf(last);
}

function lastState(status: DeploymentStatus): StageState {
  if (isUnderWay(status)) return "running";
  if (status === "failed") return "failed";
  return status === "cancelled" || status === "superseded" ? "skipped" : "done";
}

function liveState(status: DeploymentStatus): StageState {
  if (status === "live" || status === "retired") return "done";
  return status === "rolled_back" ? "failed" : "skipped";
}

// `reached`: how far a deployment that failed is known to have come; it was seen there.
export function stagesOf(deployment: Deployment, reached: DeploymentStatus | null, now: Date = new Date()): Stage[] {
  if (deployment.stages?.length) return recordedStages(deployment, deployment.stages, now);
  const known = order.filter(([status]) => status !== "building" || isBuilt(deployment));
  const at = known.findIndex(([status]) => status === (isEnd(deployment.status) ? reached : deployment.status));
  return known.map(([status, name], index) => ({ name, state: stateOf(deployment, status, index, at) }));
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
