import { useMay } from "@/lib/me/use-rights";
import { CertificatesCard } from "@/features/certificates/components/certificates-card";
import { PlatformCard } from "@/features/certificates/components/platform-card";
import { ProvidersCard } from "@/features/certificates/components/providers-card";

// What visitors are shown over https, and who keeps the DNS records that prove whose a name is. A page
// of the settings, in their frame.
export function CertificatesPage() {
  const mayReadDns = useMay("dns.read");
  const mayRead = useMay("certificates.read");
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      {mayRead && <PlatformCard />}
      <CertificatesCard />
      {mayReadDns && <ProvidersCard />}
    </div>
  );
}
