import type { CryptoServices } from "@twin/crypto"
import { organizationOf } from "@twin/identity"
import {
  type Call,
  decideByGates,
  deny,
  gate,
  inForce,
  notRecognized,
  operation,
  pass,
  type Ruling,
  refusalOf,
} from "@twin/kernel"
import {
  callAfter,
  encryptOnly,
  openContent,
  protectContent,
  rmsServiceOf,
  templateOf,
} from "@twin/mip"
import { Effect, Schema } from "effect"
import { evaluateRuleProtection } from "../decisions/evaluateSend.ts"
import { testNeedsRecipient } from "../eras.ts"
import { irmInForce } from "../irmInForce.ts"
import type { LowerEvent } from "../LowerEvent.ts"
import { textBytes } from "../MessageContent.ts"
import { isOwnMailbox } from "../mail-flow/recipients.ts"
import { sendFacets } from "../mail-flow/sendFacets.ts"
import { listedTemplates } from "../rightsTemplate.ts"
import { type ExchangeEvent, type ExchangeWorld } from "../State.ts"
import { readerRoles } from "./cmdlet.ts"
import { licensingLocations } from "./irmConfiguration.ts"

/** One step of the test with the lines it prints (EXO-031). */
interface Step {
  readonly title: string
  readonly isPassed: boolean
  readonly line: string
}

interface TestFacets {
  readonly recipients: number
  readonly needsRecipient: boolean
  readonly isSenderKnown: boolean
}

const asked = gate<TestFacets>()({
  name: "test-parameters",
  facts: ["EXO-032"],
  reads: ["recipients", "needsRecipient", "isSenderKnown"],
  check: ({ recipients, needsRecipient, isSenderKnown }) => {
    if (!isSenderKnown) {
      return deny(
        "The sender is no mailbox of the organization.",
        {},
        {
          code: "ManagementObjectNotFoundException",
          message: "The sender couldn't be found.",
        },
      )
    }
    return needsRecipient && recipients === 0
      ? deny(
          "The cloud service wants a recipient for this test.",
          {},
          {
            code: "ParameterBindingException",
            message:
              "Cannot process command because of one or more missing mandatory parameters: Recipient.",
          },
        )
      : pass("The test knows who sends and who receives.", { recipients })
  },
})

const TestIrm = Schema.Struct({
  Sender: Schema.NonEmptyString.annotate({ description: "A mailbox of the organization" }),
  Recipient: Schema.optionalKey(
    Schema.Array(Schema.NonEmptyString).annotate({ description: "Who is to open the test mail" }),
  ),
})

export const testIrmConfiguration = operation({
  name: "Test-IRMConfiguration",
  summary: "Protects and opens a test message and reports step by step.",
  params: TestIrm,
  roles: readerRoles,
  roleRefusal: notRecognized("Test-IRMConfiguration"),
  facts: ["EXO-031", "EXO-032", "EXO-033", "EXO-034"],
  binding: { positional: ["Sender"] },
  decide: Effect.fnUntraced(function* (
    call: Call<ExchangeWorld>,
    params: typeof TestIrm.Type,
  ): Effect.fn.Return<Ruling<ExchangeEvent | LowerEvent>, never, CryptoServices> {
    const { Sender, Recipient = [] } = params
    const decision = decideByGates([asked], {
      recipients: Recipient.length,
      needsRecipient: inForce(testNeedsRecipient, call.now),
      isSenderKnown: isOwnMailbox(call.world, Sender),
    })
    if (decision.outcome !== "allow") return { decision }
    const reader = Recipient[0] ?? Sender
    const real = yield* tryOut(call, Sender, reader)
    const steps = [templates(call.world, call.now), ...real.steps, irmEnabled(call.world, call.now)]
    return { decision, events: real.events, output: [{ Results: results(steps) }] }
  }),
})

/** EXO-018: with several licensing addresses the one of Azure RMS comes first. */
const isRmsFirst = (world: ExchangeWorld): boolean =>
  /^https:\/\/[^/]+\.aadrm\.(com|us|cn)(\/|$)/i.test(licensingLocations(world)[0] ?? "")

