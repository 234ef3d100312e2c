// Every setting of an environment: where it is changed, what it is called, and in which form.
import type { Settings } from "@/features/projects/queries";

export type Name = keyof Settings;
type Form =
  | { form: "text"; placeholder?: string }
  | { form: "number"; placeholder: string; unit?: string } // empty: 0, which has the placeholder's meaning
  | { form: "switch" }
  | { form: "select"; options: readonly { value: string; label: string }[] }
  | { form: "lines"; placeholder: string }
  | { form: "pairs"; separator: "=" | ":"; placeholder: string } // a map
  | { form: "login" };

export type Field = { name: Name; label: string; hint?: string } & Form;

export interface Group {
  title: string;
  description: string;
  fields: readonly Field[];
}

export interface Section {
  path: string; // below /settings
  label: string;
  groups: readonly Group[];
}

const source: Group = {
  title: "Source",
  description: "Which pushes are deployed, and which folder of them. Takes effect with the next push.",
  fields: [
    { name: "branch", label: "Branch", hint: "Pushes to it are deployed; others are stored only.", form: "text" },
    { name: "root_directory", label: "Folder of the app", hint: "Below the root of the repository.", form: "text", placeholder: "the root itself" },
  ],
};

const build: Group = {
  title: "Build",
  description: "What is left empty is found out by itself. Takes effect with the next build.",
  fields: [
    { name: "dockerfile", label: "Dockerfile", form: "text", placeholder: "Dockerfile, where there is one" },
    { name: "install_command", label: "Install command", form: "text", placeholder: "as detected" },
    { name: "build_command", label: "Build command", form: "text", placeholder: "as detected" },
    { name: "start_command", label: "Start command", form: "text", placeholder: "as detected" },
    { name: "output_directory", label: "Output folder", hint: "Is served as a static site, without a running app.", form: "text", placeholder: "none" },
    {
      name: "build_arguments",
      label: "Build arguments",
      hint: "For builds only. They may stay in what is built: no place for secrets.",
      form: "pairs",
      separator: "=",
      placeholder: "NAME=value",
    },
  ],
};

const resources: Group = {
  title: "Resources",
  description: "What one instance of the app may take. Takes effect with the next deployment or restart.",
  fields: [
    { name: "memory_mb", label: "Memory", form: "number", placeholder: "no limit", unit: "MB" },
    { name: "cpus", label: "Processors", hint: "Parts are possible, such as 0.5.", form: "number", placeholder: "no limit" },
    { name: "port", label: "Port of the app", form: "number", placeholder: "EXPOSE of the image, else 3000" },
  ],
};

const health: Group = {
  title: "Health check",
  description: "A new release is asked until it answers; only then visitors get it.",
  fields: [
    { name: "health_path", label: "Path", hint: "Without one any answer below 500 on / counts as healthy.", form: "text", placeholder: "/" },
    { name: "health_seconds", label: "Time to become healthy", form: "number", placeholder: "0", unit: "seconds" },
    { name: "drain_seconds", label: "Time for open requests of the old release", form: "number", placeholder: "0", unit: "seconds" },
  ],
};

const access: Group = {
  title: "Who may visit",
  description: "Holds at once.",
  fields: [
    { name: "maintenance", label: "Maintenance", hint: "Visitors get a page that says so.", form: "switch" },
    { name: "basic_auth", label: "Password", hint: "Visitors are asked for both.", form: "login" },
    {
      name: "allowed_addresses",
      label: "Only these addresses",
      hint: "One a line, single ones or networks. Empty: everyone.",
      form: "lines",
      placeholder: "203.0.113.7\n2001:db8::/32",
    },
    { name: "requests_per_minute", label: "Requests of one address", form: "number", placeholder: "no limit", unit: "a minute" },
  ],
};

const answers: Group = {
  title: "Requests and answers",
  description: "Between visitors and the app. Holds at once.",
  fields: [
    {
      name: "response_headers",
      label: "Headers of every answer",
      hint: "One a line.",
      form: "pairs",
      separator: ":",
      placeholder: "X-Frame-Options: DENY",
    },
    { name: "body_mb_max", label: "Largest request", form: "number", placeholder: "100", unit: "MB" },
    { name: "answer_seconds_max", label: "Time to begin an answer", form: "number", placeholder: "60", unit: "seconds" },
    { name: "wait_seconds", label: "Time that requests wait for an app that is started again", form: "number", placeholder: "0", unit: "seconds" },
    {
      name: "protocol",
      label: "Protocol to the app",
      form: "select",
      options: [
        { value: "auto", label: "HTTP/1.1, and HTTP/2 for gRPC" },
        { value: "http1", label: "HTTP/1.1" },
        { value: "h2c", label: "HTTP/2 without TLS" },
      ],
    },
    { name: "compression", label: "Compress answers", hint: "Those that the app sends uncompressed.", form: "switch" },
    { name: "sticky", label: "Keep visitors at their instance", hint: "They stay with the one that answered them first.", form: "switch" },
    { name: "first_party", label: "Paths of Temps itself", hint: "/_temps/… on the app's hosts.", form: "switch" },
  ],
};

export const sections: readonly Section[] = [
  { path: "", label: "Source and build", groups: [source, build] },
  { path: "resources", label: "Resources and health", groups: [resources, health] },
  { path: "visitors", label: "Visitors", groups: [access, answers] },
];
