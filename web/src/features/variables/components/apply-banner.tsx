import { useQuery } from "@tanstack/react-query";
import { Info } from "lucide-react";

import { isUnderWay } from "@/lib/deployment-state";
import { environmentQuery } from "@/lib/environments/queries";
import { useMay } from "@/lib/me/use-rights";
import { RestartButton } from "@/ui/restart-button";
import type { Place } from "@/features/variables/queries";

// What was changed does nothing by itself: the release that runs keeps what it began with.
export function ApplyBanner({ place }: { place: Place }) {
  const environment = useQuery(environmentQuery(place.project, place.environment));
  const mayDeploy = useMay("deploys.write", place.project);
  const { live, latest, variables: newest } = environment.data ?? {};
  const used = live?.variables ?? 0;
  if (!live || !newest || used === newest) return null;
  const isOnTheWay = latest && isUnderWay(latest.status) && latest.variables === newest;
  return (
    <div role="status" className="flex flex-wrap items-center gap-x-4 gap-y-3 rounded-xl border border-wait/30 bg-wait-soft px-5 py-3">
      <Info aria-hidden className="size-4 shrink-0 text-wait" />
      <p className="min-w-0 flex-1 basis-64">
        <span className="font-medium text-wait">
          The live release, #{live.number}, runs with {used ? `version ${used}` : "no variables"}; the newest is version {newest}.
        </span>{" "}
        <span className="text-muted">
          {isOnTheWay
            ? `Deployment #${latest.number} is on its way with it.`
            : "A restart gives it to the app without a failed request. What a build takes in needs a redeploy."}
        </span>
      </p>
      {mayDeploy && !isOnTheWay && <RestartButton {...place} />}
    </div>
  );
}
