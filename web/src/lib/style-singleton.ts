// Stands in for react-style-singleton (vite.config.ts): the same few functions, with a constructed
// style sheet instead of a <style> element, which our Content-Security-Policy would refuse.
import { useEffect } from "react";

interface Singleton {
  add: (css: string) => void;
  remove: () => void;
}

export function stylesheetSingleton(): Singleton {
  let users = 0;
  let sheet: CSSStyleSheet | null = null;
  return {
    add(css) {
      if (users++ > 0) return;
      sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    },
    remove() {
      if (--users > 0) return;
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
      sheet = null;
    },
  };
}

export function styleHookSingleton() {
  const shared = stylesheetSingleton();
  return (css: string, dynamic?: boolean) => {
    useEffect(() => {
      shared.add(css);
      return () => shared.remove();
      // As in the original: a style that says it is dynamic is replaced when it changes.
      // eslint-disable-next-line react-hooks/exhaustive-deps
    }, [css && dynamic]);
  };
}

export function styleSingleton() {
  const useStyle = styleHookSingleton();
  return function Style({ styles, dynamic }: { styles: string; dynamic?: boolean }) {
    useStyle(styles, dynamic);
    return null;
  };
}
