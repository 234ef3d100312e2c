import { ShownOnce } from "@/ui/shown-once";

export function CodesShown({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  return (
    <ShownOnce secret={codes.join("\n")} label="Copy the recovery codes" file="temps-recovery-codes.txt" onDone={onDone}>
      Each of these logs you in once in place of your app. Keep them apart from your phone and your password.
    </ShownOnce>
  );
}
