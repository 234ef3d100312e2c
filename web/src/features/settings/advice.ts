// Where a setting comes from, and how it is changed.
import type { ServerSetting, ServerSettings } from "@/features/settings/queries";

export const sources: Record<ServerSetting["source"], string> = {
  default_value: "Default",
  file: "Settings file",
  environment: "Environment",
  flag: "Flag",
};

export function isChanged({ source }: Pick<ServerSetting, "source">): boolean {
  return source !== "default_value";
}

// A line of the settings file; every setting takes a text.
function tomlLine(name: string, value: string): string {
  return `${name} = "${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

export interface Advice {
  text: string;
  code: string; // what to write
}

// The place that decides now decides after the change, too.
export function adviceFor(setting: ServerSetting, { usual_file: usual }: Pick<ServerSettings, "usual_file">): Advice {
  const { name, source, where, flag, variable, secret, form } = setting;
  const value = secret || setting.value === "" ? "…" : setting.value;
  if (source === "flag") return { text: `The flag ${where} decides, whatever stands elsewhere. Change it in the command that starts Temps.`, code: `${flag} ${/[^\w.:/-]/.test(value) ? `'${value}'` : value}` };
  if (source === "environment") {
    return { text: `The variable ${where} decides over the settings file. Change it where Temps is started, as in its systemd unit.`, code: `${where}=${value}` };
  }
  if (source === "file") return { text: `It stands in ${where}.`, code: tomlLine(name, value) };
  if (usual === "") return { text: `No settings file is read here: set a variable where Temps is started. It takes ${form}.`, code: `${variable}=${value}` };
  return { text: `Write a line into ${usual}. It takes ${form}.`, code: tomlLine(name, value) };
}

export function found(settings: readonly ServerSetting[], search: string, onlyChanged: boolean): ServerSetting[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return settings.filter((setting) => {
    const text = `${setting.name} ${setting.help} ${setting.value} ${setting.where}`.toLowerCase();
    return (!onlyChanged || isChanged(setting)) && words.every((word) => text.includes(word));
  });
}
