// What the sidebar shows. A new area of the console is a line here.
import { Boxes, Network, Server, Settings, type LucideIcon } from "lucide-react";

export interface Place {
  label: string;
  to: string;
  icon: LucideIcon;
  within: readonly string[]; // paths that belong to it as well
  permissions?: readonly string[]; // one of them is needed
}

// The pages under /settings, each with the permission that it asks for.
export const settingsTabs = [
  { label: "Members", to: "/settings/members", permission: "users.manage" },
  { label: "Teams", to: "/settings/teams", permission: "teams.read" },
  { label: "Invitations", to: "/settings/invitations", permission: "invitations.manage" },
  { label: "Platform", to: "/settings/platform", permission: "certificates.read" },
  { label: "Login providers", to: "/settings/login-providers", permission: "login_providers.manage" },
  { label: "Certificates", to: "/settings/certificates", permission: "certificates.read" },
  { label: "Audit log", to: "/settings/audit", permission: "audit.read" },
] as const;

export const places: readonly Place[] = [
  { label: "Projects", to: "/", icon: Boxes, within: ["/projects", "/new"] },
  { label: "Proxy", to: "/proxy", icon: Network, within: [], permissions: ["gateway.read"] },
  { label: "Machine", to: "/machine", icon: Server, within: [], permissions: ["machine.read"] },
  {
    label: "Settings",
    to: "/settings",
    icon: Settings,
    within: [],
    permissions: settingsTabs.map(({ permission }) => permission),
  },
];

export function isWithin(place: Place, path: string): boolean {
  if (path === place.to) return true;
  return [...place.within, ...(place.to === "/" ? [] : [place.to])].some(
    (prefix) => path === prefix || path.startsWith(`${prefix}/`),
  );
}
