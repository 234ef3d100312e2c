import { CircleAlert } from "lucide-react";

import { asProblem, nextStep, sentence } from "@/lib/api/problem";
import { Button } from "@/ui/button";

interface Props {
  error: unknown;
  onRetry?: () => void;
  shownFields?: readonly string[]; // whose errors stand at their fields already
}

// What went wrong, where, what it means and what to do next: from the API's problem document.
export function ProblemAlert({ error, onRetry, shownFields = [] }: Props) {
  const problem = asProblem(error);
  const { title, detail, errors = [], type, request_id: request } = problem.document;
  const elsewhere = errors.filter(({ pointer }) => !shownFields.includes(pointer.replace(/^\//, "")));
  return (
    <div role="alert" className="flex gap-3 rounded-lg border border-bad/30 bg-bad-soft px-4 py-3">
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
      <div className="grid min-w-0 flex-1 gap-1.5">
        <p className="font-medium text-bad">{title ?? "The request failed"}</p>
        {detail && detail !== title && <p className="wrap-anywhere">{sentence(detail)}</p>}
        {elsewhere.length > 0 && (
          <ul className="grid gap-0.5">
            {elsewhere.map(({ pointer, detail: wrong }) => (
              <li key={pointer}>
                <code className="font-mono text-[0.8125rem]">{pointer}</code> {wrong}
              </li>
            ))}
          </ul>
        )}
        <p className="text-[0.8125rem] text-muted">
          {nextStep(problem)}
          {type?.startsWith("/problems/") && (
            <>
              {" "}
              <a href={type} target="_blank" rel="noreferrer" className="text-accent underline underline-offset-2">
                What this means
              </a>
            </>
          )}
        </p>
        {request && problem.status >= 500 && (
          <p className="text-[0.8125rem] text-muted">
            Request <code className="font-mono">{request}</code>
          </p>
        )}
        {onRetry && (
          <div className="pt-1">
            <Button size="small" onClick={onRetry}>
              Try again
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}
