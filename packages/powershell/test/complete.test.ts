import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { complete } from "../src/complete.ts"
import { entriesOf } from "../src/Value.ts"
import { sampleOperations } from "./sampleTenant.ts"

const offered = (line: string): readonly string[] =>
  complete(line, line.length, sampleOperations, entriesOf([["orgName", "contoso"]])).candidates.map(
    ({ text }) => text,
  )

/** Left: a line up to the cursor. Right: what is offered. */
const lines: readonly (readonly [string, readonly string[]])[] = [
  ["set-", ["Set-ExecutionPolicy", "Set-SPOSite", "Set-SPOTenant"]],
  ["Get-SPOSite | Set-SPOS", ["Set-SPOSite"]],
  ["$x = get-spot", ["Get-SPOTenant"]],
  ["(Get-SPOT", ["Get-SPOTenant"]],
  [
    "Set-SPOTenant -sharing",
    ["-SharingAllowedDomainList", "-SharingCapability", "-SharingDomainRestrictionMode"],
  ],
  ["Set-SPOTenant -SharingCapability Disabled -sharingc", []],
  [
    "Set-SPOTenant -SharingCapability ext",
    ["ExternalUserAndGuestSharing", "ExternalUserSharingOnly"],
  ],
  ["Set-SPOTenant -SharingCapability:dis", ["Disabled"]],
  ["Set-SPOTenant -EnableAzureADB2BIntegration ", ["$false", "$true"]],
  ["Set-SPOTenant -wh", ["-WhatIf", "-WhoCanShareAuthenticatedGuestAllowList"]],
  ["Get-SPOTenant -wh", []],
  ["Write-Host $o", ["$orgName"]],
  ["Get-Nothing -x", []],
]

describe("completion", () => {
  it.each(lines)("%j", (line, candidates) => {
    assert.deepStrictEqual(offered(line), candidates)
  })

  it("says which part of the line it replaces", () => {
    assert.strictEqual(
      complete("Set-SPOTenant -SharingCapability:dis", 36, sampleOperations).from,
      33,
    )
  })

  it.prop("takes any text", [Schema.String, Schema.Int], ([line, cursor]) => {
    assert.isArray(complete(line, cursor, sampleOperations).candidates)
  })
})
