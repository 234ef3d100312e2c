import { FolderUp } from "lucide-react";
import { useEffect, useRef, useState } from "react";

import { upload } from "@/lib/api/upload";
import { bytes, plural } from "@/lib/format";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { ProblemAlert } from "@/ui/problem-alert";
import { Progress } from "@/ui/progress";
import { uploadAddress, useProjectsChanged } from "@/features/projects/queries";
import { choose, pack, type Chosen } from "@/features/projects/upload/pack";

interface Props {
  project: string;
  onBegun: (number: number) => void;
}

type Stage = { name: "choosing" } | { name: "packing" | "sending"; share: number } | { name: "unpacking" };

export function FolderSource({ project, onBegun }: Props) {
  const tellChange = useProjectsChanged();
  const input = useRef<HTMLInputElement>(null);
  const control = useRef<AbortController | null>(null);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [stage, setStage] = useState<Stage>({ name: "choosing" });
  const [error, setError] = useState<unknown>(null);
  useEffect(() => () => control.current?.abort(), []);

  async function take(files: FileList | null) {
    if (!files || files.length === 0) return;
    setError(null);
    setChosen(await choose(files));
  }

  async function send() {
    if (!chosen) return;
    setError(null);
    const own = new AbortController();
    control.current = own;
    try {
      setStage({ name: "packing", share: 0 });
      const whole = Math.max(1, chosen.bytes);
      const body = await pack(chosen, (read) => setStage({ name: "packing", share: read / whole }), own.signal);
      setStage({ name: "sending", share: 0 });
      const deployment = await upload<{ number: number }>({
        address: uploadAddress(project),
        body,
        type: "application/gzip",
        onSent: (share) => setStage(share < 1 ? { name: "sending", share } : { name: "unpacking" }),
        signal: own.signal,
      });
      tellChange();
      onBegun(deployment.number);
    } catch (problem) {
      if (!own.signal.aborted) setError(problem);
      setStage({ name: "choosing" });
    }
  }

  const isBusy = stage.name !== "choosing";
  return (
    <Card title="Upload a folder" description="It is packed here and sent. Left out is what .gitignore and .tempsignore name, and always .git, node_modules and .env files.">
      <div className="grid max-w-2xl gap-4">
        {error !== null && <ProblemAlert error={error} />}
        <input
          ref={input}
          type="file"
          multiple
          aria-label="Folder"
          className="sr-only"
          tabIndex={-1}
          {...{ webkitdirectory: "" }}
          onChange={({ target }) => void take(target.files)}
        />
        {chosen && <Contents chosen={chosen} />}
        {isBusy && <Going stage={stage} />}
        <div className="flex flex-wrap gap-2">
          {isBusy ? (
            <Button onClick={() => control.current?.abort()}>Give up</Button>
          ) : (
            <>
              <Button kind={chosen ? "secondary" : "primary"} icon={<FolderUp />} onClick={() => input.current?.click()}>
                {chosen ? "Choose another" : "Choose a folder"}
              </Button>
              {chosen && (
                <Button kind="primary" disabled={chosen.files.length === 0} onClick={() => void send()}>
                  Deploy it
                </Button>
              )}
            </>
          )}
        </div>
      </div>
    </Card>
  );
}

function Contents({ chosen: { folder, files, leftOut, bytes: size } }: { chosen: Chosen }) {
  return (
    <p role="status" className="wrap-anywhere">
      <span className="font-medium">{folder}</span>: {plural(files.length, "file")}, {bytes(size)}
      {leftOut > 0 && <span className="text-muted">; {plural(leftOut, "file")} left out</span>}
      {files.length === 0 && <span className="text-bad">. Nothing is left to send: is everything in it ignored?</span>}
    </p>
  );
}

const words = { packing: "Is packed", sending: "Is sent", unpacking: "Is unpacked on the server" };

function Going({ stage }: { stage: Stage }) {
  if (stage.name === "choosing") return null;
  return (
    <div className="grid gap-1.5">
      <span className="text-muted">{words[stage.name]}…</span>
      <Progress label={words[stage.name]} value={stage.name === "unpacking" ? 1 : stage.share} />
    </div>
  );
}
