import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { isPathApproved, NetworkRule, networkRules, Protocol, segmentOf } from "../src/index.ts"

const operators = (target: string, protocol: Protocol) =>
  isPathApproved(networkRules, { source: segmentOf("198.51.100.20"), target, protocol })

describe("network rules", () => {
  it("[DCO-087] [DCO-067] let operators in by the two management interfaces and nothing else", () => {
    assert.isTrue(operators("exchange-nam-01", "RDP"))
    assert.isTrue(operators("exchange-nam-01", "PowerShell"))
    for (const protocol of ["WinRM", "SMB", "SMTP", "HTTPS"] as const) {
      assert.isFalse(operators("exchange-nam-01", protocol), protocol)
    }
    assert.isFalse(operators("no-such-partition", "RDP"))
  })

  it("[DCO-089] [DCO-005] open one way only between partitions: mail between the Exchange ones", () => {
    const names = [...new Set(networkRules.map(({ target }) => target))]
    for (const source of names) {
      for (const target of names) {
        for (const protocol of Protocol.literals) {
          const isMail =
            protocol === "SMTP" &&
            source !== target &&
            [source, target].every((it) => ["exchange-nam-01", "exchange-eur-01"].includes(it))
          assert.strictEqual(isPathApproved(networkRules, { source, target, protocol }), isMail)
        }
      }
    }
  })

  it.prop(
    "[DCO-088] a rule without an approval opens nothing",
    [Schema.Array(NetworkRule), NetworkRule],
    ([rules, { source, target, protocol }]) => {
      const unapproved = rules.map(({ approvedBy: _approvedBy, ...rule }) => rule)
      assert.isFalse(isPathApproved(unapproved, { source, target, protocol }))
      assert.isFalse(
        isPathApproved([...unapproved, { id: "new", source, target, protocol }], {
          source,
          target,
          protocol,
        }),
      )
      assert.isTrue(
        isPathApproved([{ id: "new", source, target, protocol, approvedBy: "review" }], {
          source,
          target,
          protocol,
        }),
      )
    },
  )

  it("[DCO-019] [DCO-091] keep corporate and customer addresses out of the operators' segment", () => {
    assert.strictEqual(segmentOf("198.51.100.7"), "operator-access")
    assert.strictEqual(segmentOf("192.0.2.7"), "corporate")
    assert.strictEqual(segmentOf("203.0.113.7"), "internet")
    assert.strictEqual(segmentOf(""), "internet")
  })
})
