import { useMemo } from "react";

import { Card } from "@/ui/card";
import { LogView } from "@/ui/log-view";
import { StreamBadge } from "@/ui/stream-badge";
import { madeUpLines } from "@/features/gallery/made-up";

export function Logs() {
  const lines = useMemo(() => madeUpLines(4000), []);
  return (
    <>
      <Card flush title="Log" description="4,000 lines, of which those in sight are drawn." actions={<StreamBadge state="open" />}>
        <LogView label="A made-up log" lines={lines} highlight="ECONNREFUSED" empty="" />
      </Card>
      <Card flush title="No lines yet" actions={<StreamBadge state="waiting" />}>
        <LogView label="An empty log" lines={[]} empty="Waits for the first line." />
      </Card>
    </>
  );
}
