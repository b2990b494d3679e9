import { assert, describe, it } from "@effect/vitest"
import { canServiceProcess, evaluateServiceProcessing, type Protection } from "../../src/index.ts"
import { adHoc, contentId, fault, protection, setService, verdict, withContent } from "../asking.ts"
import { baseline, evolveAll, labelId, start, templateId } from "../world.ts"

const labelled = protection({
  labelId: labelId("Confidential"),
  templateId: templateId("Confidential"),
})

const ask = (
  it: Protection,
  service: "SharePoint" | "Exchange" = "SharePoint",
  now = start,
): string => verdict(evaluateServiceProcessing({ world: withContent(it), contentId, now, service }))

describe("reading by services", () => {
  it("[MIP-204] [MIP-206] SharePoint reads what a label of a cloud key protects without expiry", () => {
    assert.strictEqual(ask(labelled), "allow by user-defined-permissions")
    assert.isTrue(canServiceProcess(withContent(labelled), contentId, start))
    assert.isFalse(canServiceProcess(baseline, contentId, start), "unknown content")
  })

  it("[MIP-206] not without a label, not with an expiry, not with a second key", () => {
    assert.strictEqual(
      ask(protection({ templateId: templateId("Confidential") })),
      "deny by protected-by-label",
    )
    assert.strictEqual(
      ask(adHoc([], { labelId: labelId("Personal"), contentExpiresAt: start + 1 })),
      "deny by no-content-expiry",
    )
    assert.strictEqual(
      ask({ ...labelled, doubleKeyUrl: "https://keys.contoso.com/K" }),
      "deny by no-second-key",
    )
  })

  it("[MIP-113] permissions that people chose: not before the preview of August 2023", () => {
    const chosen = adHoc([], { labelId: labelId("Personal") })
    assert.strictEqual(
      ask(chosen, "SharePoint", Date.UTC(2023, 6, 31)),
      "deny by user-defined-permissions",
    )
    assert.strictEqual(
      ask(chosen, "SharePoint", Date.UTC(2023, 7, 1)),
      "allow by user-defined-permissions",
    )
    assert.strictEqual(ask(chosen), "allow by user-defined-permissions")
  })

  it("[MIP-170] [MIP-249] Exchange reads protected mail, but nothing with a second key", () => {
    assert.strictEqual(
      ask(adHoc([], { form: "mail" }), "Exchange"),
      "allow by user-defined-permissions",
    )
    assert.strictEqual(
      ask(adHoc([], { form: "mail", doubleKeyUrl: "https://k.example/K" }), "Exchange"),
      "deny by no-second-key",
    )
  })

  it("[MIP-006] [MIP-235] no service reads while rights management or the tenant key is off", () => {
    for (const [event, gate] of [
      [setService({ functionalState: "Disabled" }), "service-enabled"],
      [fault("tenant-key-unreachable"), "tenant-key"],
    ] as const) {
      const world = evolveAll(withContent(labelled), [event])
      assert.strictEqual(
        verdict(evaluateServiceProcessing({ world, contentId, now: start, service: "Exchange" })),
        `deny by ${gate}`,
      )
    }
  })
})
