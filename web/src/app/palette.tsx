import { useInfiniteQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useMemo } from "react";

import { useCommands, type Command } from "@/lib/commands";
import { may } from "@/lib/me/rights";
import { useMe } from "@/lib/me/use-rights";
import { production, searchOf } from "@/lib/environments/chosen";
import { chooseTheme } from "@/lib/theme";
import { CommandPalette } from "@/ui/command-palette";
import { toast } from "@/ui/toast";
import { useLeave } from "@/app/leave";
import { projectsQuery } from "@/features/projects/queries";

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function Palette({ open, onOpenChange }: Props) {
  const own = useCommands();
  const pages = usePageCommands();
  const projects = useProjectCommands(open);
  const general = useGeneralCommands();
  return <CommandPalette open={open} onOpenChange={onOpenChange} commands={[...own, ...projects, ...pages, ...general]} />;
}

// Every route with a `command` in its static data and no parameter in its path.
function usePageCommands(): Command[] {
  const router = useRouter();
  const me = useMe();
  return useMemo(
    () =>
      Object.values(router.routesById)
        .filter(({ options }) => !options.staticData?.permission || may(me, options.staticData.permission))
        .map((route) => ({ path: route.fullPath as string, label: route.options.staticData?.command }))
        .filter(({ path, label }) => label && !path.includes("$"))
        .map(({ path, label = "" }) => ({
          id: `page ${path}`,
          label,
          group: "Page",
          run: () => void router.navigate({ to: path }),
        })),
    [router, me],
  );
}

const projectPages = [
  ["", ""],
  ["deployments", "Deployments"],
  ["logs", "Logs"],
  ["requests", "Requests"],
  ["variables", "Variables"],
  ["domains", "Domains"],
  ["settings", "Settings"],
] as const;

function useProjectCommands(enabled: boolean): Command[] {
  const router = useRouter();
  const projects = useInfiniteQuery({ ...projectsQuery, enabled });
  const found = projects.data?.pages.flatMap((page) => page.items) ?? [];
  return found.flatMap(({ name }) =>
    projectPages.map(([page, label]) => ({
      id: `project ${name} ${page}`,
      label: label ? `${name}: ${label}` : name,
      group: "Project",
      // Not in the environment of the project that is left.
      run: () =>
        void router.navigate({
          to: page ? `/projects/${name}/${page}` : `/projects/${name}`,
          search: searchOf(production) as never,
        }),
    })),
  );
}

function useGeneralCommands(): Command[] {
  const leave = useLeave();
  return useMemo(
    () => [
      { id: "theme light", label: "Light theme", group: "Theme", run: () => chooseTheme("light") },
      { id: "theme dark", label: "Dark theme", group: "Theme", run: () => chooseTheme("dark") },
      { id: "theme system", label: "Theme like the system", group: "Theme", run: () => chooseTheme("system") },
      { id: "leave", label: "Log out", group: "Account", run: () => void leave().catch(toast.failed) },
    ],
    [leave],
  );
}
