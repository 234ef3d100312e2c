import { Button } from "@/ui/button";
import { FormField } from "@/ui/form-field";
import { Input } from "@/ui/input";
import { Notice } from "@/ui/notice";
import { ProblemAlert } from "@/ui/problem-alert";
import { useCheckIssuer } from "@/features/oidc/queries";

interface Props {
  value: string;
  error?: string;
  onChange: (value: string) => void;
}

// The issuer's address, and whether anybody can log in there.
export function IssuerField({ value, error, onChange }: Props) {
  const check = useCheckIssuer();
  const wrong = error ?? check.error?.fields.issuer;

  function change(next: string) {
    check.reset();
    onChange(next);
  }

  return (
    <div className="grid gap-3">
      <FormField label="Issuer" hint="Without /.well-known/openid-configuration." error={wrong}>
        <Input
          required
          type="url"
          placeholder="https://accounts.google.com"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={value}
          onChange={({ target }) => change(target.value)}
        />
      </FormField>
      {check.error && !wrong && <ProblemAlert error={check.error} />}
      {check.data && (
        <Notice tone="good">
          This issuer answers as it should. People log in at <code className="font-mono text-xs break-all">{check.data.authorization_endpoint}</code>.
        </Notice>
      )}
      <div>
        <Button size="small" busy={check.isPending} disabled={value.trim() === ""} onClick={() => check.mutate(value.trim())}>
          Check the issuer
        </Button>
      </div>
    </div>
  );
}
