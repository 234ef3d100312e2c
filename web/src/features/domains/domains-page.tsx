import { useInfiniteQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { Globe, Plus } from "lucide-react";
import { useState } from "react";

import { useEnvironment } from "@/lib/environments/chosen";
import { useMay } from "@/lib/me/use-rights";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { EmptyState } from "@/ui/empty-state";
import { ProblemAlert } from "@/ui/problem-alert";
import { SkeletonCard } from "@/ui/skeleton";
import { AddDomainDialog } from "@/features/domains/components/add-domain-dialog";
import { DomainCard } from "@/features/domains/components/domain-card";
import { domainsQuery } from "@/features/domains/queries";

export function DomainsPage() {
  const { project } = useParams({ from: "/shell/projects/$project/domains" });
  const environment = useEnvironment();
  const mayWrite = useMay("domains.write", project);
  const [isAdding, setAdding] = useState(false);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="max-w-prose text-muted">Names of your own at which {environment} answers, or which send visitors elsewhere.</p>
        {mayWrite && (
          <Button kind="primary" icon={<Plus />} onClick={() => setAdding(true)}>
            Add a domain
          </Button>
        )}
      </div>
      <Domains project={project} environment={environment} />
      <AddDomainDialog project={project} environment={environment} open={isAdding} onOpenChange={setAdding} />
    </div>
  );
}

function Domains({ project, environment }: { project: string; environment: string }) {
  const domains = useInfiniteQuery(domainsQuery(project));
  if (domains.isPending) return <SkeletonCard />;
  if (!domains.data) return <ProblemAlert error={domains.error} onRetry={() => domains.refetch()} />;
  const all = domains.data.pages.flatMap(({ items }) => items).filter((domain) => domain.environment === environment);
  if (all.length === 0 && !domains.hasNextPage) {
    return (
      <Card>
        <EmptyState icon={<Globe />} title="No domain yet">
          Add one, and Temps says which DNS record it needs. The certificate comes by itself.
        </EmptyState>
      </Card>
    );
  }
  return (
    <>
      <ul className="grid gap-4">
        {all.map((domain) => (
          <li key={domain.name}>
            <DomainCard project={project} domain={domain} />
          </li>
        ))}
      </ul>
      {domains.hasNextPage && (
        <div>
          <Button busy={domains.isFetchingNextPage} onClick={() => domains.fetchNextPage()}>
            Show more
          </Button>
        </div>
      )}
    </>
  );
}
