import { Copy, Plus, RefreshCw, Trash2 } from "lucide-react";

import { Button } from "@/ui/button";
import { CodeBlock } from "@/ui/code-block";
import { CopyButton } from "@/ui/copy-button";
import { IconButton } from "@/ui/icon-button";
import { Kbd } from "@/ui/kbd";

export function Actions() {
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <Button kind="primary" icon={<Plus />}>New project</Button>
        <Button icon={<RefreshCw />}>Redeploy</Button>
        <Button kind="quiet">Later</Button>
        <Button kind="danger" icon={<Trash2 />}>Delete</Button>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <Button kind="primary" busy>Saving</Button>
        <Button kind="primary" disabled>Save</Button>
        <Button disabled>Redeploy</Button>
        <Button size="small">Small</Button>
        <Button size="small" kind="primary">Small</Button>
        <IconButton label="Copy" icon={<Copy />} />
        <IconButton label="Remove" icon={<Trash2 />} disabled />
        <CopyButton text="copied from the gallery" />
        <span className="flex items-center gap-1"><Kbd>Ctrl</Kbd><Kbd>K</Kbd></span>
      </div>
      <CodeBlock code={"git remote add temps http://localhost:8080/git/shop.git\ngit push temps main"} label="Copy the commands" />
    </>
  );
}
