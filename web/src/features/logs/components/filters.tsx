import { useNavigate, useSearch } from "@tanstack/react-router";

import { spans } from "@/lib/spans";
import { SearchField } from "@/ui/search-field";
import { Select } from "@/ui/select";
import { streams } from "@/features/logs/lines";

// They stand in the address: what is found can be linked to.
export function Filters({ deployments }: { deployments: readonly number[] }) {
  const search = useSearch({ from: "/shell/projects/$project/logs" });
  const navigate = useNavigate({ from: "/projects/$project/logs" });
  const change = (changed: typeof search) => void navigate({ search: (before) => ({ ...before, ...changed }), replace: true });
  const chosen = search.deployment ?? "";
  const numbers = new Set([...deployments.map(String), ...(chosen === "" ? [] : [chosen])]);
  return (
    <>
      <SearchField
        label="Only lines that contain"
        value={search.contains ?? ""}
        onChange={(contains) => change({ contains: contains || undefined })}
        className="w-full sm:w-64"
      />
      <Select
        aria-label="Level or stream"
        options={streams}
        value={search.stream ?? "all"}
        onChange={({ target }) => change({ stream: target.value === "all" ? undefined : target.value })}
        className="w-full sm:w-44"
      />
      <Select
        aria-label="Deployment"
        options={[{ value: "", label: "All deployments" }, ...[...numbers].map((number) => ({ value: number, label: `Deployment #${number}` }))]}
        value={chosen}
        onChange={({ target }) => change({ deployment: target.value || undefined })}
        className="w-full sm:w-44"
      />
      <Select
        aria-label="Since"
        options={[{ value: "", label: "The newest lines" }, ...spans]}
        value={search.since ?? ""}
        onChange={({ target }) => change({ since: target.value || undefined })}
        className="w-full sm:w-40"
      />
    </>
  );
}
