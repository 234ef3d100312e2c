import { Checkbox } from "@/ui/checkbox";
import { FormField } from "@/ui/form-field";
import { Input } from "@/ui/input";
import { Select } from "@/ui/select";
import { Textarea } from "@/ui/textarea";
import { LoginField } from "@/features/projects/components/login-field";
import type { Field } from "@/features/projects/settings/fields";
import type { Settings } from "@/features/projects/queries";

interface Props {
  field: Field;
  settings: Settings;
  value: string | boolean;
  error?: string;
  disabled: boolean;
  onChange: (value: string | boolean) => void;
}

export function SettingField(props: Props) {
  const { field, error, disabled, value, onChange } = props;
  if (field.form === "switch") {
    return <Checkbox label={field.label} hint={field.hint} checked={value === true} disabled={disabled} onChange={onChange} />;
  }
  if (field.form === "login") return <LoginField {...props} value={String(value)} />;
  const label = field.form === "number" && field.unit ? `${field.label} (${field.unit})` : field.label;
  return (
    <FormField label={label} hint={field.hint} error={error}>
      <Control field={field} value={String(value)} disabled={disabled} onChange={onChange} />
    </FormField>
  );
}

type ControlProps = Pick<Props, "field" | "disabled" | "onChange"> & { value: string; id?: string };

// `rest`: what the form field adds.
function Control({ field, onChange, ...rest }: ControlProps) {
  const plain = { ...rest, autoComplete: "off", spellCheck: false };
  switch (field.form) {
    case "select":
      return <Select {...rest} options={field.options} onChange={({ target }) => onChange(target.value)} className="max-w-md" />;
    case "lines":
    case "pairs":
      return <Textarea mono {...plain} rows={4} placeholder={field.placeholder} onChange={({ target }) => onChange(target.value)} className="max-w-2xl" />;
    case "number":
      return <Input {...plain} inputMode="decimal" placeholder={field.placeholder} onChange={({ target }) => onChange(target.value)} className="max-w-72" />;
    case "text":
      return <Input {...plain} autoCapitalize="none" placeholder={field.placeholder} onChange={({ target }) => onChange(target.value)} className="max-w-md" />;
    default:
      return null;
  }
}
