import { WifiOff } from "lucide-react";

import { useReachability } from "@/lib/api/reachability";

const texts = {
  offline: "You are offline. What you see is from before.",
  unreachable: "Temps does not answer. What you see is from before; it is asked again.",
};

export function ConnectionBanner() {
  const reachability = useReachability();
  return (
    <div role="status">
      {reachability !== "reached" && (
        <p className="flex items-center justify-center gap-2 bg-wait-soft px-4 py-2 text-[0.8125rem] text-wait">
          <WifiOff aria-hidden className="size-4 shrink-0" />
          {texts[reachability]}
        </p>
      )}
    </div>
  );
}
