import { Tooltip as Radix } from "radix-ui";
import type { ReactElement } from "react";

interface Props {
  text: string;
  children: ReactElement;
}

export function Tooltip({ text, children }: Props) {
  return (
    <Radix.Root delayDuration={300}>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          sideOffset={6}
          collisionPadding={8}
          className="z-50 max-w-72 animate-enter rounded-md bg-text px-2 py-1 text-xs text-page shadow-raised"
        >
          {text}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
