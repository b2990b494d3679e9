import { assert, describe, it } from "@effect/vitest"
import { spoDomain } from "../src/index.ts"

describe("the domain", () => {
  it("reads with Get-, Connect-, search- and show- only, and everything else is journalled", () => {
    for (const { name, isReadOnly } of spoDomain.operations) {
      assert.strictEqual(isReadOnly, /^(Get|Connect|search|show)-/.test(name), name)
    }
  })

  it("asks every cmdlet's caller for a role, and says what each parameter is", () => {
    for (const { name, kind, roles, params, summary } of spoDomain.operations) {
      if (kind === "cmdlet") assert.isNotEmpty(roles, name)
      assert.match(summary, /^[A-Z].*\.$/, name)
      assert.isDefined(params.fields, name)
    }
  })

  it("keeps what people type as content, passwords and codes out of the journal", () => {
    const hidden = new Set(["content", "password", "code", "Credential"])
    for (const { name, params, secrets = [] } of spoDomain.operations) {
      const typed = Object.keys(params.fields).filter((it) => hidden.has(it))
      assert.sameMembers([...secrets], typed, name)
    }
  })

  it("names each fault and each operation once", () => {
    const names = spoDomain.operations.map(({ name }) => name.toLowerCase())
    assert.strictEqual(new Set(names).size, names.length)
    assert.strictEqual(
      new Set(spoDomain.faults.map(({ name }) => name)).size,
      spoDomain.faults.length,
    )
  })
})
