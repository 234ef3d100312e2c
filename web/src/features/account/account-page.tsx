import { useQuery } from "@tanstack/react-query";

import { Page } from "@/ui/page";
import { ApiKeys } from "@/features/account/components/api-keys";
import { PasswordCard } from "@/features/account/components/password-card";
import { accountQuery } from "@/features/account/queries";

export function AccountPage() {
  const me = useQuery(accountQuery);
  return (
    <Page title="Your account" description={me.data ? `${me.data.email} · ${me.data.role}` : " "}>
      <ApiKeys />
      <PasswordCard />
    </Page>
  );
}
