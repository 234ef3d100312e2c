// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { Tooltip } from "radix-ui";
import type { ReactNode } from "react";
import { afterEach, expect, test, vi } from "vitest";

import { Problem } from "@/lib/api/problem";
import { CommandPalette } from "@/ui/command-palette";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import { DataTable, type Column } from "@/ui/data-table";
import { FormField } from "@/ui/form-field";
import { Input } from "@/ui/input";
import { ProblemAlert } from "@/ui/problem-alert";

afterEach(cleanup);
Element.prototype.scrollIntoView = () => undefined;

function show(children: ReactNode) {
  return render(<Tooltip.Provider>{children}</Tooltip.Provider>);
}

test("a field is tied to its label, its hint and its error", () => {
  const { rerender } = show(
    <FormField label="Name" hint="Lower case.">
      <Input />
    </FormField>,
  );
  const input = () => screen.getByLabelText("Name");
  const note = () => document.getElementById(input().getAttribute("aria-describedby") ?? "")?.textContent;
  expect(note()).toBe("Lower case.");
  expect(input().getAttribute("aria-invalid")).toBeNull();
  rerender(
    <FormField label="Name" hint="Lower case." error="is taken">
      <Input />
    </FormField>,
  );
  expect(note()).toBe("This is taken.");
  expect(input().getAttribute("aria-invalid")).toBe("true");
});

test("a problem is shown with what to do, and links to this server only", () => {
  const retry = vi.fn();
  show(
    <ProblemAlert
      onRetry={retry}
      error={new Problem(503, { title: "Away", detail: "the database is away", type: "/problems/sql/unavailable", request_id: "r1" })}
    />,
  );
  expect(screen.getByText("The database is away.")).toBeTruthy();
  expect(screen.getByRole("link").getAttribute("href")).toBe("/problems/sql/unavailable");
  expect(screen.getByText("r1")).toBeTruthy();
  fireEvent.click(screen.getByText("Try again"));
  expect(retry).toHaveBeenCalledOnce();
  cleanup();
  show(<ProblemAlert error={new Problem(400, { title: "x", type: "https://evil.example.org/" })} />);
  expect(screen.queryByRole("link")).toBeNull();
});

test("nothing is confirmed before the name is typed, and a failure stays in the dialog", async () => {
  const confirm = vi.fn().mockRejectedValueOnce(new Problem(409, { title: "Busy", detail: "it is busy" })).mockResolvedValueOnce(null);
  const change = vi.fn();
  show(
    <ConfirmDialog open onOpenChange={change} title="Delete shop?" action="Delete" typed="shop" onConfirm={confirm}>
      Gone for good.
    </ConfirmDialog>,
  );
  const button = screen.getByRole<HTMLButtonElement>("button", { name: "Delete" });
  expect(button.disabled).toBe(true);
  fireEvent.change(screen.getByLabelText("Type shop to confirm"), { target: { value: "shop" } });
  expect(button.disabled).toBe(false);
  fireEvent.click(button);
  await screen.findByText("It is busy.");
  expect(change).not.toHaveBeenCalled();
  fireEvent.click(button);
  await waitFor(() => expect(change).toHaveBeenCalledWith(false));
});

interface Row {
  name: string;
  size: number | null;
}
const columns: Column<Row>[] = [
  { id: "name", label: "Name", main: true, sort: ({ name }) => name, cell: ({ name }) => name },
  { id: "size", label: "Size", sort: ({ size }) => size, cell: ({ size }) => size ?? "–" },
];
const rows: Row[] = [
  { name: "b", size: 2 },
  { name: "a", size: null },
  { name: "c", size: 10 },
];
const names = () => screen.getAllByRole("rowheader").map((cell) => cell.textContent);

test("a table is sorted by its heads", () => {
  show(<DataTable label="Things" columns={columns} rows={rows} keyOf={({ name }) => name} empty="none" />);
  expect(names()).toEqual(["b", "a", "c"]);
  fireEvent.click(screen.getByRole("button", { name: "Size" }));
  expect(names()).toEqual(["b", "c", "a"]);
  fireEvent.click(screen.getByRole("button", { name: "Size" }));
  expect(names()).toEqual(["c", "b", "a"]);
  expect(screen.getByRole("columnheader", { name: "Size" }).getAttribute("aria-sort")).toBe("descending");
});

test("a table says that it loads, is empty, or failed, and fetches more", () => {
  const table = (state: object, shown: Row[] = []) => (
    <DataTable label="Things" columns={columns} rows={shown} keyOf={({ name }) => name} empty="none yet" state={state} />
  );
  const { rerender } = show(table({ isLoading: true }));
  expect(screen.getByRole("table").getAttribute("aria-busy")).toBe("true");
  rerender(table({}));
  expect(screen.getByText("none yet")).toBeTruthy();
  rerender(table({ error: new Problem(500, { title: "Broken" }) }));
  expect(within(screen.getByRole("alert")).getByText("Broken")).toBeTruthy();
  const load = vi.fn();
  rerender(table({ more: { has: true, isLoading: false, load } }, rows));
  fireEvent.click(screen.getByText("Show more"));
  expect(load).toHaveBeenCalledOnce();
});

test("the palette is used by keys alone", () => {
  const run = vi.fn();
  const change = vi.fn();
  const commands = ["shop", "shop: Logs", "Proxy"].map((label) => ({ id: label, label, group: "Page", run: () => run(label) }));
  show(<CommandPalette open onOpenChange={change} commands={commands} />);
  const input = screen.getByRole("combobox");
  fireEvent.change(input, { target: { value: "shop" } });
  expect(screen.getAllByRole("option")).toHaveLength(2);
  fireEvent.keyDown(input, { key: "ArrowDown" });
  expect(screen.getByRole("option", { selected: true }).textContent).toContain("shop: Logs");
  fireEvent.keyDown(input, { key: "ArrowDown" });
  fireEvent.keyDown(input, { key: "ArrowUp" });
  fireEvent.keyDown(input, { key: "Enter" });
  expect(run).toHaveBeenCalledExactlyOnceWith("shop: Logs");
  expect(change).toHaveBeenCalledWith(false);
});
