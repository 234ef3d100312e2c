// What the states of deployments and projects are called, and how they look.
import type { Answer } from "@/lib/api/client";
import type { Tone } from "@/lib/tone";

export type Deployment = Answer<"/api/v1/projects/{project}/deployments/{number}", "get">;
// Of a project's production, or of another environment.
export type Releases = Pick<Answer<"/api/v1/projects/{project}", "get">, "live" | "latest" | "warning">;
export type DeploymentStatus = Deployment["status"];

export interface State {
  label: string;
  tone: Tone;
  busy?: boolean;
}

const states: Record<DeploymentStatus, State> = {
  queued: { label: "Queued", tone: "wait", busy: true },
  building: { label: "Building", tone: "wait", busy: true },
  starting: { label: "Starting", tone: "wait", busy: true },
  checking: { label: "Checking", tone: "wait", busy: true },
  live: { label: "Live", tone: "good" },
  retired: { label: "Replaced", tone: "neutral" },
  failed: { label: "Failed", tone: "bad" },
  superseded: { label: "Skipped", tone: "neutral" },
  cancelled: { label: "Cancelled", tone: "neutral" },
  rolled_back: { label: "Crashed", tone: "bad" },
};

export function isUnderWay(status: DeploymentStatus): boolean {
  return states[status].busy === true;
}

export function stateOfDeployment(deployment: Deployment): State {
  // Another release took its place; what it had begun is being ended.
  if (deployment.status === "live" && !deployment.live) return { label: "Draining", tone: "neutral", busy: true };
  return states[deployment.status];
}

// Has it been live, so that it can be again without a build?
export function isFormerRelease(deployment: Deployment): boolean {
  return !deployment.live && ["live", "retired", "rolled_back"].includes(deployment.status);
}

// While a release is live, the next one may be on its way, or have failed.
export function stateOfProject(project: Releases): State {
  const latest = project.latest;
  if (!latest) return { label: "Not deployed", tone: "neutral" };
  if (!project.live) return stateOfDeployment(latest);
  if (project.warning) return { label: "Failing health checks", tone: "bad" };
  if (isUnderWay(latest.status)) return { label: "Live, updating", tone: "good", busy: true };
  if (latest.status === "failed") return { label: "Live, last push failed", tone: "wait" };
  return states.live;
}
