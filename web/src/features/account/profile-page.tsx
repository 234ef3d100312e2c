import { useMe } from "@/lib/me/use-rights";
import { Card } from "@/ui/card";
import { Facts } from "@/ui/facts";
import { SkeletonCard } from "@/ui/skeleton";
import { PasswordCard } from "@/features/account/components/password-card";

export function ProfilePage() {
  const me = useMe();
  if (!me) return <SkeletonCard />;
  return (
    <>
      <Card title="Who you are">
        <Facts
          facts={[
            ["E-mail address", me.email],
            ["Role", me.role],
            ["Roles on projects", me.projects.length === 0 ? "none besides" : me.projects.map(({ project, role }) => `${project}: ${role}`).join(", ")],
          ]}
        />
      </Card>
      <PasswordCard hasPassword={me.has_password} />
    </>
  );
}
