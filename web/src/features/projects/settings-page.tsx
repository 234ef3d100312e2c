import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";

import { useEnvironment } from "@/lib/environments/chosen";
import { useMay } from "@/lib/me/use-rights";
import { Card } from "@/ui/card";
import { EmptyState } from "@/ui/empty-state";
import { ProblemAlert } from "@/ui/problem-alert";
import { SkeletonCard } from "@/ui/skeleton";
import { Tabs } from "@/ui/tabs";
import { DangerZone } from "@/features/projects/components/danger-zone";
import { EnvironmentsCard } from "@/features/projects/components/environments-card";
import { SettingsCard } from "@/features/projects/components/settings-card";
import { settingsQuery, type Place } from "@/features/projects/queries";
import { sections, type Section } from "@/features/projects/settings/fields";
import { ImageCard } from "@/features/projects/sources/image-card";
import { SourceCard } from "@/features/projects/sources/source-card";

export function SettingsPage() {
  const { project = "", section: path = "" } = useParams({ strict: false });
  const environment = useEnvironment();
  const at = `/projects/${project}/settings`;
  const tabs = [
    ...sections.map((section) => ({ label: section.label, to: section.path ? `${at}/${section.path}` : at, exact: true })),
    { label: "Repository and image", to: `${at}/source` },
    { label: "Environments", to: `${at}/environments` },
    { label: "Danger zone", to: `${at}/danger` },
  ];
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      <Tabs label="Settings" tabs={tabs} />
      <Shown place={{ project, environment }} path={path} />
    </div>
  );
}

function Shown({ place, path }: { place: Place; path: string }) {
  if (path === "source") return <Sources place={place} />;
  if (path === "environments") return <EnvironmentsCard project={place.project} />;
  if (path === "danger") return <DangerZone place={place} />;
  const section = sections.find((one) => one.path === path);
  if (section) return <Settings key={path} place={place} section={section} />;
  return (
    <Card>
      <EmptyState title="Nothing is here">Choose one of the tabs above.</EmptyState>
    </Card>
  );
}

function Sources({ place }: { place: Place }) {
  return (
    <>
      <SourceCard place={place} />
      <ImageCard place={place} />
    </>
  );
}

function Settings({ place, section }: { place: Place; section: Section }) {
  const settings = useQuery(settingsQuery(place));
  const mayChange = useMay("projects.write", place.project);
  if (settings.isPending) return <SkeletonCard lines={6} />;
  if (!settings.data) return <ProblemAlert error={settings.error} onRetry={() => settings.refetch()} />;
  return section.groups.map((group) => (
    <SettingsCard key={group.title} place={place} group={group} settings={settings.data} mayChange={mayChange} />
  ));
}
