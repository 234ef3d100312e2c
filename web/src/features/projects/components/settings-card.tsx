import { useState, type FormEvent } from "react";

import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { ProblemAlert } from "@/ui/problem-alert";
import { toast } from "@/ui/toast";
import { SettingField } from "@/features/projects/components/setting-field";
import { draftOf, read } from "@/features/projects/settings/draft";
import type { Group } from "@/features/projects/settings/fields";
import { useChangeSettings, type Place, type Settings } from "@/features/projects/queries";

interface Props {
  place: Place;
  group: Group;
  settings: Settings;
  mayChange: boolean;
}

// One group of settings, saved at once.
export function SettingsCard({ place, group, settings, mayChange }: Props) {
  const change = useChangeSettings(place);
  const [draft, setDraft] = useState(() => draftOf(group, settings));
  const [isTried, setTried] = useState(false);
  const [round, setRound] = useState(0); // fields begin anew after each save
  const { change: wish, errors, isChanged } = read(group, draft, settings);
  const names = group.fields.map(({ name }) => name as string);
  const refused = change.error?.fields ?? {};
  const isElsewhere = change.error && !names.some((name) => refused[name]);

  function begin(from: Settings) {
    setDraft(draftOf(group, from));
    setTried(false);
    setRound((before) => before + 1);
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    if (Object.keys(errors).length > 0) return;
    change.mutate(wish, {
      onSuccess: (saved) => {
        begin(saved);
        toast.done(`${group.title}: saved.`);
      },
    });
  }

  return (
    <form onSubmit={submit} noValidate>
      <Card
        title={group.title}
        description={group.description}
        footer={
          mayChange && (
            <div className="flex flex-wrap justify-end gap-2">
              {isChanged && (
                <Button
                  size="small"
                  onClick={() => {
                    begin(settings);
                    change.reset();
                  }}
                >
                  As it was
                </Button>
              )}
              <Button type="submit" size="small" kind="primary" busy={change.isPending} disabled={!isChanged}>
                Save<span className="sr-only"> {group.title}</span>
              </Button>
            </div>
          )
        }
      >
        <div className="grid gap-4">
          {isElsewhere && <ProblemAlert error={change.error} shownFields={names} />}
          {group.fields.map((field) => (
            <SettingField
              key={`${field.name} ${round}`}
              field={field}
              settings={settings}
              value={draft[field.name] ?? ""}
              error={(isTried ? errors[field.name] : undefined) ?? refused[field.name]}
              disabled={!mayChange}
              onChange={(value) => setDraft((before) => ({ ...before, [field.name]: value }))}
            />
          ))}
        </div>
      </Card>
    </form>
  );
}
