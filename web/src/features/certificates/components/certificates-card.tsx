import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Ellipsis, RefreshCw, ShieldCheck, Trash2, Upload } from "lucide-react";
import { useState } from "react";

import { withoutScheme } from "@/lib/format";
import { useMay } from "@/lib/me/use-rights";
import { StatusBadge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import { DataTable, type Column } from "@/ui/data-table";
import { DropdownMenu, MenuItem } from "@/ui/dropdown-menu";
import { EmptyState } from "@/ui/empty-state";
import { IconButton } from "@/ui/icon-button";
import { pagesState } from "@/ui/table-state";
import { Time } from "@/ui/time";
import { toast } from "@/ui/toast";
import { UploadDialog } from "@/features/certificates/components/upload-dialog";
import { authorityQuery, certificatesQuery, useRemoveCertificate, useRenew, type Certificate } from "@/features/certificates/queries";
import { sources, validity } from "@/features/certificates/states";

const columns: Column<Certificate>[] = [
  {
    id: "names",
    label: "Names",
    main: true,
    cell: ({ names, issuer, source }) => (
      <span className="grid min-w-0">
        <span className="font-medium wrap-anywhere">{names.join(", ")}</span>
        <span className="text-[0.8125rem] wrap-anywhere text-muted">
          {issuer}, {sources[source] ?? source}
        </span>
      </span>
    ),
  },
  { id: "state", label: "State", cell: (certificate) => <StatusBadge {...validity(certificate)} /> },
  { id: "used", label: "Used by", cell: ({ used_by: users }) => <span className="wrap-anywhere">{users.length > 0 ? users.join(", ") : "nothing"}</span> },
  { id: "expires", label: "Expires", align: "end", cell: ({ expires_at: at }) => <Time at={at} /> },
];

export function CertificatesCard() {
  const { rows, state } = pagesState(useInfiniteQuery(certificatesQuery));
  const mayWrite = useMay("certificates.write");
  const [isUploading, setUploading] = useState(false);
  const [removed, setRemoved] = useState<Certificate | null>(null);
  const renew = useRenew();
  const remove = useRemoveCertificate();

  function renewNow({ id, names }: Certificate) {
    renew.mutate(id, { onSuccess: () => toast.done(`A new certificate for ${names.join(", ")} is ordered.`), onError: toast.failed });
  }

  const actions: Column<Certificate> = {
    id: "actions",
    label: "Actions",
    hideLabel: true,
    align: "end",
    cell: (certificate) => (
      <DropdownMenu trigger={<IconButton label={`More for ${certificate.names.join(", ")}`} tip={false} icon={<Ellipsis />} />}>
        <MenuItem icon={<RefreshCw />} disabled={certificate.source !== "acme"} onSelect={() => renewNow(certificate)}>
          Renew now
        </MenuItem>
        <MenuItem danger icon={<Trash2 />} onSelect={() => setRemoved(certificate)}>
          Remove
        </MenuItem>
      </DropdownMenu>
    ),
  };

  return (
    <Card
      flush
      title="Certificates"
      description={<Authority />}
      actions={
        mayWrite && (
          <Button icon={<Upload />} onClick={() => setUploading(true)}>
            Upload one
          </Button>
        )
      }
    >
      <DataTable
        label="Certificates"
        columns={mayWrite ? [...columns, actions] : columns}
        rows={rows}
        keyOf={({ id }) => id}
        state={state}
        empty={
          <EmptyState icon={<ShieldCheck />} title="No certificate yet">
            A domain of a project gets one by itself as soon as its DNS records lead here.
          </EmptyState>
        }
      />
      <UploadDialog open={isUploading} onOpenChange={setUploading} />
      <ConfirmDialog
        open={removed !== null}
        onOpenChange={(open) => !open && setRemoved(null)}
        title="Remove the certificate?"
        action="Remove the certificate"
        typed={removed?.names[0]}
        onConfirm={() => remove.mutateAsync(removed?.id ?? 0)}
      >
        <p>
          Visitors of {removed?.used_by.join(", ") || removed?.names.join(", ")} get another one that covers the name, or
          a warning of their browser. Its key is deleted.
        </p>
      </ConfirmDialog>
    </Card>
  );
}

function Authority() {
  const { data } = useQuery(authorityQuery);
  if (!data) return "They are ordered and renewed by themselves.";
  if (!data.enabled) return "Temps orders none by itself here: it is switched off, or has no address that others reach.";
  return (
    <>
      Ordered and renewed by themselves at {withoutScheme(new URL(data.directory_url).origin)}.
      {data.terms_of_service && (
        <>
          {" "}
          <a href={data.terms_of_service} target="_blank" rel="noreferrer" className="text-accent underline underline-offset-2">
            Its terms
          </a>{" "}
          are agreed to by adding a domain.
        </>
      )}
    </>
  );
}
