import { useState } from "react";

import { Card } from "@/ui/card";
import { Checkbox } from "@/ui/checkbox";
import { FormField } from "@/ui/form-field";
import { Input } from "@/ui/input";
import { SearchField } from "@/ui/search-field";
import { Select } from "@/ui/select";
import { Switch } from "@/ui/switch";
import { Textarea } from "@/ui/textarea";

const branches = [
  { value: "main", label: "main" },
  { value: "next", label: "next" },
];

export function Forms() {
  const [checked, setChecked] = useState(true);
  const [on, setOn] = useState(true);
  const [wanted, setWanted] = useState("");
  return (
    <div className="grid gap-6 md:grid-cols-2">
      <div className="grid content-start gap-4">
        <FormField label="Name" hint="Lower-case letters, digits and hyphens.">
          <Input placeholder="shop" />
        </FormField>
        <FormField label="E-mail address" error="is taken">
          <Input type="email" defaultValue="ann@example.org" />
        </FormField>
        <FormField label="Branch" optional>
          <Select options={branches} />
        </FormField>
        <SearchField label="Only lines that contain" value={wanted} onChange={setWanted} />
        <FormField label="Not now">
          <Input disabled defaultValue="cannot be changed" />
        </FormField>
      </div>
      <div className="grid content-start gap-4">
        <FormField label="Variables">
          <Textarea mono rows={4} defaultValue={"PUBLIC_URL=https://shop.example.com\nREGION=north"} />
        </FormField>
        <Checkbox label="Revoke all API keys, too" hint="If somebody may have known the password." checked={checked} onChange={setChecked} />
        <Checkbox label="Not available" checked={false} disabled onChange={() => undefined} />
        <Card>
          <Switch label="Maintenance" hint="Visitors get a page that says so." checked={on} onChange={setOn} />
        </Card>
      </div>
    </div>
  );
}
