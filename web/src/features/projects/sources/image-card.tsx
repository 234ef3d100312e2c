import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";

import { useMay } from "@/lib/me/use-rights";
import { registriesQuery, useRemoveRegistry } from "@/lib/sources/queries";
import { Card } from "@/ui/card";
import { IconButton } from "@/ui/icon-button";
import { toast } from "@/ui/toast";
import type { Place } from "@/features/projects/queries";
import { ImageForm } from "@/features/projects/sources/image-form";

// What is deployed as it is, without a build, and who the project is to registries.
export function ImageCard({ place }: { place: Place }) {
  const mayDeploy = useMay("deploys.write", place.project);
  const mayChange = useMay("projects.write", place.project);
  const navigate = useNavigate();
  if (!mayDeploy || !mayChange) return null;
  return (
    <Card title="Container image" description="An image of a registry, deployed without a build. It listens on the port of its EXPOSE, or on the one in the settings.">
      <div className="grid gap-5">
        <ImageForm
          place={place}
          onBegun={(number) =>
            void navigate({ to: "/projects/$project/deployments/$number", params: { project: place.project, number: String(number) } })
          }
        />
        <Registries project={place.project} />
      </div>
    </Card>
  );
}

function Registries({ project }: { project: string }) {
  const registries = useQuery(registriesQuery(project));
  const remove = useRemoveRegistry(project);
  const known = registries.data?.items ?? [];
  if (known.length === 0) return null;
  return (
    <div className="grid gap-2 border-t border-line pt-4">
      <h3 className="text-[0.8125rem] font-medium">Logins of registries</h3>
      <ul className="grid max-w-xl gap-1">
        {known.map(({ host, user }) => (
          <li key={host} className="flex items-center justify-between gap-3">
            <span className="min-w-0 wrap-anywhere">
              {host} <span className="text-muted">as {user}</span>
            </span>
            <IconButton label={`Forget the login of ${host}`} icon={<Trash2 />} onClick={() => remove.mutate(host, { onError: toast.failed })} />
          </li>
        ))}
      </ul>
    </div>
  );
}
