import { useQuery } from "@tanstack/react-query";
import { Split as SplitIcon } from "lucide-react";
import { useState } from "react";

import type { Deployment } from "@/lib/deployment-state";
import { cx } from "@/lib/class-names";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { Progress } from "@/ui/progress";
import { ProblemAlert } from "@/ui/problem-alert";
import { toast } from "@/ui/toast";
import { SplitDialog } from "@/features/deployments/components/split-dialog";
import { splitQuery, useEndSplit, type Place, type Split } from "@/features/deployments/queries";
import { attemptText, candidates, percentText, sharesOf } from "@/features/deployments/split";

interface Props {
  place: Place;
  deployments: readonly Deployment[];
  mayChange: boolean;
}

// Which releases the visitors see. Nothing where there is only one to see.
export function SplitCard({ place, deployments, mayChange }: Props) {
  const split = useQuery(splitQuery(place));
  const live = deployments.find((deployment) => deployment.live);
  const others = candidates(deployments);
  if (split.isPending || !live) return null;
  if (!split.data) return <ProblemAlert error={split.error} onRetry={() => split.refetch()} />;
  const isSplit = split.data.releases.length > 0;
  if (!isSplit && (!mayChange || others.length === 0)) return null;
  return (
    <Card
      title="Visitors by release"
      description={isSplit ? "Two releases share the visitors, request by request; the setting that keeps visitors at their instance makes each stay with one." : `All visitors see the live release, #${live.number}.`}
      actions={mayChange && <Actions place={place} split={split.data} live={live} others={others} />}
    >
      <Shares split={split.data} live={live.number} />
    </Card>
  );
}

function Shares({ split, live }: { split: Split; live: number }) {
  const said = attemptText(split);
  const shares = split.releases.length > 0 ? sharesOf(split.releases) : [{ number: live, percent: 100 }];
  return (
    <div className="grid gap-4">
      <ul className="grid gap-3 sm:grid-cols-2">
        {shares.map(({ number, percent }) => (
          <li key={number} className="grid gap-1.5">
            <span className="flex justify-between gap-3">
              <span>
                #{number} {number === live && <span className="text-muted">live</span>}
              </span>
              <span className="tabular-nums">{percentText(percent)}</span>
            </span>
            <Progress label={`Share of #${number}`} value={percent / 100} />
          </li>
        ))}
      </ul>
      {said && <p role="status" className={cx("wrap-anywhere", said.failed ? "text-bad" : "text-muted")}>{said.text}</p>}
    </div>
  );
}

interface ActionsProps {
  place: Place;
  split: Split;
  live: Deployment;
  others: readonly Deployment[];
}

function Actions({ place, split, live, others }: ActionsProps) {
  const end = useEndSplit(place);
  const [isAsking, setAsking] = useState(false);
  const other = split.releases.find(({ number }) => number !== live.number);

  function keep(number: number) {
    end.mutate(number, { onSuccess: () => toast.done(`All visitors go to #${number}.`), onError: toast.failed });
  }

  return (
    <>
      {other && (
        <>
          <Button size="small" busy={end.isPending} onClick={() => keep(live.number)}>
            All to #{live.number}
          </Button>
          <Button size="small" busy={end.isPending} onClick={() => keep(other.number)}>
            All to #{other.number}
          </Button>
        </>
      )}
      <Button size="small" icon={<SplitIcon />} onClick={() => setAsking(true)}>
        {other ? "Change the shares" : "Share the visitors"}
      </Button>
      <SplitDialog place={place} live={live} others={others} chosen={other?.number} open={isAsking} onOpenChange={setAsking} />
    </>
  );
}
