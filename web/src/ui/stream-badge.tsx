import type { StreamState } from "@/lib/api/events";
import type { Tone } from "@/lib/tone";
import { StatusBadge } from "@/ui/badge";

const shown: Record<StreamState, { label: string; tone: Tone; busy?: boolean }> = {
  connecting: { label: "Connecting", tone: "wait", busy: true },
  open: { label: "Live", tone: "good", busy: true },
  waiting: { label: "Reconnecting", tone: "wait", busy: true },
  ended: { label: "Ended", tone: "neutral" },
};

export function StreamBadge({ state }: { state: StreamState }) {
  return <StatusBadge {...shown[state]} />;
}
