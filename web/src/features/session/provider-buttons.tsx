import { useQuery } from "@tanstack/react-query";

import { Button } from "@/ui/button";
import { ProblemAlert } from "@/ui/problem-alert";
import { loginOptionsQuery, useBeginProviderLogin } from "@/features/session/queries";

// Where else one may log in. Without any, or while they are not known, the password is enough.
export function ProviderButtons({ returnPath }: { returnPath: string }) {
  const options = useQuery(loginOptionsQuery);
  const begin = useBeginProviderLogin();
  const providers = options.data?.providers ?? [];
  if (providers.length === 0) return null;
  return (
    <section aria-label="Other ways to log in" className="grid gap-3 border-t border-line pt-5">
      {begin.error && <ProblemAlert error={begin.error} />}
      {providers.map(({ name, label }) => (
        <Button
          key={name}
          busy={begin.isPending && begin.variables.provider === name}
          disabled={begin.isPending}
          onClick={() => begin.mutate({ provider: name, return_path: returnPath })}
        >
          <span className="truncate">Log in with {label}</span>
        </Button>
      ))}
    </section>
  );
}
