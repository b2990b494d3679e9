import { assert, describe, it } from "@effect/vitest"
import { labelHeader, labelMetadata, labelNameFor } from "../src/index.ts"
import { baseline, contosoId, fabrikamId, labelId, start } from "./world.ts"

const key = (attribute: string) => `MSIP_Label_${labelId("Confidential")}_${attribute}`

describe("label metadata", () => {
  const applied = { labelId: labelId("Confidential"), method: "Privileged", setAt: start } as const

  it("[MIP-253] [MIP-254] names label, tenant, method and what the label does, in clear text", () => {
    const metadata = labelMetadata(baseline, applied)
    assert.strictEqual(metadata[key("Enabled")], "True")
    assert.strictEqual(metadata[key("SiteId")], contosoId)
    assert.strictEqual(metadata[key("Method")], "Privileged")
    assert.strictEqual(metadata[key("ContentBits")], "8")
    assert.strictEqual(metadata[key("SetDate")], "2026-09-01T08:00:00.000Z")
    assert.include(labelHeader(metadata), `${key("Enabled")}=True; `)
  })

  it("[MIP-253] a label without encryption sets no bit for it; an unknown one leaves no metadata", () => {
    const general = labelMetadata(baseline, { ...applied, labelId: labelId("General") })
    assert.strictEqual(general[`MSIP_Label_${labelId("General")}_ContentBits`], "0")
    assert.deepStrictEqual(labelMetadata(baseline, { ...applied, labelId: "gone" }), {})
  })

  it("[MIP-097] only people of the owning tenant see the name", () => {
    assert.strictEqual(labelNameFor(baseline, labelId("General"), contosoId), "General")
    assert.isUndefined(labelNameFor(baseline, labelId("General"), fabrikamId))
    assert.isUndefined(labelNameFor(baseline, "gone", contosoId))
  })
})
