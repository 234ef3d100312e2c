import { Link, useLocation } from "@tanstack/react-router";
import { Search } from "lucide-react";

import { isApple } from "@/lib/hotkey";
import { may } from "@/lib/me/rights";
import { useMe } from "@/lib/me/use-rights";
import { Brand } from "@/ui/brand";
import { Kbd } from "@/ui/kbd";
import { AccountMenu } from "@/app/account-menu";
import { isWithin, places } from "@/app/navigation";

interface Props {
  onNavigate?: () => void; // the sheet closes
  onSearch: () => void;
}

export function Sidebar({ onNavigate, onSearch }: Props) {
  const path = useLocation({ select: (location) => location.pathname });
  const me = useMe();
  const allowed = places.filter(({ permissions }) => !permissions || permissions.some((permission) => may(me, permission)));
  return (
    <div className="flex h-full flex-col gap-4 p-3">
      <Link to="/" onClick={onNavigate} className="rounded-lg px-2 py-1.5">
        <Brand />
      </Link>
      <button
        type="button"
        onClick={onSearch}
        className="flex h-8.5 items-center gap-2 rounded-lg border border-line bg-surface px-2.5 text-muted hover:border-line-strong"
      >
        <Search aria-hidden className="size-4" />
        <span className="flex-1 text-left">Go to…</span>
        <Kbd>{isApple ? "⌘" : "Ctrl"}</Kbd>
        <Kbd>K</Kbd>
      </button>
      <nav aria-label="Areas" className="flex-1">
        <ul className="grid gap-0.5">
          {allowed.map((place) => (
            <li key={place.to}>
              <Link
                to={place.to}
                onClick={onNavigate}
                aria-current={isWithin(place, path) ? "page" : undefined}
                className="flex h-8.5 items-center gap-2.5 rounded-lg px-2.5 font-medium text-muted hover:bg-hover hover:text-text aria-[current=page]:bg-hover aria-[current=page]:text-text"
              >
                <place.icon aria-hidden className="size-4" />
                {place.label}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <AccountMenu onNavigate={onNavigate} />
    </div>
  );
}
