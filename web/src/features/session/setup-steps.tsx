// What comes after the owner is made: is the server fit, and a first deployment.
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { RefreshCw, Rocket } from "lucide-react";

import { checksQuery } from "@/lib/checks/queries";
import { summaryOf } from "@/lib/checks/verdicts";
import { Button, buttonClass } from "@/ui/button";
import { Card } from "@/ui/card";
import { Checks } from "@/ui/check-list";
import { FirstDeployment } from "@/ui/first-deployment";
import { ProblemAlert } from "@/ui/problem-alert";
import { QuietPage } from "@/ui/quiet-page";
import { Steps } from "@/ui/steps";
import { useFirstExample } from "@/features/session/queries";

const steps = ["Account", "Server", "First deployment"];

export function ChecksStep() {
  const checks = useQuery(checksQuery);
  return (
    <QuietPage
      wide
      title="You are set up"
      description={checks.data ? `Temps has looked at its server. ${summaryOf(checks.data.items)}` : "Temps looks at its server."}
    >
      <Steps label="Setup" steps={steps} at={1} />
      <Card flush>
        <Checks />
      </Card>
      <div className="flex flex-wrap items-center gap-2">
        <Link to="/setup" search={{ step: "deploy" }} className={buttonClass("primary")}>
          Go on
        </Link>
        <Button icon={<RefreshCw />} busy={checks.isFetching} onClick={() => void checks.refetch()}>
          Look again
        </Button>
        <Link to="/" className={buttonClass("quiet")}>
          Go to your projects
        </Link>
      </div>
    </QuietPage>
  );
}

export function FirstStep() {
  const example = useFirstExample();
  const navigate = useNavigate();

  function run() {
    example.mutate(undefined, {
      onSuccess: ({ project, number }) =>
        void navigate({ to: "/projects/$project/deployments/$number", params: { project, number: String(number) } }),
    });
  }

  return (
    <QuietPage wide title="Put something online" description="An example shows how it looks; three commands do it with an app of your own.">
      <Steps label="Setup" steps={steps} at={2} />
      <Card title="An example" description="A small Node.js app that comes with Temps, in a project called hello.">
        <div className="grid gap-4">
          {example.error && <ProblemAlert error={example.error} />}
          <div>
            <Button kind="primary" icon={<Rocket />} busy={example.isPending} onClick={run}>
              Deploy the example
            </Button>
          </div>
        </div>
      </Card>
      <Card title="An app of your own" description="In a git checkout on your machine. The address that the push prints opens it.">
        <FirstDeployment />
      </Card>
      <div className="flex flex-wrap items-center gap-2">
        <Link to="/new" className={buttonClass()}>
          Other ways
        </Link>
        <Link to="/" className={buttonClass("quiet")}>
          Go to your projects
        </Link>
      </div>
    </QuietPage>
  );
}
