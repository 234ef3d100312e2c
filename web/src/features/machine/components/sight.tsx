import { bytes, percent, plural } from "@/lib/format";
import { Card } from "@/ui/card";
import { Facts } from "@/ui/facts";
import { Figure, Figures } from "@/ui/figure";
import { Progress } from "@/ui/progress";
import { Sparkline } from "@/ui/sparkline";
import type { Machine } from "@/features/machine/queries";
import { diskShare, diskTone, type Sample } from "@/features/machine/samples";

interface Props {
  machine: Machine;
  samples: readonly Sample[];
}

export function Sight({ machine, samples }: Props) {
  const { cpu, memory, database } = machine;
  const used = memory.total_bytes - memory.available_bytes;
  const of = (value: (sample: Sample) => number) => samples.map(value);
  const memoryText = percent(used, memory.total_bytes);
  return (
    <>
      <Figures>
        <Figure
          label="Processors"
          value={percent(cpu.busy, 1)}
          note={plural(cpu.count, "processor")}
          trend={<Sparkline label={`Processors, ${percent(cpu.busy, 1)} busy now`} values={of((sample) => sample.cpu)} most={1} />}
        />
        <Figure
          label="Load"
          value={cpu.load_1m.toFixed(2)}
          note={`${cpu.load_5m.toFixed(2)} in 5, ${cpu.load_15m.toFixed(2)} in 15 minutes`}
          trend={<Sparkline label={`Load, ${cpu.load_1m.toFixed(2)} now`} values={of((sample) => sample.load)} most={cpu.count} />}
        />
        <Figure
          label="Memory"
          value={memoryText}
          note={`${bytes(used)} of ${bytes(memory.total_bytes)}`}
          trend={<Sparkline label={`Memory, ${memoryText} taken now`} values={of((sample) => sample.memory)} most={1} />}
        />
        <Figure label="Database" value={bytes(database.bytes)} note={`PostgreSQL ${database.version}`} />
      </Figures>
      <Card title="Disks">
        <ul className="grid gap-4">
          {machine.disks.map((disk) => (
            <li key={disk.folder} className="grid gap-1.5">
              <span className="flex flex-wrap justify-between gap-x-4">
                <code className="font-mono text-[0.8125rem] wrap-anywhere">{disk.folder}</code>
                <span className="text-muted tabular-nums">
                  {bytes(disk.free_bytes)} of {bytes(disk.total_bytes)} free
                </span>
              </span>
              <Progress label={`Disk of ${disk.folder}`} value={diskShare(disk)} tone={diskTone(disk)} />
            </li>
          ))}
        </ul>
        {machine.disks.length === 0 && <p className="text-muted">None is known.</p>}
      </Card>
      <Card title="System">
        <Facts
          facts={[
            ["Host", machine.host_name],
            ["System", machine.system],
            ["Kernel", machine.kernel],
            ["Apps run", machine.runtime === "docker" ? "in containers (docker)" : "as processes"],
            ["Swap", memory.swap_total_bytes > 0 ? `${bytes(memory.swap_free_bytes)} of ${bytes(memory.swap_total_bytes)} free` : "none"],
          ]}
        />
        {machine.caveat && <p className="mt-4 max-w-prose text-muted">{machine.caveat}</p>}
      </Card>
    </>
  );
}
