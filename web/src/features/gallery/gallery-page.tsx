// Every part of ui/ in its states: to look at, and for browser tests to photograph. Shows made-up
// data only and asks the server for nothing.
import { useEffect, type ReactNode } from "react";

import { chooseTheme, useTheme, type Theme } from "@/lib/theme";
import { Brand } from "@/ui/brand";
import { Select } from "@/ui/select";
import { Actions } from "@/features/gallery/components/actions";
import { Data } from "@/features/gallery/components/data";
import { Feedback } from "@/features/gallery/components/feedback";
import { Forms } from "@/features/gallery/components/forms";
import { Logs } from "@/features/gallery/components/logs";
import { Overlays } from "@/features/gallery/components/overlays";
import { Secrets } from "@/features/gallery/components/secrets";
import { Tokens } from "@/features/gallery/components/tokens";

const themes: readonly { value: Theme; label: string }[] = [
  { value: "system", label: "Like the system" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];

export function GalleryPage() {
  const theme = useTheme();
  useEffect(() => {
    document.title = "Gallery · Temps";
  }, []);
  return (
    <main className="mx-auto grid max-w-5xl grid-cols-[minmax(0,1fr)] gap-12 px-4 py-8 sm:px-8">
      <header className="flex flex-wrap items-center justify-between gap-4">
        <div className="grid gap-3">
          <Brand />
          <h1 className="text-xl font-semibold tracking-tight">Gallery</h1>
        </div>
        <Select
          aria-label="Theme"
          options={themes}
          value={theme}
          onChange={(event) => chooseTheme(event.target.value as Theme)}
          className="w-44"
        />
      </header>
      <Part title="Tokens"><Tokens /></Part>
      <Part title="Actions"><Actions /></Part>
      <Part title="Forms"><Forms /></Part>
      <Part title="Secrets and choices"><Secrets /></Part>
      <Part title="Feedback"><Feedback /></Part>
      <Part title="Data"><Data /></Part>
      <Part title="Logs"><Logs /></Part>
      <Part title="Overlays"><Overlays /></Part>
    </main>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-5">
      <h2 className="border-b border-line pb-2 text-[0.8125rem] font-medium text-muted">{title}</h2>
      {children}
    </section>
  );
}
