// One key after the other is what a terminal is about.
/* oxlint-disable no-await-in-loop */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { afterAll, afterEach, assert, beforeAll, describe, it } from "vitest"
import { fixture } from "../fixtures/scenario.ts"
import type { Grid } from "./Grid.ts"
import { type OpenTerminal, openTerminal, restored, type TerminalOptions } from "./Terminal.ts"

let folder = ""
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "twin "))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const open: OpenTerminal[] = []
afterEach(() => {
  for (const it of open.splice(0)) it.close()
})

const started = async (name: string, options: TerminalOptions = {}) => {
  const terminal = openTerminal(["play", fixture(name)], options)
  open.push(terminal)
  await terminal.sees("The seat of the recipient")
  // Keys count from when the program listens to each of them.
  await terminal.waitFor(({ isBracketedPaste }) => isBracketedPaste, "a program that listens")
  return terminal
}

/** Nothing wraps, nothing is left over: the title once, on top; the last row free. */
const isWhole = ({ lines }: Grid): boolean =>
  lines.filter((it) => it.startsWith(" The seat of the recipient")).length === 1 &&
  lines[0]?.startsWith(" The seat of the recipient") === true &&
  lines.at(-1) === ""

const toTheSeat = async (terminal: OpenTerminal) => {
  await terminal.sees("shows the keys")
  terminal.press("right")
  await terminal.sees("Pat has a mailbox and no account.")
  terminal.press("right")
  await terminal.sees("ALLOWED  share-file")
  terminal.press("right")
  await terminal.sees("ALLOWED  request-code")
  terminal.type(" ")
  await terminal.sees("in the seat of pat")
}

