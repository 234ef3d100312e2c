import { useMay } from "@/lib/me/use-rights";
import { Page } from "@/ui/page";
import { CertificatesCard } from "@/features/certificates/components/certificates-card";
import { PlatformCard } from "@/features/certificates/components/platform-card";
import { ProvidersCard } from "@/features/certificates/components/providers-card";

export function CertificatesPage() {
  const mayReadDns = useMay("dns.read");
  const mayRead = useMay("certificates.read");
  return (
    <Page title="Certificates" description="What visitors are shown over https, and who keeps the DNS records that prove whose a name is.">
      {mayRead && <PlatformCard />}
      <CertificatesCard />
      {mayReadDns && <ProvidersCard />}
    </Page>
  );
}
