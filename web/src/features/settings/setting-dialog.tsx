import { CodeBlock } from "@/ui/code-block";
import { Dialog } from "@/ui/dialog";
import { adviceFor, sources } from "@/features/settings/advice";
import type { ServerSetting, ServerSettings } from "@/features/settings/queries";

interface Props {
  setting: ServerSetting | undefined;
  settings: ServerSettings;
  onClose: () => void;
}

// What one setting is, and how to change it.
export function SettingDialog({ setting, settings, onClose }: Props) {
  return (
    <Dialog open={setting !== undefined} onOpenChange={(open) => !open && onClose()} title={setting?.name ?? ""} description={setting && `${setting.help}.`}>
      {setting && <Details setting={setting} settings={settings} />}
    </Dialog>
  );
}

function Details({ setting, settings }: { setting: ServerSetting; settings: ServerSettings }) {
  const advice = adviceFor(setting, settings);
  const facts: [string, string][] = [
    ["Now", setting.value || "none"],
    ["From", [sources[setting.source], setting.where].filter(Boolean).join(", ")],
    ["Default", setting.standard || "see above"],
    ["Takes", setting.form],
  ];
  return (
    <div className="grid gap-5">
      <dl className="grid grid-cols-[5rem_minmax(0,1fr)] gap-x-4 gap-y-2">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-[0.8125rem] text-muted">{name}</dt>
            <dd className="min-w-0 wrap-anywhere">{value}</dd>
          </div>
        ))}
      </dl>
      <section className="grid gap-2">
        <h3 className="font-semibold">To change it</h3>
        <p className="text-muted wrap-anywhere">{advice.text}</p>
        <CodeBlock code={advice.code} label="Copy the line" />
        <p className="text-muted">
          Then start Temps anew, for settings are read at the start. With the systemd units, visitors notice nothing of it:
        </p>
        <CodeBlock code="systemctl restart temps-serve && systemctl reload temps-proxy" label="Copy the command" />
      </section>
    </div>
  );
}
