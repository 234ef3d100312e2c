import { Link, useLocation } from "@tanstack/react-router";
import { useEffect, useRef } from "react";

export interface Tab {
  label: string;
  to: string;
  exact?: boolean;
}

// Tabs are addresses: each can be linked to, opened beside, and gone back from.
export function Tabs({ label, tabs }: { label: string; tabs: readonly Tab[] }) {
  const list = useRef<HTMLElement>(null);
  const path = useLocation({ select: (location) => location.pathname });
  // On a narrow screen the present one may lie beyond the side.
  useEffect(() => {
    const row = list.current;
    const present = row?.querySelector<HTMLElement>("[aria-current=page]");
    if (row && present) row.scrollLeft = present.offsetLeft - (row.clientWidth - present.offsetWidth) / 2;
  }, [path, tabs.length]);
  return (
    <nav ref={list} aria-label={label} className="relative overflow-x-auto border-b border-line [scrollbar-width:none]">
      <ul className="flex gap-1">
        {tabs.map((tab) => (
          <li key={tab.to}>
            <Link
              to={tab.to}
              activeOptions={{ exact: tab.exact ?? false }}
              activeProps={{ "aria-current": "page" }}
              className="-mb-px flex h-10 items-center border-b-2 border-transparent px-3 font-medium whitespace-nowrap text-muted -outline-offset-2 hover:text-text aria-[current=page]:border-accent aria-[current=page]:text-text"
            >
              {tab.label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
