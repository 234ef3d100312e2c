import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { SlidersHorizontal } from "lucide-react";
import { useState } from "react";

import { Badge } from "@/ui/badge";
import { Card } from "@/ui/card";
import { DataTable, type Column } from "@/ui/data-table";
import { EmptyState } from "@/ui/empty-state";
import { SearchField } from "@/ui/search-field";
import { Select } from "@/ui/select";
import { queryState } from "@/ui/table-state";
import { found, isChanged, sources } from "@/features/settings/advice";
import { serverSettingsQuery, type ServerSetting } from "@/features/settings/queries";
import { SettingDialog } from "@/features/settings/setting-dialog";

const choices = [
  { value: "", label: "All settings" },
  { value: "changed", label: "Changed ones" },
];

// What the server runs with. It is changed on the server: who can change it decides over everything here.
export function ServerSettings() {
  const settings = useQuery(serverSettingsQuery);
  const { setting: search = "", only } = useSearch({ from: "/shell/settings/platform" });
  const navigate = useNavigate({ from: "/settings/platform" });
  const [shown, setShown] = useState<ServerSetting>();
  const change = (wish: { setting?: string; only?: string }) =>
    void navigate({ search: (before) => ({ ...before, ...wish }), replace: true, resetScroll: false });

  const columns: Column<ServerSetting>[] = [
    {
      id: "name",
      label: "Setting",
      main: true,
      cell: (setting) => (
        <span className="grid min-w-0 justify-items-start gap-0.5">
          <button
            type="button"
            onClick={() => setShown(setting)}
            className="rounded text-left font-mono text-[0.8125rem] font-medium wrap-anywhere hover:text-accent"
          >
            {setting.name}
          </button>
          <span className="max-w-prose text-[0.8125rem] text-muted">{setting.help}</span>
        </span>
      ),
    },
    { id: "value", label: "Value", cell: ({ value }) => <code className="max-w-72 font-mono text-[0.8125rem] wrap-anywhere">{value || "–"}</code> },
    {
      id: "source",
      label: "From",
      cell: (setting) => (
        <span className="grid min-w-0 justify-items-end gap-0.5 sm:min-w-36 sm:justify-items-start">
          <Badge tone={isChanged(setting) ? "accent" : "neutral"}>{sources[setting.source]}</Badge>
          {setting.where && <code className="text-right font-mono text-xs text-muted wrap-anywhere sm:text-left">{setting.where}</code>}
        </span>
      ),
    },
  ];

  return (
    <Card
      flush
      title="Settings of the server"
      description={describe(settings.data?.file)}
      actions={
        <>
          <SearchField label="Find a setting" value={search} onChange={(value) => change({ setting: value || undefined })} className="w-44" />
          <Select
            aria-label="Which settings"
            options={choices}
            value={only === "changed" ? only : ""}
            onChange={({ target }) => change({ only: target.value || undefined })}
            className="w-40"
          />
        </>
      }
    >
      <DataTable
        label="Settings of the server"
        columns={columns}
        rows={found(settings.data?.items ?? [], search, only === "changed")}
        keyOf={({ name }) => name}
        state={queryState(settings)}
        empty={
          <EmptyState icon={<SlidersHorizontal />} title={search === "" ? "Everything is at its default" : "No setting answers to this"}>
            Look among all settings for what there is.
          </EmptyState>
        }
      />
      {settings.data && <SettingDialog setting={shown} settings={settings.data} onClose={() => setShown(undefined)} />}
    </Card>
  );
}

function describe(file: string | undefined): string {
  const how = "As they were when it started. Press one to see how it is changed.";
  if (file === undefined) return how;
  return `${how} ${file === "" ? "No settings file was read." : `The settings file is ${file}.`}`;
}
