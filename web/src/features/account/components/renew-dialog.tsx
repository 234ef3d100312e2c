import { Dialog } from "@/ui/dialog";
import { CodesShown } from "@/features/account/components/codes-shown";
import { ProofForm } from "@/features/account/components/proof-dialog";
import { useRenewCodes } from "@/features/account/queries";

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function RenewDialog({ open, onOpenChange }: Props) {
  return (
    <Dialog firm open={open} onOpenChange={onOpenChange} title="Make new recovery codes" description="The old ones are void from then on.">
      <Renewal onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function Renewal({ onDone }: { onDone: () => void }) {
  const renew = useRenewCodes();
  if (renew.data) return <CodesShown codes={renew.data.recovery_codes} onDone={onDone} />;
  return <ProofForm action="Make new codes" onProof={(proof) => renew.mutateAsync(proof)} />;
}
