import { useInfiniteQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { Globe, Plus } from "lucide-react";
import { useState } from "react";

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
  const [isAdding, setAdding] = useState(false);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="max-w-prose text-muted">Names of your own at which the project answers, or which send visitors elsewhere.</p>
        <Button kind="primary" icon={<Plus />} onClick={() => setAdding(true)}>
          Add a domain
        </Button>
      </div>
      <Domains project={project} />
      <AddDomainDialog project={project} open={isAdding} onOpenChange={setAdding} />
    </div>
  );
}

function Domains({ project }: { project: string }) {
  const domains = useInfiniteQuery(domainsQuery(project));
  if (domains.isPending) return <SkeletonCard />;
  if (!domains.data) return <ProblemAlert error={domains.error} onRetry={() => domains.refetch()} />;
  const all = domains.data.pages.flatMap(({ items }) => items);
  if (all.length === 0) {
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
