import { test } from "vitest"
import { effectiveRights, type MipEvent, type MipWorld, makeLabelPolicy } from "../src/index.ts"
import {
  composition,
  evolveAll,
  group,
  groupIdOf,
  joins,
  people,
  start,
  type WorldEvent,
} from "../test/world.ts"

const depth = 6
const groups = Array.from({ length: 40 }, (_, at) => `Team${at}`)

/** Groups inside groups, six deep, with Alice at the bottom of each chain. */
const nested: readonly WorldEvent[] = groups.flatMap((name, at) => [
  group(name),
  ...(at % depth === 0
    ? [joins(name, "alice@contoso.com")]
    : [joins(name, groupIdOf(groups[at - 1] ?? name))]),
])

const contents = 10_000
const world: MipWorld = evolveAll(composition.initial, [
  ...people,
  ...nested,
  { _tag: "LabelPolicyCreated", policy: makeLabelPolicy({ id: "p", name: "P", labels: [] }) },
  ...Array.from(
    { length: contents },
    (_, at): MipEvent => ({
      _tag: "ContentProtected",
      protection: {
        contentId: `c${at}`,
        name: `c${at}.docx`,
        form: "document",
        kind: "user-defined",
        issuer: "judy@contoso.com",
        owner: "judy@contoso.com",
        issuedAt: start,
        grants: [
          {
            who: `${(groups[at % groups.length] ?? "").toLowerCase()}@contoso.com`,
            rights: ["VIEW"],
          },
          { who: "fabrikam.com", rights: ["VIEW", "EDIT"] },
        ],
      },
    }),
  ),
])
const readers = ["alice@contoso.com", "bob@contoso.com", "nina@fabrikam.com", "zoe@outlook.com"]
const once = { iterations: 5, warmupIterations: 1, time: 0, warmupTime: 0 }

test("rights of 10,000 protected contents", { timeout: 300_000 }, async ({ bench }) => {
  await bench.compare(
    bench("for one reader in nested groups", () => {
      for (let at = 0; at < contents; at++)
        effectiveRights(world, `c${at}`, "alice@contoso.com", start)
    }),
    bench("for four readers", () => {
      for (let at = 0; at < contents; at++) {
        for (const reader of readers) effectiveRights(world, `c${at}`, reader, start)
      }
    }),
    once,
  )
})
