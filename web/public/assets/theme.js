// Before the first paint, so that a chosen theme does not flash. src/lib/theme.ts does the rest.
(function () {
  try {
    const chosen = localStorage.getItem("temps.theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch {
    // Storage is off: the system's theme it is.
  }
})();
