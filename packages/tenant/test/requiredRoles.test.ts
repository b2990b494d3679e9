import { assert, describe, it } from "@effect/vitest"
import { requiredRoles } from "@twin/identity"
import { tenantComposition } from "../src/index.ts"

const report = new Map(
  requiredRoles(tenantComposition.operations.values()).map((it) => [it.operation, it]),
)
const accepted = (operation: string): readonly string[] => report.get(operation)?.accepted ?? []

describe("the role that an operation needs", () => {
  it.each([...report.values()].map((it) => [it.operation, it] as const))(
    "[IDN-242] %s: a Global Administrator suffices, and is never the least unless alone",
    (_name, it) => {
      assert.include(it.accepted, "Global Administrator")
      if (it.accepted.length > 1) assert.notStrictEqual(it.leastPrivileged, "Global Administrator")
    },
  )

  it("[IDN-243] tenant settings of SharePoint: SharePoint Administrator", () => {
    assert.deepStrictEqual(report.get("Set-SPOTenant")?.leastPrivileged, "SharePoint Administrator")
    assert.deepStrictEqual([...accepted("Set-SPOTenant")].toSorted(), [
      "Global Administrator",
      "SharePoint Administrator",
    ])
  })

  it("[IDN-244] the rights service: three compliance roles, and not Security Administrator", () => {
    const cmdlets = [...report.keys()].filter((name) =>
      /-AipService($|SuperUser|Template)/.test(name),
    )
    assert.isAbove(cmdlets.length, 5)
    for (const name of cmdlets) {
      assert.includeMembers(
        [...accepted(name)],
        [
          "Azure Information Protection Administrator",
          "Compliance Administrator",
          "Compliance Data Administrator",
          "Global Administrator",
        ],
        name,
      )
      assert.notInclude(accepted(name), "Security Administrator", name)
    }
  })

  it("[IDN-245] branding, mail flow rules and tenant keys: Compliance Administrator is enough", () => {
    for (const name of [
      "Set-OMEConfiguration",
      "New-TransportRule",
      "New-M365DataAtRestEncryptionPolicy",
    ]) {
      assert.include(accepted(name), "Compliance Administrator", name)
      assert.notStrictEqual(report.get(name)?.leastPrivileged, "Global Administrator", name)
    }
  })
})
