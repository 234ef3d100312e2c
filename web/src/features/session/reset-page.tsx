import { Link, useLocation, useRouter } from "@tanstack/react-router";
import { useState } from "react";

import { tokenIn } from "@/lib/fragment";
import { buttonClass } from "@/ui/button";
import { NewPasswordForm } from "@/ui/new-password-form";
import { QuietPage } from "@/ui/quiet-page";
import { useResetPassword } from "@/features/session/queries";

// Where the link for a new password leads: /reset#token=…
export function ResetPage() {
  const router = useRouter();
  const token = tokenIn(useLocation({ select: ({ hash }) => hash }));
  const reset = useResetPassword();
  const [isDone, setDone] = useState(false);

  function submit(password: string) {
    reset.mutate(
      { token, password },
      {
        onSuccess: () => {
          setDone(true);
          // The link is used up; nobody needs to see it in the history.
          router.history.replace("/reset");
        },
      },
    );
  }

  if (isDone) {
    return (
      <QuietPage title="Your password is changed" description="All of your sessions have ended. Log in with the new password.">
        <ToLogin />
      </QuietPage>
    );
  }
  if (token === "") {
    return (
      <QuietPage
        title="This link is not complete"
        description={
          <p>
            It ends in <code className="font-mono">/reset#token=…</code>. Copy all of it, or ask an admin for a new one.
          </p>
        }
      >
        <ToLogin />
      </QuietPage>
    );
  }
  return (
    <QuietPage title="Choose a new password" description="It logs you out everywhere. API keys and the second factor stay.">
      <NewPasswordForm action="Set the password" busy={reset.isPending} error={reset.error} onSubmit={submit} />
    </QuietPage>
  );
}

function ToLogin() {
  return (
    <Link to="/login" className={buttonClass("primary")}>
      Log in
    </Link>
  );
}
