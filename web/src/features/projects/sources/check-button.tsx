import { useCheckSource, useSetSource, type Source, type SourceCheck, type SourcePlace } from "@/lib/sources/queries";
import { Button } from "@/ui/button";
import { Notice } from "@/ui/notice";
import { ProblemAlert } from "@/ui/problem-alert";

interface Props {
  place: SourcePlace;
  source: Source;
}

// Asks the repository whether it can be read and which branches it has; a missing one can be changed at once.
export function CheckSource({ place, source }: Props) {
  const check = useCheckSource(place);
  return (
    <div className="grid gap-3">
      {check.error && <ProblemAlert error={check.error} />}
      {check.data && <Outcome place={place} source={source} found={check.data} onChosen={() => check.mutate()} />}
      <div>
        <Button busy={check.isPending} onClick={() => check.mutate()}>
          Ask the repository
        </Button>
      </div>
    </div>
  );
}

interface OutcomeProps extends Props {
  found: SourceCheck;
  onChosen: () => void;
}

function Outcome({ place, source, found, onChosen }: OutcomeProps) {
  const set = useSetSource(place.project);
  if (found.has_branch) return <Notice tone="good">It can be read, and has the branch {found.branch}.</Notice>;
  if (found.branches.length === 0) return <Notice tone="wait">It can be read, but has no branches yet. Push something there first.</Notice>;
  const isOwnBranch = place.environment === "production";
  return (
    <Notice tone="wait">
      <div className="grid gap-2">
        <p>
          It can be read, but has no branch {found.branch}. {isOwnBranch ? "Choose one that it has:" : "Choose another one in the settings under Source and build; it has:"}
        </p>
        <ul className="flex flex-wrap gap-2">
          {found.branches.slice(0, 30).map((branch) => (
            <li key={branch}>
              {isOwnBranch ? (
                <Button size="small" disabled={set.isPending} onClick={() => set.mutate({ url: source.url, branch }, { onSuccess: onChosen })}>
                  {branch}
                </Button>
              ) : (
                branch
              )}
            </li>
          ))}
        </ul>
        {set.error && <ProblemAlert error={set.error} />}
      </div>
    </Notice>
  );
}
