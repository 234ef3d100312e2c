import { useEffect } from "react";

export const isApple = /Mac|iPhone|iPad/.test(navigator.platform);

// Ctrl or, on Apple's machines, ⌘ with a letter.
export function useHotkey(letter: string, run: () => void) {
  useEffect(() => {
    function press(event: KeyboardEvent) {
      const held = isApple ? event.metaKey : event.ctrlKey;
      if (!held || event.shiftKey || event.altKey || event.key.toLowerCase() !== letter) return;
      event.preventDefault();
      run();
    }
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [letter, run]);
}
