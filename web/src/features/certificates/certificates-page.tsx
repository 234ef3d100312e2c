import { CertificatesCard } from "@/features/certificates/components/certificates-card";

// What visitors are shown over https. A page of the settings, in their frame.
export function CertificatesPage() {
  return <CertificatesCard />;
}
