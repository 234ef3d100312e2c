import { useState } from "react";

import { Button } from "@/ui/button";
import { FormField } from "@/ui/form-field";
import { Input } from "@/ui/input";
import { loginUser, withoutLogin } from "@/features/projects/settings/draft";
import type { Settings } from "@/features/projects/queries";

interface Props {
  settings: Settings;
  value: string; // "user:password", empty where nothing changes
  error?: string;
  disabled: boolean;
  onChange: (value: string) => void;
}

// The password that holds is kept as a hash: it can be replaced and taken away, not shown.
export function LoginField({ settings, value, error, disabled, onChange }: Props) {
  const [isOpen, setOpen] = useState(false);
  const user = loginUser(settings);
  const isRemoved = value === withoutLogin;
  const at = value.indexOf(":");
  const typedUser = at < 0 ? value : value.slice(0, at);
  const typedPassword = at < 0 ? "" : value.slice(at + 1);

  function type(name: string, password: string) {
    onChange(name === "" && password === "" ? "" : `${name.replace(/:/g, "")}:${password}`);
  }

  return (
    <div className="grid max-w-md gap-2">
      <p className="text-[0.8125rem] font-medium">Name and password</p>
      <div className="flex flex-wrap items-center gap-2">
        <span className="flex-1 text-muted">
          {isRemoved ? "Nobody is asked once this is saved." : user ? `Visitors log in as ${user}.` : "Nobody is asked for one."}
        </span>
        {!disabled && (
          <Button
            size="small"
            onClick={() => {
              onChange("");
              setOpen(!isOpen);
            }}
          >
            {isOpen ? "Leave it" : user ? "Change it" : "Ask for one"}
          </Button>
        )}
        {!disabled && user && !isOpen && (
          <Button size="small" onClick={() => onChange(isRemoved ? "" : withoutLogin)}>
            {isRemoved ? "Keep it" : "Ask nobody"}
          </Button>
        )}
      </div>
      {isOpen && (
        <div className="grid gap-3 sm:grid-cols-2">
          <FormField label="Name">
            <Input autoComplete="off" spellCheck={false} value={typedUser} onChange={({ target }) => type(target.value, typedPassword)} />
          </FormField>
          <FormField label="Password">
            <Input type="password" autoComplete="new-password" value={typedPassword} onChange={({ target }) => type(typedUser, target.value)} />
          </FormField>
        </div>
      )}
      {error && <p className="text-[0.8125rem] text-bad">Both are needed: {error}</p>}
    </div>
  );
}
