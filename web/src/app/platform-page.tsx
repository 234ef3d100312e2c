import { useMay } from "@/lib/me/use-rights";
import { AuthorityCard } from "@/features/certificates/components/authority-card";
import { PlatformCard } from "@/features/certificates/components/platform-card";
import { ProvidersCard } from "@/features/certificates/components/providers-card";
import { AddressesCard } from "@/features/settings/addresses-card";
import { ServerSettings } from "@/features/settings/server-settings";

// The installation itself: its names, who certifies them, who keeps their DNS records, and what it runs with.
export function PlatformPage() {
  const mayReadDns = useMay("dns.read");
  const mayReadSettings = useMay("settings.read");
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      {mayReadSettings && <AddressesCard />}
      <PlatformCard />
      <AuthorityCard />
      {mayReadDns && <ProvidersCard />}
      {mayReadSettings && <ServerSettings />}
    </div>
  );
}
