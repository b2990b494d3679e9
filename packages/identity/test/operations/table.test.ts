import { assert, describe, it } from "@effect/vitest"
import { SchemaAST } from "effect"
import { identityFaults } from "../../src/faults.ts"
import { identityDomain } from "../../src/index.ts"

const { operations } = identityDomain

describe("the table of operations", () => {
  it("has no name twice, whatever the case", () => {
    const names = operations.map(({ name }) => name.toLowerCase())
    assert.strictEqual(new Set(names).size, names.length)
  })

  it.each(operations.map((it) => [it.name, it] as const))(
    "%s explains itself and each of its parameters",
    (_name, { summary, facts, params, binding, secrets = [] }) => {
      assert.match(summary, /^[A-Z].*\.$/)
      for (const fact of facts) assert.match(fact, /^IDN-\d{3}$/)
      const names = Object.keys(params.fields)
      for (const [name, field] of Object.entries(params.fields)) {
        const described = SchemaAST.resolveDescription(field.ast)
        assert.isString(described, name)
      }
      const bound = [
        ...(binding.positional ?? []),
        ...(binding.switches ?? []),
        ...Object.values(binding.aliases ?? {}),
        ...secrets,
      ]
      for (const name of bound) assert.include(names, name)
    },
  )

  it("declares the faults it honours", () => {
    assert.includeMembers(
      identityFaults.map(({ name }) => name),
      ["code-mail-delayed", "code-mail-lost", "directory-outage", "clock-skew"],
    )
  })
})
