// What is shown where a page cannot be.
import { Link, useRouter } from "@tanstack/react-router";
import { Compass } from "lucide-react";
import { useEffect } from "react";

import { buttonClass } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { Page } from "@/ui/page";
import { ProblemAlert } from "@/ui/problem-alert";
import { SkeletonCard } from "@/ui/skeleton";

// In the frame of what is there: a project, or the shell.
export function NotFound() {
  useEffect(() => {
    document.title = "Nothing is here · Temps";
  }, []);
  return (
    <EmptyState
      icon={<Compass />}
      title="Nothing is here"
      actions={
        <Link to="/" className={buttonClass("primary")}>
          Go to your projects
        </Link>
      }
    >
      There is no page at this address. It may have been removed, or the link is misspelt.
    </EmptyState>
  );
}

export function Failed({ error }: { error: unknown }) {
  const router = useRouter();
  return (
    <Page title="This page cannot be shown">
      <ProblemAlert error={error} onRetry={() => void router.invalidate()} />
    </Page>
  );
}

// A page within a frame has its margins from there: what is shown meanwhile stands where the page will.
export function Loading() {
  return (
    <div
      role="status"
      aria-label="Loading"
      className="mx-auto grid w-full max-w-6xl grid-cols-[minmax(0,1fr)] gap-6 px-4 py-8 in-data-page:p-0! sm:px-8"
    >
      <SkeletonCard />
      <SkeletonCard lines={5} />
    </div>
  );
}
