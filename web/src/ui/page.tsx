import { Link } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { useEffect, type ReactNode } from "react";

export interface Crumb {
  label: string;
  to: string;
}

interface Props {
  title: string;
  heading?: ReactNode; // instead of the title's text
  description?: ReactNode;
  crumbs?: readonly Crumb[];
  actions?: ReactNode;
  children: ReactNode;
}

// The frame of every page: its title, also for the browser's tab, where it belongs, what can be done.
export function Page({ title, heading, description, crumbs = [], actions, children }: Props) {
  useEffect(() => {
    document.title = `${title} · Temps`;
  }, [title]);
  return (
    <div data-page className="mx-auto grid w-full max-w-6xl min-w-0 grid-cols-[minmax(0,1fr)] gap-6 px-4 py-6 sm:px-8 sm:py-8">
      <header className="grid gap-2">
        {crumbs.length > 0 && <Crumbs crumbs={crumbs} />}
        <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
          <div className="grid min-w-0 gap-1">
            <h1 className="text-xl font-semibold tracking-tight wrap-anywhere">{heading ?? title}</h1>
            {description && <div className="text-muted">{description}</div>}
          </div>
          {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
        </div>
      </header>
      {children}
    </div>
  );
}

function Crumbs({ crumbs }: { crumbs: readonly Crumb[] }) {
  return (
    <nav aria-label="Breadcrumb">
      <ol className="flex flex-wrap items-center gap-1 text-[0.8125rem] text-muted">
        {crumbs.map((crumb, index) => (
          <li key={crumb.to} className="flex items-center gap-1">
            {index > 0 && <ChevronRight aria-hidden className="size-3.5 text-faint" />}
            <Link to={crumb.to} className="hover:text-text">
              {crumb.label}
            </Link>
          </li>
        ))}
      </ol>
    </nav>
  );
}
