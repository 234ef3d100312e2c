import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";

import { count, duration, milliseconds, percent, plural } from "@/lib/format";
import { Card } from "@/ui/card";
import { Chart } from "@/ui/chart";
import { DataTable } from "@/ui/data-table";
import { EmptyState } from "@/ui/empty-state";
import { Figure, Figures } from "@/ui/figure";
import { Page } from "@/ui/page";
import { ProblemAlert } from "@/ui/problem-alert";
import { SkeletonCard } from "@/ui/skeleton";
import { certificateColumns, upstreamColumns } from "@/features/proxy/columns";
import { proxyQuery, type ProxyReport } from "@/features/proxy/queries";
import { withSample, type Sample } from "@/features/proxy/rates";

export function ProxyPage() {
  const proxy = useQuery(proxyQuery);
  const samples = useSamples(proxy.data, proxy.dataUpdatedAt);
  return (
    <Page title="Proxy" description={proxy.data ? `Runs for ${duration(proxy.data.uptime_seconds)}.` : "What faces your visitors."}>
      {proxy.isPending && <SkeletonCard lines={5} />}
      {proxy.isError && <ProblemAlert error={proxy.error} onRetry={() => proxy.refetch()} />}
      {proxy.data && <Report proxy={proxy.data} samples={samples} />}
    </Page>
  );
}

function useSamples(proxy: ProxyReport | undefined, time: number): readonly Sample[] {
  const [samples, setSamples] = useState<readonly Sample[]>([]);
  useEffect(() => {
    if (!proxy) return;
    const { p50 = null, p95 = null } = proxy.latency;
    setSamples((before) => withSample(before, { time, rate: proxy.requests_per_second, p50, p95 }));
  }, [proxy, time]);
  return samples;
}

function Report({ proxy, samples }: { proxy: ProxyReport; samples: readonly Sample[] }) {
  const { statuses, latency } = proxy;
  const answers = statuses.s1xx + statuses.s2xx + statuses.s3xx + statuses.s4xx + statuses.s5xx;
  return (
    <>
      <Figures>
        <Figure label="Requests" value={`${proxy.requests_per_second.toFixed(1)}/s`} note={`${count(proxy.requests)} since the start`} />
        <Figure label="Open connections" value={count(proxy.connections)} note={plural(proxy.hosts, "host")} />
        <Figure
          label="Half answered within"
          value={milliseconds(latency.p50)}
          note={`95 % within ${milliseconds(latency.p95)}, 99 % within ${milliseconds(latency.p99)}`}
        />
        <Figure
          label="Server errors"
          value={percent(statuses.s5xx, answers)}
          note={`2xx ${percent(statuses.s2xx, answers)}, 4xx ${percent(statuses.s4xx, answers)}`}
        />
      </Figures>
      <Rates samples={samples} />
      <Card flush title="Apps" description="Where requests are sent, and how the proxy finds them.">
        <DataTable
          label="Apps"
          columns={upstreamColumns}
          rows={proxy.upstreams}
          keyOf={({ id, address }) => `${id} ${address}`}
          empty={<EmptyState title="No app yet">The proxy sends requests to an app once one is live.</EmptyState>}
        />
      </Card>
      <Card flush title="Certificates" description="What visitors are shown over https.">
        <DataTable
          label="Certificates"
          columns={certificateColumns}
          rows={proxy.certificates}
          keyOf={({ names }) => names.join(" ")}
          empty={<EmptyState title="No certificate yet">A domain of a project gets one by itself as soon as its DNS records lead here.</EmptyState>}
        />
      </Card>
    </>
  );
}

function Rates({ samples }: { samples: readonly Sample[] }) {
  const times = useMemo(() => samples.map(({ time }) => time), [samples]);
  const series = useMemo(() => [{ label: "Requests a second", values: samples.map(({ rate }) => rate) }], [samples]);
  return (
    <Card title="Requests" description="Since this page was opened, ten minutes at most.">
      {samples.length < 2 ? (
        <div className="grid h-50 place-items-center text-muted">The first seconds are being counted.</div>
      ) : (
        <Chart times={times} series={series} format={(value) => value.toFixed(1)} />
      )}
    </Card>
  );
}
