import { Ellipsis, ExternalLink, Trash2 } from "lucide-react";
import { useState } from "react";

import { Button } from "@/ui/button";
import { CommandPalette } from "@/ui/command-palette";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import { DropdownMenu, MenuItem, MenuLabel, MenuSeparator } from "@/ui/dropdown-menu";
import { IconButton } from "@/ui/icon-button";
import { toast } from "@/ui/toast";

const commands = ["shop", "shop: Deployments", "Proxy", "Your account", "Log out"].map((label) => ({
  id: label,
  label,
  group: label.startsWith("shop") ? "Project" : "Page",
  run: () => toast.done(`${label} was chosen.`),
}));

export function Overlays() {
  const [isAsking, setAsking] = useState(false);
  const [isSearching, setSearching] = useState(false);
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Button onClick={() => setSearching(true)}>Command palette</Button>
      <Button kind="danger" onClick={() => setAsking(true)}>Delete the project</Button>
      <DropdownMenu align="start" trigger={<IconButton label="More" tip={false} icon={<Ellipsis />} />}>
        <MenuLabel>shop</MenuLabel>
        <MenuItem icon={<ExternalLink />} onSelect={() => undefined}>Visit</MenuItem>
        <MenuItem disabled onSelect={() => undefined}>Not now</MenuItem>
        <MenuSeparator />
        <MenuItem danger icon={<Trash2 />} onSelect={() => setAsking(true)}>Delete</MenuItem>
      </DropdownMenu>
      <CommandPalette open={isSearching} onOpenChange={setSearching} commands={commands} />
      <ConfirmDialog
        open={isAsking}
        onOpenChange={setAsking}
        title="Delete shop?"
        action="Delete the project"
        typed="shop"
        onConfirm={() => new Promise((resolve) => setTimeout(resolve, 800))}
      >
        <p>Its app stops at once. Releases, logs, domains and the git repository on the server are removed for good.</p>
      </ConfirmDialog>
    </div>
  );
}
