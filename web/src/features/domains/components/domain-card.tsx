import { Ellipsis, ExternalLink, RefreshCw, Trash2 } from "lucide-react";
import { useState } from "react";

import { sentence } from "@/lib/api/problem";
import { useMay } from "@/lib/me/use-rights";
import { StatusBadge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { CodeBlock } from "@/ui/code-block";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import { DropdownMenu, MenuItem } from "@/ui/dropdown-menu";
import { Facts } from "@/ui/facts";
import { IconButton } from "@/ui/icon-button";
import { Time } from "@/ui/time";
import { toast } from "@/ui/toast";
import { useCheckDomain, useRemoveDomain, type Domain } from "@/features/domains/queries";
import { certificateVerdict, dnsVerdict, needsRecords } from "@/features/domains/verdicts";

export function DomainCard({ project, domain }: { project: string; domain: Domain }) {
  const check = useCheckDomain(project);
  const mayWrite = useMay("domains.write", project);
  const { dns, certificate_order: order } = domain;
  return (
    <Card
      title={domain.name}
      description={domain.role === "redirect" ? `Sends visitors to ${domain.redirect_to} (${domain.redirect_status})` : undefined}
      actions={
        mayWrite && (
          <>
            <Button size="small" icon={<RefreshCw />} busy={check.isPending} onClick={() => check.mutate(domain.name, { onError: toast.failed })}>
              Look up now
            </Button>
            <More project={project} domain={domain} />
          </>
        )
      }
    >
      <div className="grid gap-4">
        <Facts
          facts={[
            ["DNS", <StatusBadge key="dns" {...dnsVerdict(domain)} />],
            ["Certificate", <StatusBadge key="certificate" {...certificateVerdict(domain)} />],
            ["Environment", domain.environment],
            ["Looked up", dns.checked_at ? <Time key="checked" at={dns.checked_at} /> : "–"],
          ]}
        />
        {dns.detail && dns.state !== "right" && !needsRecords(domain) && <p className="text-muted">{sentence(dns.detail)}</p>}
        {needsRecords(domain) && (
          <div className="grid gap-2">
            <p className="font-medium">{dns.records.length === 1 ? "Make this record" : "Make one of these records"} where the domain's DNS is kept:</p>
            {dns.records.map((record) => (
              <CodeBlock key={record} code={record} label="Copy the record" />
            ))}
          </div>
        )}
        {order?.detail && order.state !== "issued" && (
          <p className="text-muted">
            {sentence(order.detail)}
            {order.next_try_at && (
              <>
                {" "}
                Next try: <Time at={order.next_try_at} />
              </>
            )}
          </p>
        )}
      </div>
    </Card>
  );
}

function More({ project, domain }: { project: string; domain: Domain }) {
  const [isAsking, setAsking] = useState(false);
  const remove = useRemoveDomain(project);
  const address = `${domain.certificate ? "https" : "http"}://${domain.name}`;
  return (
    <>
      <DropdownMenu trigger={<IconButton label={`More for ${domain.name}`} tip={false} icon={<Ellipsis />} />}>
        <MenuItem icon={<ExternalLink />} disabled={domain.name.startsWith("*")} onSelect={() => window.open(address, "_blank", "noreferrer")}>
          Visit
        </MenuItem>
        <MenuItem danger icon={<Trash2 />} onSelect={() => setAsking(true)}>
          Remove
        </MenuItem>
      </DropdownMenu>
      <ConfirmDialog
        open={isAsking}
        onOpenChange={setAsking}
        title={`Remove ${domain.name}?`}
        action="Remove the domain"
        typed={domain.name}
        onConfirm={() => remove.mutateAsync(domain.name)}
      >
        <p>The project answers there no more, at once. Its other addresses stay.</p>
      </ConfirmDialog>
    </>
  );
}
