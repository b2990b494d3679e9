import { assert, it } from "@effect/vitest"
import { organizationOf } from "@twin/identity"
import { Effect } from "effect"
import { makeTenant } from "../src/index.ts"

it.effect("[DCO-212] audit records carry the id of the organization", () =>
  Effect.gen(function* () {
    const tenant = yield* makeTenant({ seed: "1" })
    const id = organizationOf(yield* tenant.world)?.tenantId
    const records = (yield* tenant.records).flatMap(({ audit }) => audit)
    assert.isAbove(records.length, 0)
    for (const { OrganizationId } of records) assert.strictEqual(OrganizationId, id)
  }),
)
