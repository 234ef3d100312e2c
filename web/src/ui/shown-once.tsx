import { Download } from "lucide-react";
import type { ReactNode } from "react";

import { downloadText } from "@/lib/download";
import { Button } from "@/ui/button";
import { CodeBlock } from "@/ui/code-block";
import { Notice } from "@/ui/notice";

interface Props {
  secret: string;
  label: string; // "Copy the key"
  file?: string; // can be kept as a file of this name
  children: ReactNode; // what it is for
  onDone: () => void;
}

// A secret that the server tells this one time.
export function ShownOnce({ secret, label, file, children, onDone }: Props) {
  return (
    <div className="grid gap-4">
      <Notice tone="wait">Keep it now: it is not shown again.</Notice>
      <div className="text-muted">{children}</div>
      <CodeBlock code={secret} label={label} />
      <div className="flex flex-wrap justify-end gap-2">
        {file && (
          <Button icon={<Download />} onClick={() => downloadText(file, `${secret}\n`)}>
            Download
          </Button>
        )}
        <Button kind="primary" onClick={onDone}>
          I have it
        </Button>
      </div>
    </div>
  );
}
