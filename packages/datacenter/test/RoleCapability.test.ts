import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import {
  CmdletCapability,
  checkCommandLine,
  defaultCommands,
  escapesOf,
  lockboxRoles,
} from "../src/index.ts"

const run = (command: string, parameters: Record<string, string> = {}) => ({ command, parameters })
const restart: CmdletCapability = {
  name: "Restart-Service",
  parameters: [{ name: "Name", validateSet: ["Dns", "Spooler"] }],
}
const result = (...args: Parameters<typeof checkCommandLine>) => checkCommandLine(...args).result

describe("constrained sessions", () => {
  it("[DCO-079] know the cmdlets of the role and no others", () => {
    assert.strictEqual(result([{ name: "Get-Mailbox" }], run("Get-Mailbox")), "allowed")
    assert.strictEqual(result([{ name: "Get-Mailbox" }], run("get-mailbox")), "allowed")
    assert.strictEqual(result([{ name: "Get-Mailbox" }], run("Set-Mailbox")), "cmdlet-not-in-role")
    assert.strictEqual(result([], run("Get-Mailbox")), "cmdlet-not-in-role")
  })

  it("[DCO-080] always have the built-in commands, and never a way to run programs", () => {
    for (const command of defaultCommands) assert.strictEqual(result([], run(command)), "allowed")
    for (const command of ["powershell.exe", "cmd", "Invoke-Expression", "& { Get-Process }"]) {
      assert.strictEqual(result([restart], run(command)), "cmdlet-not-in-role")
    }
  })

  it("[DCO-081] check parameters and values, a pattern before a set, common ones always open", () => {
    assert.strictEqual(result([restart], run("Restart-Service", { Name: "spooler" })), "allowed")
    assert.strictEqual(
      result([restart], run("Restart-Service", { NAME: "Spooler", Verbose: "true" })),
      "allowed",
    )
    assert.deepStrictEqual(checkCommandLine([restart], run("Restart-Service", { Name: "lsass" })), {
      result: "parameter-not-allowed",
      parameter: "Name",
    })
    assert.deepStrictEqual(checkCommandLine([restart], run("Restart-Service", { Force: "true" })), {
      result: "parameter-not-allowed",
      parameter: "Force",
    })
    const both: CmdletCapability = {
      name: "Restart-Service",
      parameters: [{ name: "Name", validateSet: ["Dns"], validatePattern: "^Spool" }],
    }
    assert.strictEqual(result([both], run("Restart-Service", { Name: "Spooler" })), "allowed")
    assert.strictEqual(
      result([both], run("Restart-Service", { Name: "Dns" })),
      "parameter-not-allowed",
    )
  })

  it("[DCO-082] are the union of their role groups: the most permissive exposure counts", () => {
    const open: CmdletCapability = { name: "Restart-Service" }
    assert.strictEqual(result([restart, open], run("Restart-Service", { Name: "x" })), "allowed")
    const other: CmdletCapability = {
      name: "Restart-Service",
      parameters: [{ name: "Name", validateSet: ["W3SVC"] }],
    }
    assert.strictEqual(
      result([restart, other], run("Restart-Service", { Name: "W3SVC" })),
      "allowed",
    )
    assert.strictEqual(
      result([restart, other], run("Restart-Service", { Name: "lsass" })),
      "parameter-not-allowed",
    )
  })

  it("[DCO-086] expose no escape command and no wildcard in any role of the catalogue", () => {
    for (const { name, capability } of lockboxRoles) {
      assert.deepStrictEqual(escapesOf(capability), [], name)
    }
    assert.deepStrictEqual(
      escapesOf([{ name: "start-process" }, { name: "Get-*" }, { name: "Get-Mailbox" }]),
      ["start-process", "Get-*"],
    )
  })

  it.prop(
    "[DCO-082] a further role group never takes anything away",
    [Schema.Array(CmdletCapability), CmdletCapability, Schema.Record(Schema.String, Schema.String)],
    ([capabilities, more, parameters]) => {
      for (const { name } of capabilities) {
        // Patterns are written by the service; arbitrary text need not be one.
        const plain = [...capabilities, more].map(({ name: it, parameters: open }) => ({
          name: it,
          ...(open === undefined
            ? {}
            : { parameters: open.map((one) => ({ name: one.name, validateSet: ["a", "b"] })) }),
        }))
        const line = run(name, parameters)
        if (result(plain.slice(0, -1), line) === "allowed") {
          assert.strictEqual(result(plain, line), "allowed")
        }
      }
    },
  )
})
