import { Checkbox } from "@/ui/checkbox";

interface Choice {
  value: string;
  label: string;
  hint?: string;
}

interface Props {
  legend: string;
  choices: readonly Choice[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

// Any number of them; a long list scrolls.
export function ChoiceList({ legend, choices, chosen, onChange }: Props) {
  return (
    <fieldset className="grid min-w-0 gap-1.5">
      <legend className="pb-1.5 text-[0.8125rem] font-medium">{legend}</legend>
      <div className="grid max-h-52 gap-2 overflow-y-auto rounded-lg border border-line p-3">
        {choices.map(({ value, label, hint }) => (
          <Checkbox
            key={value}
            label={label}
            hint={hint}
            checked={chosen.includes(value)}
            onChange={(checked) => onChange(checked ? [...chosen, value] : chosen.filter((other) => other !== value))}
          />
        ))}
      </div>
    </fieldset>
  );
}
