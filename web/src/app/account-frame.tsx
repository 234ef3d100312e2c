import { Outlet } from "@tanstack/react-router";

import { useMe } from "@/lib/me/use-rights";
import { Page } from "@/ui/page";
import { Tabs } from "@/ui/tabs";

const tabs = [
  { label: "Profile", to: "/account", exact: true },
  { label: "Security", to: "/account/security" },
  { label: "Sessions", to: "/account/sessions" },
  { label: "API keys", to: "/account/keys" },
];

export function AccountFrame() {
  const me = useMe();
  return (
    <Page title="Your account" description={me ? `${me.email} · ${me.role}` : " "}>
      <Tabs label="Pages of your account" tabs={tabs} />
      <Outlet />
    </Page>
  );
}