const templates = (world: ExchangeWorld, now: number): Step => {
  const names = listedTemplates(world, now)
  const isReached = rmsServiceOf(world).functionalState === "Enabled" && isRmsFirst(world)
  const isPassed = names.length > 0 && isReached
  const organization = organizationOf(world)?.displayName ?? "Organization"
  return {
    title: "Acquiring RMS Templates ...",
    isPassed,
    line: isPassed
      ? `RMS Templates acquired.  Templates available: ${names
          .map((name) => (isDefault(world, name) ? `${organization}  - ${name}` : name))
          .join(", ")}.`
      : "Failed to acquire RMS templates",
  }
}

/** EXO-033: the organization's name stands in front of the templates that came with the service. */
const isDefault = (world: ExchangeWorld, name: string): boolean =>
  templateOf(world, name)?.isReadOnly === true

const irmEnabled = (world: ExchangeWorld, now: number): Step => {
  const { InternalLicensingEnabled, AzureRMSLicensingEnabled } = irmInForce(world, now)
  const isPassed = InternalLicensingEnabled && AzureRMSLicensingEnabled
  return {
    title: "Verifying IRM is enabled ...",
    isPassed,
    line: isPassed ? "IRM verified successfully." : "IRM is disabled.",
  }
}

const failing = (reason: string): readonly Step[] => [
  { title: "Verifying encryption ...", isPassed: false, line: `Failed to encrypt: ${reason}` },
  { title: "Verifying decryption ...", isPassed: false, line: "Nothing to decrypt." },
]

/** Real encryption by the sender and real decryption by the recipient. */
const tryOut = Effect.fnUntraced(function* (
  call: Call<ExchangeWorld>,
  sender: string,
  reader: string,
): Effect.fn.Return<
  { readonly steps: readonly Step[]; readonly events: readonly LowerEvent[] },
  never,
  CryptoServices
> {
  const gates = evaluateRuleProtection({
    ...sendFacets(call, testDraft(sender, reader), { recipients: [], unknown: [] }),
    wanted: "encrypt-only",
  })
  if (gates.outcome !== "allow" || !isRmsFirst(call.world)) {
    const reason = refusalOf(gates)?.message ?? "The first licensing location is not Azure RMS."
    return { steps: failing(reason), events: [] }
  }
  const text = "IRM test message"
  const sealed = yield* protectContent(call, {
    address: sender,
    client: { ...call.actor.client, app: "outlook-web" },
    form: "mail",
    name: text,
    content: textBytes(text),
    custom: encryptOnly([reader]),
    isServerSide: true,
    isHosted: true,
  })
  if (sealed.bytes === undefined || sealed.contentId === undefined) {
    const reason = refusalOf(sealed.decision)?.message ?? "Refused."
    return { steps: failing(reason), events: sealed.events }
  }
  const opened = yield* openContent(callAfter(call, sealed.events), {
    bytes: sealed.bytes,
    contentId: sealed.contentId,
    address: reader,
    client: {
      ...call.actor.client,
      app: isOwnMailbox(call.world, reader) ? "outlook-web" : "encrypted-message-portal",
    },
    isFreshDevice: true,
    isProvenByPortal: !isOwnMailbox(call.world, reader),
  })
  const isOpen =
    opened.plaintext !== undefined && new TextDecoder().decode(opened.plaintext) === text
  return {
    steps: [
      {
        title: "Verifying encryption ...",
        isPassed: true,
        line: "Encryption verified successfully.",
      },
      {
        title: "Verifying decryption ...",
        isPassed: isOpen,
        line: isOpen
          ? "Decryption verified successfully."
          : `Failed to decrypt: ${refusalOf(opened.decision)?.message ?? "Refused."}`,
      },
    ],
    events: [...sealed.events, ...opened.events],
  }
})

const testDraft = (from: string, to: string) => ({
  from,
  to: [to],
  cc: [],
  bcc: [],
  subject: "",
  body: "",
  attachments: [],
  protecting: { kind: "encrypt-only" as const },
  importance: "Normal" as const,
  isByService: true,
  isReplyToOwnProtection: false,
})

/** The block that the cmdlet prints (EXO-031). */
const results = (steps: readonly Step[]): string => {
  const lines = steps.flatMap(({ title, isPassed, line }) => [
    title,
    `  - ${isPassed ? "PASS" : "FAIL"}: ${line}`,
  ])
  const overall = steps.every(({ isPassed }) => isPassed) ? "PASS" : "FAIL"
  return [...lines, "", `OVERALL RESULT: ${overall}`].join("\n")
}
