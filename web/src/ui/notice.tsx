import { CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

import { cx } from "@/lib/class-names";

type NoticeTone = "neutral" | "good" | "wait";

const looks: Record<NoticeTone, { className: string; icon: ReactNode }> = {
  neutral: { className: "border-line bg-sunken text-muted", icon: <Info /> },
  good: { className: "border-good/30 bg-good-soft text-good", icon: <CircleCheck /> },
  wait: { className: "border-wait/30 bg-wait-soft text-wait", icon: <TriangleAlert /> },
};

// What the reader should know before going on; what failed is a ProblemAlert.
export function Notice({ tone = "neutral", children }: { tone?: NoticeTone; children: ReactNode }) {
  const { className, icon } = looks[tone];
  return (
    <div role="status" className={cx("flex gap-3 rounded-lg border px-4 py-3", className)}>
      <span aria-hidden className="mt-0.5 [&_svg]:size-4">
        {icon}
      </span>
      <div className="min-w-0 flex-1">{children}</div>
    </div>
  );
}
