import { Navigate, Outlet } from "@tanstack/react-router";

import { may } from "@/lib/me/rights";
import { useMe } from "@/lib/me/use-rights";
import { EmptyState } from "@/ui/empty-state";
import { Page } from "@/ui/page";
import { Tabs } from "@/ui/tabs";
import { settingsTabs } from "@/app/navigation";

// What concerns all projects. A new page is a line in navigation.ts and a route.
export function SettingsFrame() {
  const tabs = useAllowedTabs();
  return (
    <Page title="Settings" description="For everyone and all projects of this installation.">
      {tabs.length > 0 && <Tabs label="Pages of the settings" tabs={tabs} />}
      <Outlet />
    </Page>
  );
}

function useAllowedTabs() {
  const me = useMe();
  return settingsTabs.filter(({ permission }) => may(me, permission));
}

// /settings leads to the first page that the reader may see.
export function SettingsStart() {
  const [first] = useAllowedTabs();
  if (first) return <Navigate to={first.to} replace />;
  return <EmptyState title="Nothing here is yours to change">Admins find members, teams and the audit log here.</EmptyState>;
}
