import { afterEach, assert, describe, it } from "vitest"
import { type OpenTerminal, openTerminal, restored } from "./Terminal.ts"

const open: OpenTerminal[] = []
afterEach(() => {
  for (const it of open.splice(0)) it.close()
})

const started = async (env: Readonly<Record<string, string>> = {}) => {
  const terminal = openTerminal(["shell"], { columns: 100, rows: 40, env })
  open.push(terminal)
  await terminal.sees("ivan>")
  return terminal
}

describe.skipIf(process.platform === "win32")("the shell in a terminal", () => {
  it("completes names, values, people and things with tab", async () => {
    const terminal = await started()
    terminal.type("Set-SPOTen\t")
    await terminal.sees("ivan> Set-SPOTenant")
    terminal.type(" -SharingCap\t")
    await terminal.sees("-SharingCapability")
    terminal.type(" Dis\t")
    await terminal.sees("-SharingCapability Disabled")
    terminal.type("\r")
    await terminal.sees(/^ivan>$/m)
    terminal.type("(Get-SPOTenant).SharingCapability\r")
    await terminal.sees(/^Disabled$/m)
    terminal.type("as pat\t")
    await terminal.sees("as pat@mailbox.example")
    terminal.type("\r")
    await terminal.sees("pat>")
    terminal.type("explain pat open 'Press K\t")
    await terminal.sees("'Press Kit.docx'")
    terminal.type("\r")
    await terminal.sees("REFUSED")
    terminal.type("exit\r")
    assert.deepStrictEqual(await terminal.ended(), restored(0))
  })

  it("goes on over several lines, and forgets them on Ctrl-C", async () => {
    const terminal = await started()
    terminal.type("$x = @(1,\r")
    await terminal.sees(/^>>/m)
    terminal.type("2)\r")
    await terminal.sees(/^ivan>$/m)
    terminal.type("$x.Count\r")
    await terminal.sees(/^2$/m)
    terminal.type("if ($true) {\r")
    await terminal.sees(/^>>$/m)
    terminal.type("\u0003")
    await terminal.sees(/ivan>$/m)
    terminal.type("whoami\r")
    await terminal.sees("Global Administrator")
    terminal.type("\u0004")
    assert.deepStrictEqual(await terminal.ended(), restored(0))
  })

  it("brings back what was typed with the arrow up", async () => {
    const terminal = await started()
    terminal.type("whoami\r")
    await terminal.sees("Global Administrator")
    terminal.press("up")
    await terminal.waitFor(({ text }) => text.split("ivan> whoami").length > 2, "the line again")
    terminal.type("\r")
    await terminal.waitFor(
      ({ text }) => text.split("Global Administrator").length > 2,
      "the answer again",
    )
    terminal.type("exit\r")
    assert.deepStrictEqual(await terminal.ended(), restored(0))
  })

  it("asks for lines on a terminal that cannot move its cursor, with text alone", async () => {
    const terminal = await started({ TERM: "dumb" })
    terminal.type("whoami\r")
    await terminal.sees("Global Administrator")
    terminal.type("exit\r")
    assert.deepStrictEqual(await terminal.ended(), restored(0))
    assert.notInclude(terminal.output(), "\u001b")
  })

  it("uses no colour under NO_COLOR", async () => {
    const terminal = await started({ NO_COLOR: "1" })
    terminal.type("help\rexit\r")
    assert.deepStrictEqual(await terminal.ended(), restored(0))
    // oxlint-disable-next-line no-control-regex
    assert.notMatch(terminal.output(), /\u001b\[(?:3[0-7]|38|39|4[0-7]|9\d)[;m]/)
  })
})
