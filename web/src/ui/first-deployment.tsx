import { CodeBlock } from "@/ui/code-block";

function steps(project: string, origin: string) {
  return [
    { what: "Log in on your own machine", code: `temps login ${origin}` },
    { what: "Make a project", code: `temps project create ${project}` },
    { what: "Push a git checkout to it", code: pushCommand(project, "main", origin) },
  ];
}

function stepsOfMade(project: string, branch: string, origin: string) {
  const [remote = "", push = ""] = pushCommand(project, branch, origin).split("\n");
  return [
    { what: "Log in on your own machine", code: `temps login ${origin}` },
    { what: "Name the project in your git checkout", code: remote },
    { what: "Push to it", code: push },
  ];
}

interface Props {
  project?: string;
  made?: boolean; // there is the project already
  branch?: string;
}

export function pushCommand(project: string, branch = "main", origin: string = location.origin): string {
  return `git remote add temps ${origin}/git/${project}.git\ngit push temps ${branch}`;
}

// The three commands that put an app online.
export function FirstDeployment({ project = "shop", made, branch = "main" }: Props) {
  const shown = made ? stepsOfMade(project, branch, location.origin) : steps(project, location.origin);
  return (
    <ol className="grid gap-4">
      {shown.map(({ what, code }, index) => (
        <li key={what} className="grid min-w-0 gap-2">
          <span className="flex items-center gap-2.5">
            <span className="grid size-5.5 place-items-center rounded-full bg-hover text-xs font-semibold text-muted">
              {index + 1}
            </span>
            {what}
          </span>
          <CodeBlock code={code} label="Copy the command" />
        </li>
      ))}
    </ol>
  );
}
