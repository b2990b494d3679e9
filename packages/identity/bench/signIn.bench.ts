import { defaultClient } from "@twin/kernel"
import { test } from "vitest"
import {
  type ConditionalAccessPolicy,
  conditionalAccessOf,
  evaluateSignIn,
  type IdentityEvent,
  type SignInQuestion,
  signInSubject,
} from "../src/index.ts"
import { added, policy } from "../test/decisions/policies.ts"
import { baseline, start, worldFrom } from "../test/world.ts"

/** More than a tenant may have (195): written straight into the state. */
const count = 200

const locations = Array.from(
  { length: 40 },
  (_, index): IdentityEvent => ({
    _tag: "NamedLocationAdded",
    location: {
      id: `location-${index}`,
      displayName: `Location ${index}`,
      isTrusted: index % 4 === 0,
      ipRanges: Array.from({ length: 50 }, (__, part) => `10.${index}.${part}.0/24`),
      countries: [],
    },
    at: start,
  }),
)

/** Every second policy looks at the device, every third at the address; all apply to the person. */
const policyOf = (index: number): ConditionalAccessPolicy =>
  policy(
    `Policy ${index}`,
    { operator: "OR", builtInControls: ["compliantDevice", "mfa"] },
    {
      conditions: {
        ...(index % 2 === 0
          ? {
              deviceFilter: {
                mode: "exclude" as const,
                rule: `device.model -eq "Kiosk ${index}" -and device.trustType -ne "Workplace"`,
              },
            }
          : {}),
        ...(index % 3 === 0
          ? {
              locations: {
                includeLocations: ["All"],
                excludeLocations: [`location-${index % 40}`, "AllTrusted"],
              },
            }
          : {}),
      },
    },
  )

const world = worldFrom([
  ...baseline,
  ...locations,
  ...Array.from({ length: count }, (_, index) => added(policyOf(index))),
])

const question: SignInQuestion = {
  world,
  address: "alice@contoso.com",
  app: "Office 365 SharePoint Online",
  client: { ...defaultClient, ipAddress: "192.0.2.7" },
  now: start,
  device: { model: "Surface", trustType: "AzureAD" },
}

test("a sign-in against 200 policies", async ({ bench }) => {
  const subject = signInSubject(question)
  await bench.compare(
    bench("policies alone", () => {
      conditionalAccessOf(subject)
    }),
    bench("the whole decision", () => {
      evaluateSignIn(question)
    }),
  )
})
