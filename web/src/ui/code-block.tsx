import { CopyButton } from "@/ui/copy-button";

interface Props {
  code: string;
  label?: string; // what the button copies: "Copy the command"
}

export function CodeBlock({ code, label = "Copy the code" }: Props) {
  return (
    <div className="flex min-w-0 items-start gap-1 rounded-lg border border-line bg-sunken py-1 pr-1 pl-3">
      <pre className="min-w-0 flex-1 overflow-x-auto py-1.5 font-mono text-[0.8125rem] leading-normal wrap-anywhere whitespace-pre-wrap">
        {code}
      </pre>
      <CopyButton text={code} label={label} />
    </div>
  );
}
