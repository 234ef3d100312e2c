import { useEffect, type ReactNode } from "react";

import { Brand } from "@/ui/brand";

interface Props {
  title: string;
  description?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}

// A page without the shell: who is not logged in sees only these.
export function QuietPage({ title, description, wide, children }: Props) {
  useEffect(() => {
    document.title = `${title} · Temps`;
  }, [title]);
  return (
    <main className="mx-auto grid min-h-dvh content-start gap-8 px-4 pt-[max(2rem,12dvh)] pb-12">
      <div className={wide ? "mx-auto grid w-full max-w-xl gap-6" : "mx-auto grid w-full max-w-sm gap-6"}>
        <Brand />
        <div className="grid gap-1.5">
          <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
          {description && <div className="text-muted">{description}</div>}
        </div>
        {children}
      </div>
    </main>
  );
}
