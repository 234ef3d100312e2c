import { useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Check, ChevronsUpDown, LogOut, Monitor, Moon, Sun, UserRound } from "lucide-react";

import { meQuery } from "@/lib/me/queries";
import { chooseTheme, useTheme, type Theme } from "@/lib/theme";
import { DropdownMenu, MenuItem, MenuLabel, MenuSeparator } from "@/ui/dropdown-menu";
import { toast } from "@/ui/toast";
import { useLeave } from "@/app/leave";

const themes: readonly [Theme, string, typeof Sun][] = [
  ["system", "Like the system", Monitor],
  ["light", "Light", Sun],
  ["dark", "Dark", Moon],
];

export function AccountMenu({ onNavigate }: { onNavigate?: () => void }) {
  const { data: me } = useSuspenseQuery(meQuery);
  const navigate = useNavigate();
  const theme = useTheme();
  const leave = useLeave();
  return (
    <DropdownMenu
      align="start"
      trigger={
        <button
          type="button"
          className="flex w-full items-center gap-2.5 rounded-lg px-2 py-1.5 text-left hover:bg-hover data-[state=open]:bg-hover"
        >
          <span aria-hidden className="grid size-7 shrink-0 place-items-center rounded-full bg-accent-soft text-xs font-semibold text-accent uppercase">
            {me.email.slice(0, 1)}
          </span>
          <span className="grid min-w-0 flex-1 leading-tight">
            <span className="truncate font-medium">{me.email}</span>
            <span className="text-xs text-muted">{me.role}<span className="sr-only">, your account</span></span>
          </span>
          <ChevronsUpDown aria-hidden className="size-4 shrink-0 text-faint" />
        </button>
      }
    >
      <MenuItem
        icon={<UserRound />}
        onSelect={() => {
          onNavigate?.();
          void navigate({ to: "/account" });
        }}
      >
        Your account
      </MenuItem>
      <MenuSeparator />
      <MenuLabel>Theme</MenuLabel>
      {themes.map(([value, label, Icon]) => (
        <MenuItem key={value} icon={<Icon />} onSelect={() => chooseTheme(value)}>
          <span className="flex-1">{label}</span>
          {theme === value && <Check aria-label="chosen" />}
        </MenuItem>
      ))}
      <MenuSeparator />
      <MenuItem icon={<LogOut />} onSelect={() => leave().catch(toast.failed)}>
        Log out
      </MenuItem>
    </DropdownMenu>
  );
}
