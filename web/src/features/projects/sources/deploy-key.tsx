import { CodeBlock } from "@/ui/code-block";

export function DeployKey({ publicKey }: { publicKey: string }) {
  return (
    <div className="grid max-w-xl gap-2">
      <p>
        Add this line to the repository as a <span className="font-medium">deploy key</span>. Reading is enough.
      </p>
      <CodeBlock code={publicKey} label="Copy the deploy key" />
    </div>
  );
}
