import { useEffect, useState } from "react";

import { exactTime, relativeTime } from "@/lib/time";
import { Tooltip } from "@/ui/tooltip";

// "3 minutes ago", kept true; the exact time in the reader's zone on hover and focus.
export function Time({ at }: { at: string }) {
  const moment = new Date(at);
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 10_000);
    return () => clearInterval(timer);
  }, []);
  if (Number.isNaN(moment.getTime())) return <span>–</span>;
  return (
    <Tooltip text={exactTime(moment)}>
      <time dateTime={at} tabIndex={0} className="rounded-sm whitespace-nowrap">
        {relativeTime(moment, now)}
      </time>
    </Tooltip>
  );
}
