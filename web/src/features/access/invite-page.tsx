import { useQuery } from "@tanstack/react-query";
import { Link, useLocation, useRouter } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { asProblem } from "@/lib/api/problem";
import { tokenIn } from "@/lib/fragment";
import { buttonClass } from "@/ui/button";
import { NewPasswordForm } from "@/ui/new-password-form";
import { ProblemAlert } from "@/ui/problem-alert";
import { QuietPage } from "@/ui/quiet-page";
import { SkeletonCard } from "@/ui/skeleton";
import { Time } from "@/ui/time";
import { offerQuery, useAcceptInvitation } from "@/features/access/queries";

// Where an invitation's link leads: /invite#token=…
export function InvitePage() {
  const token = tokenIn(useLocation({ select: ({ hash }) => hash }));
  if (token === "") {
    return (
      <Refused title="This link is not complete">
        <p className="text-muted">
          It ends in <code className="font-mono">/invite#token=…</code>. Copy all of it, or ask whoever invited you.
        </p>
      </Refused>
    );
  }
  return <Offer key={token} token={token} />;
}

function Refused({ title, children }: { title: string; children: ReactNode }) {
  return (
    <QuietPage title={title}>
      {children}
      <Link to="/login" className={buttonClass()}>
        I have an account: log in
      </Link>
    </QuietPage>
  );
}

function Offer({ token }: { token: string }) {
  const router = useRouter();
  const offer = useQuery(offerQuery(token));
  const accept = useAcceptInvitation();

  if (offer.isPending) {
    return (
      <QuietPage title="Your invitation">
        <SkeletonCard lines={4} />
      </QuietPage>
    );
  }
  if (offer.isError) {
    return (
      <Refused title="This invitation cannot be used">
        <ProblemAlert error={offer.error} onRetry={asProblem(offer.error).status === 410 ? undefined : () => offer.refetch()} />
      </Refused>
    );
  }
  const { email, role, inviter, expires_at: expires } = offer.data;
  return (
    <QuietPage title="You are invited" description={`${inviter} invites you to this Temps. Choose a password, and you are in.`}>
      <dl className="grid gap-2 rounded-xl border border-line bg-surface px-5 py-4">
        <Line name="Account" value={email} />
        <Line name="Role" value={role} />
        <Line name="Good until" value={<Time at={expires} />} />
      </dl>
      <NewPasswordForm
        email={email}
        action="Make my account"
        busy={accept.isPending}
        error={accept.error}
        onSubmit={(password) => accept.mutate({ token, password }, { onSuccess: () => router.history.replace("/") })}
      />
    </QuietPage>
  );
}

function Line({ name, value }: { name: string; value: ReactNode }) {
  return (
    <div className="flex items-baseline justify-between gap-4">
      <dt className="shrink-0 text-[0.8125rem] text-muted">{name}</dt>
      <dd className="min-w-0 text-right wrap-anywhere">{value}</dd>
    </div>
  );
}
