// What the sidebar shows. A new area of the console is a line here.
import { Boxes, Network, Server, ShieldCheck, type LucideIcon } from "lucide-react";

export interface Place {
  label: string;
  to: string;
  icon: LucideIcon;
  within: readonly string[]; // paths that belong to it as well
}

export const places: readonly Place[] = [
  { label: "Projects", to: "/", icon: Boxes, within: ["/projects", "/new"] },
  { label: "Proxy", to: "/proxy", icon: Network, within: [] },
  { label: "Machine", to: "/machine", icon: Server, within: [] },
  { label: "Certificates", to: "/settings/certificates", icon: ShieldCheck, within: [] },
];

export function isWithin(place: Place, path: string): boolean {
  if (path === place.to) return true;
  return [...place.within, ...(place.to === "/" ? [] : [place.to])].some(
    (prefix) => path === prefix || path.startsWith(`${prefix}/`),
  );
}
