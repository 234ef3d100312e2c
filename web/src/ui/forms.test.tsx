// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { useState } from "react";
import { afterEach, expect, test, vi } from "vitest";

import { Problem } from "@/lib/api/problem";
import { changesBetween } from "@/lib/json-diff";
import { ChoiceList } from "@/ui/choice-list";
import { Dialog } from "@/ui/dialog";
import { DiffTable } from "@/ui/diff-table";
import { NewPasswordForm } from "@/ui/new-password-form";
import { RoleSelect } from "@/ui/role-select";
import { ShownOnce } from "@/ui/shown-once";

afterEach(cleanup);

test("a password is sent only when it was typed twice alike, and what is wrong with it stands at its field", () => {
  const submit = vi.fn();
  const form = (error: Problem | null) => <NewPasswordForm action="Set it" busy={false} error={error} onSubmit={submit} />;
  const { rerender } = render(form(null));
  const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });
  type("Password", "a long password");
  type("Password again", "another password");
  fireEvent.click(screen.getByRole("button", { name: "Set it" }));
  expect(submit).not.toHaveBeenCalled();
  expect(screen.getByText("This is not the same password.")).toBeTruthy();
  type("Password again", "a long password");
  fireEvent.click(screen.getByRole("button", { name: "Set it" }));
  expect(submit).toHaveBeenCalledExactlyOnceWith("a long password", "");
  rerender(form(new Problem(400, { title: "x", errors: [{ pointer: "/password", detail: "is too common" }] })));
  expect(screen.getByText("This is too common.")).toBeTruthy();
  expect(screen.queryByRole("alert")).toBeNull();
  rerender(form(new Problem(410, { title: "The link is used up" })));
  expect(within(screen.getByRole("alert")).getByText("The link is used up")).toBeTruthy();
});

test("for a new account its e-mail address is asked for, and refused at its field", () => {
  const submit = vi.fn();
  const form = (error: Problem | null) => <NewPasswordForm asksEmail action="Make it" busy={false} error={error} onSubmit={submit} />;
  const { rerender } = render(form(null));
  const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });
  type("E-mail address", "ann@example.org");
  type("Password", "a long password");
  type("Password again", "a long password");
  fireEvent.click(screen.getByRole("button", { name: "Make it" }));
  expect(submit).toHaveBeenCalledExactlyOnceWith("a long password", "ann@example.org");
  rerender(form(new Problem(400, { title: "x", errors: [{ pointer: "/email", detail: "is no address" }] })));
  expect(screen.getByText("This is no address.")).toBeTruthy();
  expect(screen.queryByRole("alert")).toBeNull();
});

test("choices are added and taken away", () => {
  const change = vi.fn();
  const choices = ["a", "b"].map((value) => ({ value, label: value }));
  render(<ChoiceList legend="Letters" choices={choices} chosen={["a"]} onChange={change} />);
  fireEvent.click(screen.getByRole("checkbox", { name: "b" }));
  expect(change).toHaveBeenLastCalledWith(["a", "b"]);
  fireEvent.click(screen.getByRole("checkbox", { name: "a" }));
  expect(change).toHaveBeenLastCalledWith([]);
});

function Opened({ firm }: { firm: boolean }) {
  const [open, setOpen] = useState(true);
  return (
    <Dialog firm={firm} open={open} onOpenChange={setOpen} title="Secret">
      tk_x
    </Dialog>
  );
}

test.each([
  [true, 1],
  [false, 0],
])("a click beside a dialog with firm=%s leaves %i open", async (firm, left) => {
  render(<Opened firm={firm} />);
  // The dialog begins to listen for clicks a moment after it has opened.
  await new Promise((resolve) => setTimeout(resolve, 0));
  fireEvent.pointerDown(document.body, { button: 0 });
  fireEvent.click(document.body);
  expect(screen.queryAllByRole("dialog")).toHaveLength(left);
  if (left === 0) return;
  fireEvent.keyDown(screen.getByRole("dialog"), { key: "Escape" });
  expect(screen.queryAllByRole("dialog")).toHaveLength(0);
});

test("a secret that is shown once says so, and may be kept as a file", () => {
  const done = vi.fn();
  const shown = (file?: string) => (
    <ShownOnce secret="tk_x" label="Copy the key" file={file} onDone={done}>
      For CI.
    </ShownOnce>
  );
  const { rerender } = render(shown());
  expect(screen.getByText("Keep it now: it is not shown again.")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Download" })).toBeNull();
  rerender(shown("key.txt"));
  expect(screen.getByRole("button", { name: "Download" })).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "I have it" }));
  expect(done).toHaveBeenCalledOnce();
});

test("a difference names both sides", () => {
  render(<DiffTable label="What changed" changes={changesBetween({ port: 80 }, { port: 81, host: "a" })} />);
  const cells = (name: string) => within(screen.getByRole("rowheader", { name }).closest("tr")!).getAllByRole("cell").map((cell) => cell.textContent);
  expect(cells("port")).toEqual(["Before80", "After81"]);
  expect(cells("host")).toEqual(["Beforenothing", 'After"a"']);
});

test("roles are offered with what they mean, but in tables", () => {
  const change = vi.fn();
  const select = (short: boolean) => <RoleSelect aria-label="Role" short={short} offered={["viewer", "admin"]} value="viewer" onChange={change} />;
  const { rerender } = render(select(false));
  expect(screen.getAllByRole("option").map((option) => option.textContent)).toEqual([
    "viewer: sees all projects",
    "admin: gives access, manages members and settings",
  ]);
  rerender(select(true));
  expect(screen.getAllByRole("option").map((option) => option.textContent)).toEqual(["viewer", "admin"]);
  fireEvent.change(screen.getByLabelText("Role"), { target: { value: "admin" } });
  expect(change).toHaveBeenCalledExactlyOnceWith("admin");
});
