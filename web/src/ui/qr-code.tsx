import { useMemo } from "react";

import { qrPicture } from "@/lib/qr";

// Always dark on light: many cameras read nothing else.
export function QrCode({ text, label }: { text: string; label: string }) {
  const { size, path } = useMemo(() => qrPicture(text), [text]);
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      className="size-48 max-w-full rounded-lg border border-line bg-white"
    >
      <path d={path} fill="black" />
    </svg>
  );
}
