import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";

import { cx } from "@/lib/class-names";
import { IconButton } from "@/ui/icon-button";

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: ReactNode;
  children?: ReactNode;
  footer?: ReactNode;
  wide?: boolean;
  firm?: boolean; // a click beside it does not close it: it shows or holds what would be lost
}

export const overlayClass = "fixed inset-0 z-40 bg-shade data-[state=open]:animate-enter";

export function Dialog({ open, onOpenChange, title, description, children, footer, wide, firm }: Props) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={overlayClass} />
        <Radix.Content
          {...(description ? {} : { "aria-describedby": undefined })}
          onInteractOutside={(event) => firm && event.preventDefault()}
          className={cx(
            "fixed inset-x-4 top-[8dvh] z-50 mx-auto flex max-h-[84dvh] flex-col overflow-hidden rounded-xl border border-line bg-raised shadow-raised data-[state=open]:animate-enter",
            wide ? "max-w-2xl" : "max-w-md",
          )}
        >
          <header className="flex items-start justify-between gap-4 px-5 pt-4 pb-3">
            <div className="grid gap-1">
              <Radix.Title className="text-base font-semibold">{title}</Radix.Title>
              {description && (
                <Radix.Description asChild>
                  <div className="text-muted">{description}</div>
                </Radix.Description>
              )}
            </div>
            <Radix.Close asChild>
              <IconButton label="Close" tip={false} icon={<X />} className="-mr-1.5" />
            </Radix.Close>
          </header>
          <div className="overflow-y-auto px-5 pt-1 pb-5">{children}</div>
          {footer && (
            <footer className="flex flex-wrap justify-end gap-2 border-t border-line bg-sunken px-5 py-3">{footer}</footer>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
