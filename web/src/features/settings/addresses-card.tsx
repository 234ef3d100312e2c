import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { CopyButton } from "@/ui/copy-button";
import { ProblemAlert } from "@/ui/problem-alert";
import { Skeleton } from "@/ui/skeleton";
import { serverSettingsQuery, type ServerSetting } from "@/features/settings/queries";
import { SettingDialog } from "@/features/settings/setting-dialog";

const shownNames = [
  { name: "public_url", label: "Console", hint: "Where this console, the API and git are reached." },
  { name: "base_domain", label: "Apps", hint: "Each app answers at its name below it." },
] as const;

// Where others reach this installation.
export function AddressesCard() {
  return (
    <Card flush title="Addresses" description="Where browsers, git and the visitors of apps reach this installation.">
      <Addresses />
    </Card>
  );
}

function Addresses() {
  const settings = useQuery(serverSettingsQuery);
  const [shown, setShown] = useState<ServerSetting>();
  if (settings.isPending) {
    return (
      <div role="status" aria-label="Loading the addresses" className="grid gap-8 px-5 py-6">
        <Skeleton className="w-1/2" />
        <Skeleton className="w-1/3" />
      </div>
    );
  }
  if (settings.isError) {
    return (
      <div className="p-4">
        <ProblemAlert error={settings.error} onRetry={() => settings.refetch()} />
      </div>
    );
  }
  return (
    <>
      <ul className="divide-y divide-line">
        {shownNames.map(({ name, label, hint }) => {
          const setting = settings.data.items.find((one) => one.name === name);
          if (!setting) return null;
          const address = name === "base_domain" ? `<project>.${setting.value}` : setting.value;
          return (
            <li key={name} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 px-5 py-3">
              <span className="grid min-w-0 flex-1 basis-64">
                <span className="text-[0.8125rem] text-muted">
                  {label}: {hint}
                </span>
                <span className="flex min-w-0 items-center gap-1">
                  <code className="min-w-0 font-mono text-[0.8125rem] wrap-anywhere">
                    {address}
                  </code>
                  <CopyButton text={setting.value} label={`Copy ${name}`} />
                </span>
              </span>
              <Button size="small" onClick={() => setShown(setting)}>
                How to change {name}
              </Button>
            </li>
          );
        })}
      </ul>
      <SettingDialog setting={shown} settings={settings.data} onClose={() => setShown(undefined)} />
    </>
  );
}
