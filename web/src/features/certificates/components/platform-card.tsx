import { useQuery } from "@tanstack/react-query";
import { Globe, RefreshCw } from "lucide-react";

import { sentence } from "@/lib/api/problem";
import { plural } from "@/lib/format";
import { useMay } from "@/lib/me/use-rights";
import { StatusBadge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { DataTable, type Column } from "@/ui/data-table";
import { EmptyState } from "@/ui/empty-state";
import { queryState } from "@/ui/table-state";
import { toast } from "@/ui/toast";
import { platformQuery, useCheckPlatform, type OwnName } from "@/features/certificates/queries";
import { dnsVerdict, ownVerdict, purposes } from "@/features/certificates/states";

const columns: Column<OwnName>[] = [
  {
    id: "name",
    label: "Name",
    main: true,
    cell: ({ name, purpose, dns, certificate, certificate_order: order }) => (
      <span className="grid min-w-0">
        <span className="font-medium wrap-anywhere">{name}</span>
        <span className="text-[0.8125rem] text-muted">{purposes[purpose] ?? purpose}</span>
        {dns?.detail && dns.state !== "right" && <span className="max-w-prose text-[0.8125rem] wrap-anywhere">{sentence(dns.detail)}</span>}
        {order?.detail && !certificate && <span className="max-w-prose text-[0.8125rem] wrap-anywhere">{sentence(order.detail)}</span>}
      </span>
    ),
  },
  { id: "dns", label: "DNS", cell: (name) => <StatusBadge {...dnsVerdict(name)} /> },
  { id: "certificate", label: "Certificate", cell: (name) => <StatusBadge {...ownVerdict(name)} /> },
];

// The names of the console and of the apps below the base domain.
export function PlatformCard() {
  const platform = useQuery(platformQuery);
  const check = useCheckPlatform();
  const mayCheck = useMay("certificates.write");
  const waiting = platform.data?.hosts_waiting ?? 0;
  return (
    <Card
      flush
      title="The platform's own names"
      description={platform.data?.detail ? sentence(platform.data.detail) : "The console, and the apps below the base domain."}
      actions={
        mayCheck && (
          <Button size="small" icon={<RefreshCw />} busy={check.isPending} onClick={() => check.mutate(undefined, { onError: toast.failed })}>
            Look up now
          </Button>
        )
      }
    >
      <DataTable
        label="The platform's own names"
        columns={columns}
        rows={platform.data?.names ?? []}
        keyOf={({ name }) => name}
        state={queryState(platform)}
        empty={
          <EmptyState icon={<Globe />} title="No name of its own">
            Set a base domain, such as apps.example.com, and Temps gets certificates for it by itself.
          </EmptyState>
        }
      />
      {waiting > 0 && <p className="border-t border-line px-5 py-3 text-muted">{plural(waiting, "app")} get their first certificate later.</p>}
    </Card>
  );
}
