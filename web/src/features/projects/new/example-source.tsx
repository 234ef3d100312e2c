import { FileText, Hexagon } from "lucide-react";

import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { ProblemAlert } from "@/ui/problem-alert";
import { useDeployExample } from "@/features/projects/queries";

interface Props {
  project: string;
  onBegun: (number: number) => void;
}

const examples = [
  { name: "node", label: "A Node.js server", text: "Answers with a page, and writes a line for each request.", icon: Hexagon },
  { name: "static", label: "A static site", text: "Three pages without a running app.", icon: FileText },
] as const;

export function ExampleSource({ project, onBegun }: Props) {
  const deploy = useDeployExample();
  return (
    <Card title="An example" description="Push or upload an app of your own at any time: it takes the example's place.">
      <div className="grid gap-4">
        {deploy.error && <ProblemAlert error={deploy.error} />}
        <ul className="grid gap-4 sm:grid-cols-2">
          {examples.map(({ name, label, text, icon: Icon }) => (
            <li key={name} className="grid content-start justify-items-start gap-3 rounded-xl border border-line p-4">
              <span className="grid gap-1">
                <span className="flex items-center gap-2 font-medium">
                  <Icon aria-hidden className="size-4 text-muted" />
                  {label}
                </span>
                <span className="text-muted">{text}</span>
              </span>
              <Button
                busy={deploy.isPending && deploy.variables.name === name}
                disabled={deploy.isPending}
                onClick={() => deploy.mutate({ project, name }, { onSuccess: ({ number }) => onBegun(number) })}
              >
                Deploy it <span className="sr-only">{label}</span>
              </Button>
            </li>
          ))}
        </ul>
      </div>
    </Card>
  );
}
