import type { ReactNode } from "react";

interface Props {
  icon?: ReactNode;
  title: string;
  children?: ReactNode; // why it is empty, and what fills it
  actions?: ReactNode;
}

export function EmptyState({ icon, title, children, actions }: Props) {
  return (
    <div className="grid justify-items-center gap-3 px-6 py-12 text-center">
      {icon && (
        <span aria-hidden className="grid size-10 place-items-center rounded-xl border border-line bg-sunken text-muted [&_svg]:size-5">
          {icon}
        </span>
      )}
      <div className="grid gap-1">
        <h2 className="text-[0.9375rem] font-semibold">{title}</h2>
        {children && <div className="max-w-md text-muted">{children}</div>}
      </div>
      {actions && <div className="flex flex-wrap justify-center gap-2 pt-1">{actions}</div>}
    </div>
  );
}
