import type { Change } from "@/lib/json-diff";

// Before and after, a line for each field that differs.
export function DiffTable({ label, changes }: { label: string; changes: readonly Change[] }) {
  return (
    <div className="overflow-x-auto rounded-lg border border-line">
      <table aria-label={label} className="w-full border-collapse text-[0.8125rem]">
        <thead>
          <tr className="border-b border-line bg-sunken text-left text-muted">
            {["Field", "Before", "After"].map((head) => (
              <th key={head} scope="col" className="px-3 py-1.5 font-medium">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {changes.map(({ path, before, after }) => (
            <tr key={path} className="border-b border-line align-top last:border-b-0">
              <th scope="row" className="px-3 py-1.5 text-left font-mono font-normal wrap-anywhere">
                {path || "(all of it)"}
              </th>
              <Side text={before} className="bg-bad-soft text-bad" />
              <Side text={after} className="bg-good-soft text-good" />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Side({ text, className }: { text: string | undefined; className: string }) {
  return (
    <td className="px-3 py-1.5">
      {text === undefined ? (
        <span className="text-faint">nothing</span>
      ) : (
        <code className={`rounded px-1 py-0.5 font-mono wrap-anywhere ${className}`}>{text}</code>
      )}
    </td>
  );
}
