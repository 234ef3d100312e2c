import { useQuery } from "@tanstack/react-query";
import { Link, useRouter, useSearch } from "@tanstack/react-router";
import { useState } from "react";

import { meQuery } from "@/lib/me/queries";
import { CodeBlock } from "@/ui/code-block";
import { buttonClass } from "@/ui/button";
import { NewPasswordForm } from "@/ui/new-password-form";
import { ProblemAlert } from "@/ui/problem-alert";
import { QuietPage } from "@/ui/quiet-page";
import { SkeletonCard } from "@/ui/skeleton";
import { setupQuery, useCompleteSetup } from "@/features/session/queries";
import { ChecksStep, FirstStep } from "@/features/session/setup-steps";

// Where the one-time link leads: /setup?token=…
export function SetupPage() {
  const router = useRouter();
  const search = useSearch({ strict: false });
  const setup = useQuery(setupQuery);
  const me = useQuery({ ...meQuery, enabled: setup.data?.needed === false, retry: false });
  const complete = useCompleteSetup();
  const [isDone, setDone] = useState(false);

  function finish() {
    // The link is used up; nobody needs to see it in the history.
    router.history.replace("/setup");
    setDone(true);
  }

  // Whoever is logged in goes on where they were, also after a reload.
  if (isDone || me.data) return search.step === "deploy" ? <FirstStep /> : <ChecksStep />;
  if (setup.isPending || me.isLoading) {
    return (
      <QuietPage title="Setup">
        <SkeletonCard />
      </QuietPage>
    );
  }
  if (setup.isError) {
    return (
      <QuietPage title="Setup">
        <ProblemAlert error={setup.error} onRetry={() => setup.refetch()} />
      </QuietPage>
    );
  }
  if (!setup.data.needed) return <HasOwner />;
  if (!search.token) return <Waiting />;
  const token = search.token;
  return (
    <QuietPage title="Make your account" description="You become the owner of this installation and can add others later.">
      <NewPasswordForm
        asksEmail
        action="Make the account"
        busy={complete.isPending}
        error={complete.error}
        onSubmit={(password, email) => complete.mutate({ token, email, password }, { onSuccess: finish })}
      />
    </QuietPage>
  );
}

function HasOwner() {
  return (
    <QuietPage
      title="Temps has its owner already"
      description="A setup link works once. Log in, or ask an admin to make you an account."
    >
      <Link to="/login" className={buttonClass("primary")}>
        Log in
      </Link>
    </QuietPage>
  );
}

// How the program is called on its machine; the server writes it into the page.
function adminCommand(): string {
  const written = document.querySelector('meta[name="temps-admin-command"]')?.getAttribute("content") ?? "";
  return written === "" || written.startsWith("{{") ? "temps admin create" : written;
}

function Waiting() {
  return (
    <QuietPage
      wide
      title="Temps waits for its owner"
      description={
        <p>
          Open the one-time setup link that <code className="font-mono">temps up</code> printed when it started. It ends
          in <code className="font-mono">/setup?token=…</code> and makes the first account.
        </p>
      }
    >
      <section className="grid gap-2">
        <h2 className="font-semibold">The link is gone?</h2>
        <p className="text-muted">
          Every start prints a new one while there is no account. Or make the account on the server itself, with the
          password on standard input:
        </p>
        <CodeBlock code={`${adminCommand()} --email you@example.org --password-stdin`} label="Copy the command" />
      </section>
    </QuietPage>
  );
}
