import { Outlet, useLocation } from "@tanstack/react-router";
import { Menu, Search } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { useCallback, useEffect, useRef, useState } from "react";

import { useHotkey } from "@/lib/hotkey";
import { Brand } from "@/ui/brand";
import { overlayClass } from "@/ui/dialog";
import { IconButton } from "@/ui/icon-button";
import { ConnectionBanner } from "@/app/connection-banner";
import { LoginAgain } from "@/app/login-again";
import { Palette } from "@/app/palette";
import { Sidebar } from "@/app/sidebar";

export function Shell() {
  const [isSearching, setSearching] = useState(false);
  const [isOpen, setOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  useHotkey("k", useCallback(() => setSearching((before) => !before), []));
  useFocusAfterNavigation(main);

  function search() {
    setOpen(false);
    setSearching(true);
  }

  return (
    <div className="min-h-dvh md:grid md:grid-cols-[15rem_minmax(0,1fr)]">
      <a
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
        className="sr-only z-50 rounded-lg bg-raised px-4 py-2 shadow-raised focus:not-sr-only focus:fixed focus:top-3 focus:left-3"
      >
        Skip to the content
      </a>
      <aside className="hidden border-r border-line md:block">
        <div className="sticky top-0 h-dvh">
          <Sidebar onSearch={search} />
        </div>
      </aside>
      <div className="grid min-h-dvh min-w-0 grid-cols-[minmax(0,1fr)] grid-rows-[auto_1fr] content-start">
        <div className="sticky top-0 z-30">
          <header className="flex items-center gap-2 border-b border-line bg-page px-3 py-2 md:hidden">
            <IconButton label="Open the menu" tip={false} icon={<Menu />} onClick={() => setOpen(true)} />
            <span className="flex-1">
              <Brand />
            </span>
            <IconButton label="Go to…" tip={false} icon={<Search />} onClick={search} />
          </header>
          <ConnectionBanner />
        </div>
        <main ref={main} id="main" tabIndex={-1} className="min-w-0 outline-none">
          <Outlet />
        </main>
      </div>
      <Radix.Root open={isOpen} onOpenChange={setOpen}>
        <Radix.Portal>
          <Radix.Overlay className={overlayClass} />
          <Radix.Content
            aria-describedby={undefined}
            className="fixed inset-y-0 left-0 z-50 w-70 max-w-[85vw] animate-slide border-r border-line bg-page"
          >
            <Radix.Title className="sr-only">Menu</Radix.Title>
            <Sidebar onSearch={search} onNavigate={() => setOpen(false)} />
          </Radix.Content>
        </Radix.Portal>
      </Radix.Root>
      <LoginAgain />
      <Palette open={isSearching} onOpenChange={setSearching} />
    </div>
  );
}

// A screen reader goes on at the new page, and Tab begins there.
function useFocusAfterNavigation(main: React.RefObject<HTMLElement | null>) {
  const path = useLocation({ select: (location) => location.pathname });
  const isFirst = useRef(true);
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false;
      return;
    }
    main.current?.focus({ preventScroll: true });
  }, [path, main]);
}
