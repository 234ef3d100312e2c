import { useState } from "react";

import { useDeploySource, useSource, type Source } from "@/lib/sources/queries";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { Notice } from "@/ui/notice";
import { ProblemAlert } from "@/ui/problem-alert";
import { SkeletonCard } from "@/ui/skeleton";
import { CheckSource } from "@/features/projects/sources/check-button";
import { DeployKey } from "@/features/projects/sources/deploy-key";
import { SourceForm } from "@/features/projects/sources/source-form";

interface Props {
  project: string;
  onBegun: (number: number) => void;
}

// First where it is and what opens it, then a look at it, then the deployment, whose log is shown.
export function RepositorySource({ project, onBegun }: Props) {
  const source = useSource(project);
  const [isChanging, setChanging] = useState(false);
  if (source.isPending) return <SkeletonCard lines={4} />;
  if (source.data === undefined) return <ProblemAlert error={source.error} onRetry={() => source.refetch()} />;
  const isKnown = source.data !== null && !isChanging;
  return (
    <Card title="From a repository" description="At GitHub, GitLab or any other git server. Its newest commit is fetched and built here.">
      {isKnown ? (
        <Known project={project} source={source.data as Source} onChange={() => setChanging(true)} onBegun={onBegun} />
      ) : (
        <SourceForm project={project} source={source.data} action="Go on" onSaved={() => setChanging(false)} />
      )}
    </Card>
  );
}

interface KnownProps extends Props {
  source: Source;
  onChange: () => void;
}

function Known({ project, source, onChange, onBegun }: KnownProps) {
  const place = { project, environment: "production" };
  const deploy = useDeploySource(place);
  return (
    <div className="grid gap-5">
      {deploy.error && <ProblemAlert error={deploy.error} />}
      <Notice>
        <span className="wrap-anywhere">
          {source.branch} of {source.url}
        </span>
      </Notice>
      {source.public_key && <DeployKey publicKey={source.public_key} />}
      <CheckSource place={place} source={source} />
      <div className="flex flex-wrap gap-2">
        <Button kind="primary" busy={deploy.isPending} onClick={() => deploy.mutate(undefined, { onSuccess: ({ number }) => onBegun(number) })}>
          Deploy it
        </Button>
        <Button onClick={onChange}>Change address or token</Button>
      </div>
    </div>
  );
}
