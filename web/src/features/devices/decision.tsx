import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { ProblemAlert } from "@/ui/problem-alert";
import { Time } from "@/ui/time";
import { useDecide, type Verdict, type WaitingDevice } from "@/features/devices/queries";

interface Props {
  device: WaitingDevice;
  email: string;
  onDecided: (verdict: Verdict) => void;
}

export function Decision({ device, email, onDecided }: Props) {
  const decide = useDecide(device.code);
  const give = (verdict: Verdict) => decide.mutate(verdict, { onSuccess: () => onDecided(verdict) });
  return (
    <div className="grid gap-4">
      {decide.error && <ProblemAlert error={decide.error} />}
      <Card>
        <div className="grid gap-4">
          <p className="text-center font-mono text-2xl font-semibold tracking-widest">{device.code}</p>
          <dl className="grid gap-2">
            <Line name="Program" value={device.name} />
            <Line name="From the address" value={<code className="font-mono text-[0.8125rem]">{device.address}</code>} />
            <Line name="Asked" value={<Time at={device.begun_at} />} />
            <Line name="Logged in as" value={email} />
          </dl>
        </div>
      </Card>
      <p className="text-[0.8125rem] text-muted">It may do all that you may, until you revoke its key.</p>
      <div className="grid grid-cols-2 gap-2">
        <Button busy={decide.isPending && decide.variables === "deny"} disabled={decide.isPending} onClick={() => give("deny")}>
          Deny
        </Button>
        <Button kind="primary" busy={decide.isPending && decide.variables === "approve"} disabled={decide.isPending} onClick={() => give("approve")}>
          Log it in
        </Button>
      </div>
    </div>
  );
}

function Line({ name, value }: { name: string; value: React.ReactNode }) {
  return (
    <div className="flex items-baseline justify-between gap-4">
      <dt className="shrink-0 text-[0.8125rem] text-muted">{name}</dt>
      <dd className="min-w-0 text-right wrap-anywhere">{value}</dd>
    </div>
  );
}
