import { useQuery } from "@tanstack/react-query";

import { FormField } from "@/ui/form-field";
import { Select } from "@/ui/select";
import { environmentNamesQuery, projectNamesQuery } from "@/features/account/queries";

interface Place {
  project: string; // "": all
  environment: string;
}

interface Props {
  place: Place;
  onChange: (place: Place) => void;
  wrong: Record<string, string>;
}

// Where a key is good: everywhere, on one project, in one of its environments.
export function PlaceFields({ place, onChange, wrong }: Props) {
  const projects = useQuery(projectNamesQuery).data ?? [];
  const environments = useQuery({ ...environmentNamesQuery(place.project), enabled: place.project !== "" }).data ?? [];
  const options = (all: string, names: readonly string[]) => [
    { value: "", label: all },
    ...names.map((name) => ({ value: name, label: name })),
  ];
  return (
    <>
      <FormField label="On" error={wrong.project}>
        <Select
          options={options("All projects", projects)}
          value={place.project}
          onChange={(event) => onChange({ project: event.target.value, environment: "" })}
        />
      </FormField>
      {place.project !== "" && (
        <FormField label="Environment" error={wrong.environment}>
          <Select
            options={options("All environments", environments)}
            value={place.environment}
            onChange={(event) => onChange({ ...place, environment: event.target.value })}
          />
        </FormField>
      )}
    </>
  );
}
