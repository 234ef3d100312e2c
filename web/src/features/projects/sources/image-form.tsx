import { useState, type FormEvent } from "react";

import { useDeployImage, useSetRegistry, type SourcePlace } from "@/lib/sources/queries";
import { Button } from "@/ui/button";
import { Checkbox } from "@/ui/checkbox";
import { FormField } from "@/ui/form-field";
import { Input } from "@/ui/input";
import { ProblemAlert } from "@/ui/problem-alert";
import { registryOf } from "@/features/projects/sources/address";

interface Props {
  place: SourcePlace;
  onBegun: (number: number) => void;
}

const plain = { autoComplete: "off", autoCapitalize: "none", spellCheck: false };

// An image, and who pulls it where it is private.
export function ImageForm({ place, onBegun }: Props) {
  const deploy = useDeployImage(place);
  const login = useSetRegistry(place.project);
  const [image, setImage] = useState("");
  const [isPrivate, setPrivate] = useState(false);
  const [user, setUser] = useState("");
  const [password, setPassword] = useState("");
  const registry = registryOf(image);
  const wrong = deploy.error?.fields.image;
  const isReady = image.trim() !== "" && (!isPrivate || (user.trim() !== "" && password !== ""));

  async function submit(event: FormEvent) {
    event.preventDefault();
    try {
      if (isPrivate) await login.mutateAsync({ host: registry, user: user.trim(), password: password.trim() });
      const { number } = await deploy.mutateAsync(image.trim());
      onBegun(number);
    } catch {
      // Both show their error above.
    }
  }

  return (
    <form onSubmit={(event) => void submit(event)} className="grid max-w-xl gap-4" noValidate>
      {login.error && <ProblemAlert error={login.error} />}
      {deploy.error && !wrong && <ProblemAlert error={deploy.error} />}
      <FormField label="Image" hint="With its tag or digest: nginx:1.25, ghcr.io/you/shop@sha256:…" error={wrong}>
        <Input required placeholder="nginx:1.25" value={image} onChange={({ target }) => setImage(target.value)} {...plain} />
      </FormField>
      <Checkbox label="It is private" hint="Who pulls it is kept sealed, for this project and registry." checked={isPrivate} onChange={setPrivate} />
      {isPrivate && (
        <>
          <FormField label={`User at ${registry}`}>
            <Input required value={user} onChange={({ target }) => setUser(target.value)} {...plain} />
          </FormField>
          <FormField label="Password or token">
            <Input required type="password" value={password} onChange={({ target }) => setPassword(target.value)} {...plain} autoComplete="new-password" />
          </FormField>
        </>
      )}
      <div>
        <Button type="submit" kind="primary" busy={deploy.isPending || login.isPending} disabled={!isReady}>
          Deploy it
        </Button>
      </div>
    </form>
  );
}