describe.skipIf(process.platform === "win32")("the player in a terminal", () => {
  it.each([
    { columns: 80, rows: 24 },
    { columns: 140, rows: 45 },
    { columns: 40, rows: 12 },
  ])("plays to the end and back at $columns x $rows", async (size) => {
    const terminal = await started("seat", size)
    await terminal.waitFor(isWhole, "a whole screen")
    if (size.columns === 40) {
      for (let key = 0; key < 60; key += 1) terminal.type("\r")
      await terminal.sees("6/6")
      await terminal.sees(/Everything held/)
      await terminal.waitFor(isWhole, "a whole screen")
      terminal.type("q")
      assert.deepStrictEqual(await terminal.ended(), restored(0))
      return
    }
    await toTheSeat(terminal)
    const code = /code +(\d{8})/.exec(terminal.grid.text)?.[1] ?? ""
    terminal.type(`${code}\r`)
    await terminal.sees("ALLOWED  enter-code")
    terminal.press("right")
    await terminal.sees("Press 1 to 3")
    await terminal.waitFor(isWhole, "a whole screen")
    terminal.type("3")
    await terminal.sees("The twin says otherwise.")
    terminal.press("right")
    await terminal.sees("Grace closes the tenant")
    terminal.press("right")
    await terminal.sees("HOLDS  Pat is shut out")
    terminal.press("right")
    await terminal.sees("Everything held: 1 held, 0 failed.")
    await terminal.waitFor(isWhole, "a whole screen")
    terminal.press("left")
    await terminal.sees("HOLDS  Pat is shut out")
    terminal.press("left")
    await terminal.sees("Grace closes the tenant")
    terminal.press("left")
    await terminal.sees("Press 1 to 3")
    terminal.type("r")
    await terminal.sees("Played again")
    await terminal.waitFor(isWhole, "a whole screen")
    terminal.type("q")
    assert.deepStrictEqual(await terminal.ended(), restored(0))
  })

  it("survives resizing at any moment, without debris", async () => {
    const terminal = await started("seat")
    await toTheSeat(terminal)
    for (const size of [
      { columns: 120, rows: 40 },
      { columns: 40, rows: 12 },
      { columns: 200, rows: 60 },
      { columns: 60, rows: 20 },
      { columns: 10, rows: 4 },
      { columns: 80, rows: 24 },
    ]) {
      terminal.resize(size)
      if (size.columns < 20) await sleep(300)
      else {
        await terminal.sees(/ 2\/6/)
        await terminal.waitFor(
          ({ lines }) => (lines[0] ?? "").trimEnd().length > size.columns - 3,
          "a title as wide as the screen",
        )
        await terminal.waitFor(isWhole, "a whole screen")
      }
    }
    await terminal.sees("in the seat of pat")
    terminal.type("\u001b")
    await terminal.sees("ALLOWED  request-code")
    terminal.type("q")
    assert.deepStrictEqual(await terminal.ended(), restored(0))
  })

  it("shows every pane, explains, searches, tries a cmdlet on a fork", async () => {
    const terminal = await started("seat", { columns: 110, rows: 36 })
    await toTheSeat(terminal)
    terminal.type("\r")
    await terminal.sees("ALLOWED  enter-code")
    for (const [key, text] of [
      ["a", "▶ Pat enters it"],
      ["m", "✉ pat@mailbox.example"],
      ["u", "AddedToSecureLink"],
      ["s", "Nothing has been changed since the story began."],
      ["w", "Press Kit.docx"],
      ["n", "Type the code slowly."],
      ["?", "on: first what is below"],
    ] as const) {
      terminal.type(key)
      await terminal.sees(text)
      await terminal.waitFor(isWhole, "a whole screen")
    }
    terminal.type("x")
    terminal.type("t")
    await terminal.sees("7 gates passed")
    terminal.type("e")
    await terminal.sees("lockState: Unlock")
    terminal.type("/SPO-097\r")
    await terminal.sees("SPO-097")
    terminal.type(":Set-SPOTenant -SharingCapability Disabled\r")
    await terminal.sees("refused by external-sharing-level")
    await terminal.waitFor(isWhole, "a whole screen")
    terminal.type(" ")
    await terminal.sees("lockState: Unlock")
    terminal.type("q")
    assert.deepStrictEqual(await terminal.ended(), restored(0))
  })

  it("ends with 1 where something did not hold", async () => {
    const terminal = await started("failing")
    for (let key = 0; key < 20; key += 1) terminal.type("\r")
    await terminal.sees("Not everything held")
    await terminal.sees("FAILS  Pat reads on")
    terminal.type("q")
    assert.deepStrictEqual(await terminal.ended(), restored(1))
  })

  it.each([
    ["q at once", "q"],
    ["Ctrl-C at once", "\u0003"],
    ["Ctrl-C while typing a cmdlet", ":Get-SPO\u0003"],
    ["Ctrl-C over the help", "?\u0003"],
    ["q after many keys in one piece", "\r\r\r\ttmusq"],
  ])("restores the terminal after %s", async (_, keys) => {
    const terminal = await started("seat")
    await terminal.sees("shows the keys")
    terminal.type(keys)
    assert.deepStrictEqual(await terminal.ended(), restored(0))
  })

  it.each([
    ["SIGTERM", 143],
    ["SIGINT", 130],
    ["SIGHUP", 129],
  ] as const)("restores the terminal after %s", async (signal, code) => {
    const terminal = await started("seat")
    await terminal.sees("shows the keys")
    terminal.press("right")
    terminal.signal(signal)
    assert.deepStrictEqual(await terminal.ended(), restored(code))
  })

  it("ends when the window is closed", async () => {
    const terminal = await started("seat")
    await terminal.sees("shows the keys")
    const id = terminal.programId()
    terminal.hangUp()
    for (let tries = 0; tries < 250 && existsSync(`/proc/${id}`); tries += 1) await sleep(20)
    assert.isFalse(existsSync(`/proc/${id}`))
  })

  it("restores the terminal after a defect in a view, and says what happened", async () => {
    const file = path.join(folder, "boom.yaml")
    const scenario = readFileSync(fixture("seat"), "utf8")
    writeFileSync(file, scenario.replace("Alice shares the press kit", "Boom 💥"))
    const sabotage = `
      const { segment } = Intl.Segmenter.prototype
      Intl.Segmenter.prototype.segment = function (text) {
        if (text.includes("💥")) throw new Error("a view is broken")
        return segment.call(this, text)
      }`
    const preload = path.join(folder, "sabotage.mjs")
    writeFileSync(preload, sabotage)
    const terminal = openTerminal(["play", file], {
      env: { NODE_OPTIONS: `--import=${JSON.stringify(preload)}` },
    })
    open.push(terminal)
    await terminal.sees("shows the keys")
    terminal.type("\r")
    await terminal.sees("Pat has a mailbox and no account.")
    terminal.type("\r")
    assert.deepStrictEqual(await terminal.ended(), restored(2))
    assert.include(terminal.grid.text, "This should not have happened: a view is broken")
  })

  it("draws without colour under NO_COLOR, and in a place that is called CI as well", async () => {
    const terminal = await started("seat", { env: { NO_COLOR: "1", CI: "true" } })
    await toTheSeat(terminal)
    terminal.type("q\u0003")
    assert.deepStrictEqual(await terminal.ended(), restored(0))
    // oxlint-disable-next-line no-control-regex
    assert.notMatch(terminal.output(), /\u001b\[(?:3[0-7]|4[0-7]|9\d|38;|48;)/)
    assert.include(terminal.output(), "\u001b[7m")
  })

  it("prints plain text on a terminal that cannot move its cursor", async () => {
    const terminal = openTerminal(["play", fixture("seat")], { rows: 300, env: { TERM: "dumb" } })
    open.push(terminal)
    const { code } = await terminal.ended()
    assert.strictEqual(code, 0)
    assert.include(terminal.output(), "Everything held: 1 held, 0 failed.")
    assert.notInclude(terminal.output(), "\u001b")
  })

  it("lets choose a scenario, comes back to the list, and ends with the list", async () => {
    const terminal = openTerminal([], { columns: 100, rows: 30 })
    open.push(terminal)
    await terminal.sees("Tenant twin: which story?")
    terminal.press("down")
    await terminal.sees(/▶ +2/)
    terminal.press("up")
    terminal.type("\r")
    await terminal.sees("shows the keys")
    terminal.type("q")
    await terminal.sees("Tenant twin: which story?")
    terminal.type("q")
    assert.deepStrictEqual(await terminal.ended(), restored(0))
  })
})
