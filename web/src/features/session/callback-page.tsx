import { Link, useParams, useRouter } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";

import { tookLinking } from "@/lib/linking";
import { safeReturnPath } from "@/lib/return-path";
import { buttonClass } from "@/ui/button";
import { ProblemAlert } from "@/ui/problem-alert";
import { QuietPage } from "@/ui/quiet-page";
import { SkeletonCard } from "@/ui/skeleton";
import { CodeStep } from "@/features/session/code-step";
import { LoginPage } from "@/features/session/login-page";
import { answerIn } from "@/features/session/provider-answer";
import { useCompleteProviderLogin, type Arrival } from "@/features/session/queries";

// Where a login provider sends people back to: /login/callback/NAME?code=…&state=…
export function CallbackPage() {
  const { provider = "" } = useParams({ strict: false });
  const router = useRouter();
  const { mutate, data, error } = useCompleteProviderLogin();
  const [wasLinking, setLinking] = useState(false);
  const isAsked = useRef(false);

  useEffect(() => {
    if (isAsked.current) return;
    isAsked.current = true;
    const answer = answerIn(location.search);
    setLinking(tookLinking());
    // It works once, and nobody needs to see it in the history.
    history.replaceState(history.state, "", location.pathname);
    mutate({ provider, ...answer });
  }, [mutate, provider]);

  useEffect(() => {
    if (data && !data.second_factor) router.history.replace(pathAfter(data));
  }, [data, router]);

  if (error && wasLinking) {
    return (
      <QuietPage title="The login is not linked">
        <ProblemAlert error={error} />
        <Link to="/account/security" className={buttonClass("primary")}>
          Back to your account
        </Link>
      </QuietPage>
    );
  }
  if (error) return <LoginPage problem={error} />;
  if (data?.second_factor) {
    const again = () => router.history.replace("/login");
    return (
      <QuietPage title="One more step" description="Your account has a second factor.">
        <CodeStep token={data.second_factor.token} onDone={() => router.history.replace(pathAfter(data))} onOver={again} onBack={again} />
      </QuietPage>
    );
  }
  return (
    <QuietPage title="Logging in">
      <SkeletonCard />
    </QuietPage>
  );
}

const pathAfter = (arrival: Arrival) => safeReturnPath(arrival.return_path);
