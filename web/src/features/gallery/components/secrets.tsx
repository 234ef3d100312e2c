import { useState } from "react";

import { changesBetween } from "@/lib/json-diff";
import { roles, type RoleName } from "@/lib/roles";
import { ChoiceList } from "@/ui/choice-list";
import { CodeInput } from "@/ui/code-input";
import { DiffTable } from "@/ui/diff-table";
import { FormField } from "@/ui/form-field";
import { NewPasswordForm } from "@/ui/new-password-form";
import { QrCode } from "@/ui/qr-code";
import { RoleSelect } from "@/ui/role-select";
import { ShownOnce } from "@/ui/shown-once";

const permissions = ["logs.read", "projects.read", "requests.read"].map((value) => ({ value, label: value }));
const changes = changesBetween(
  { build_command: "make", memory_mb: 256, basic_auth: "****" },
  { build_command: "make all", memory_mb: 512 },
);

export function Secrets() {
  const [role, setRole] = useState<RoleName>("developer");
  const [chosen, setChosen] = useState<string[]>(["logs.read"]);
  const nothing = () => undefined;
  return (
    <div className="grid items-start gap-6 md:grid-cols-2">
      <ShownOnce secret="tk_made-up-for-the-gallery" label="Copy the key" file="key.txt" onDone={nothing}>
        Give it to programs as bearer token, or to git as password.
      </ShownOnce>
      <QrCode text="otpauth://totp/Temps:ann@example.org?secret=JBSWY3DPEHPK3PXP&issuer=Temps" label="QR code of a made-up secret" />
      <div className="grid gap-4">
        <FormField label="Code of your app" error="The code is wrong, or was used already">
          <CodeInput inputMode="numeric" defaultValue="123456" />
        </FormField>
        <FormField label="Role on all projects">
          <RoleSelect offered={roles} value={role} onChange={setRole} />
        </FormField>
        <ChoiceList legend="Permissions" choices={permissions} chosen={chosen} onChange={setChosen} />
      </div>
      <NewPasswordForm action="Set the password" busy={false} error={null} onSubmit={nothing} />
      <div className="md:col-span-2">
        <DiffTable label="What changed" changes={changes} />
      </div>
    </div>
  );
}
