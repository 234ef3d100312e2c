import { Card } from "@/ui/card";
import { ImageForm } from "@/features/projects/sources/image-form";

interface Props {
  project: string;
  onBegun: (number: number) => void;
}

export function ImageSource({ project, onBegun }: Props) {
  return (
    <Card title="A container image" description="Pulled from a registry and run as it is, without a build. It listens on the port of its EXPOSE, or on the one in the settings.">
      <ImageForm place={{ project, environment: "production" }} onBegun={onBegun} />
    </Card>
  );
}
