import { assert, describe, it } from "@effect/vitest"
import { tenantComposition } from "@twin/tenant"
import { completeLine, type Vocabulary } from "../../src/shell/completeLine.ts"

const vocabulary: Vocabulary = {
  operations: [...tenantComposition.operations.values()],
  people: ["alice@contoso.com", "pat@mailbox.example", "anonymous"],
  actions: ["open", "open", "edit"],
  things: ["Launch Plan.docx", "Press Kit.docx", "Forecast.xlsx"],
  faults: ["code-mail-lost", "directory-outage"],
}

const after = (line: string) => completeLine(line, vocabulary)

describe("completion", () => {
  it.each([
    ["Set-SPOTen", ["Set-SPOTenant"], "Set-SPOTen"],
    ["set-spoten", ["Set-SPOTenant"], "set-spoten"],
    ["share-f", ["share-file"], "share-f"],
    ["who", ["who", "whoami"], "who"],
    ["Get-SPOTenant | Sel", ["Select-Object"], "Sel"],
    ["as pa", ["pat@mailbox.example"], "pa"],
    ["explain pat ", ["edit", "open"], ""],
    ["explain pat open La", ["'Launch Plan.docx'"], "La"],
    ["fault co", ["code-mail-lost"], "co"],
    ["fault code-mail-lost ", ["off", "on"], ""],
    ["help share-f", ["share-file"], "share-f"],
    ["share-file -File 'Pr", ["'Press Kit.docx'"], "'Pr"],
    ['share-file -File "Pr', ['"Press Kit.docx"'], '"Pr'],
    ["share-file -To pat", ["pat@mailbox.example"], "pat"],
    ["share-file -Role v", ["view"], "v"],
    ["whoami ", [], ""],
    ["no-such-thing -", [], "-"],
  ])("after %j offers %j", (line, candidates, replaced) => {
    assert.deepStrictEqual(after(line), { candidates, replaced })
  })

  it("offers the values of an enumeration, as documented", () => {
    assert.deepStrictEqual(after("Set-SPOTenant -SharingCapability ").candidates, [
      "Disabled",
      "ExistingExternalUserSharingOnly",
      "ExternalUserAndGuestSharing",
      "ExternalUserSharingOnly",
    ])
  })

  it("offers each parameter once", () => {
    const names = after("share-file -File 'Launch Plan.docx' -").candidates
    assert.include(names, "-To")
    assert.notInclude(names, "-File")
  })

  it("offers everything at the beginning, without doubles and in order", () => {
    const { candidates } = after("")
    assert.strictEqual(new Set(candidates).size, candidates.length)
    assert.deepStrictEqual(
      candidates,
      candidates.toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)),
    )
  })
})
