// A session that ends while the console is open: the login stands before the page, which keeps what
// was typed into it. Nothing of the page is seen meanwhile.
import { focusManager, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { Dialog as Radix } from "radix-ui";
import { useEffect, useRef, useState, type ReactNode } from "react";

import { onSessionEnd } from "@/lib/api/session-end";
import { meQuery, type Me } from "@/lib/me/queries";
import { safeReturnPath } from "@/lib/return-path";
import { Brand } from "@/ui/brand";
import { LoginSteps } from "@/features/session/login-steps";
import { ProviderButtons } from "@/features/session/provider-buttons";

export function LoginAgain() {
  const client = useQueryClient();
  const router = useRouter();
  const [before, setBefore] = useState<Me | null>(null);
  const title = useRef("");

  useEffect(
    () =>
      onSessionEnd(() => {
        const me = client.getQueryData(meQuery.queryKey);
        if (!me) return;
        setBefore((known) => known ?? me);
      }),
    [client],
  );
  useEffect(() => {
    if (!before) return undefined;
    title.current = document.title;
    document.title = "Log in · Temps";
    focusManager.setFocused(false); // nothing asks again and again in vain
    return () => {
      document.title = title.current;
      focusManager.setFocused(undefined);
    };
  }, [before]);

  async function goOn() {
    const me = await client.fetchQuery({ ...meQuery, staleTime: 0 }).catch(() => null);
    setBefore(null);
    if (me && me.email === before?.email) return void client.invalidateQueries();
    // What somebody else has typed and loaded is not theirs.
    client.clear();
    location.assign(router.history.createHref("/"));
  }

  return (
    <Radix.Root open={before !== null}>
      <Radix.Portal>
        <Radix.Content
          aria-describedby={undefined}
          onEscapeKeyDown={(event) => event.preventDefault()}
          onInteractOutside={(event) => event.preventDefault()}
          className="fixed inset-0 z-50 overflow-y-auto bg-page"
        >
          {before && (
            <LoginSteps
              expired
              frame={Frame}
              email={before.email}
              below={<ProviderButtons returnPath={safeReturnPath(router.state.location.href)} />}
              onDone={() => void goOn()}
            />
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function Frame({ title, description, children }: { title: string; description?: ReactNode; children: ReactNode }) {
  return (
    <div className="mx-auto grid w-full max-w-sm gap-6 px-4 pt-[max(2rem,12dvh)] pb-12">
      <Brand />
      <div className="grid gap-1.5">
        <Radix.Title asChild>
          <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
        </Radix.Title>
        {description && <div className="text-muted">{description}</div>}
      </div>
      {children}
    </div>
  );
}
