import type { Change } from "@/lib/json-diff";

// Before and after, a line for each field that differs; on a narrow screen its name above both.
export function DiffTable({ label, changes }: { label: string; changes: readonly Change[] }) {
  return (
    <div className="overflow-x-auto rounded-lg border border-line">
      <table aria-label={label} className="block w-full border-collapse text-[0.8125rem] sm:table">
        <thead className="sr-only sm:not-sr-only sm:table-header-group">
          <tr className="border-b border-line bg-sunken text-left text-muted">
            {["Field", "Before", "After"].map((head) => (
              <th key={head} scope="col" className="px-3 py-1.5 font-medium">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="block sm:table-row-group">
          {changes.map(({ path, before, after }) => (
            <tr key={path} className="grid grid-cols-2 border-b border-line align-top last:border-b-0 sm:table-row">
              <th scope="row" className="col-span-2 px-3 py-1.5 text-left font-mono font-normal wrap-anywhere">
                {path || "(all of it)"}
              </th>
              <Side name="Before" text={before} className="bg-bad-soft text-bad" />
              <Side name="After" text={after} className="bg-good-soft text-good" />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Side({ name, text, className }: { name: string; text: string | undefined; className: string }) {
  return (
    <td className="min-w-0 px-3 py-1.5">
      <span aria-hidden className="block text-muted sm:hidden">
        {name}
      </span>
      {text === undefined ? (
        <span className="text-faint">nothing</span>
      ) : (
        <code className={`rounded px-1 py-0.5 font-mono wrap-anywhere ${className}`}>{text}</code>
      )}
    </td>
  );
}
