import { type CryptoServices, evaluateSealing } from "@twin/crypto"
import {
  andThen,
  type Call,
  type Decision,
  decideByGates,
  deny,
  type GateRules,
  gate,
  operation,
  pass,
} from "@twin/kernel"
import { evaluateServiceProcessing, labelOf, protectionOf } from "@twin/mip"
import { Effect, Schema } from "effect"
import { nameOf } from "../DriveItem.ts"
import { evaluateManageItem } from "../decisions/evaluateManage.ts"
import { missing } from "../decisions/missing.ts"
import { fileTypeOf } from "../fileTypes.ts"
import { itemOf, type SpoWorld, siteOf, tenantSetting } from "../State.ts"
import { labelStored } from "./labelFile.ts"
import type { SpoOperation, SpoRuling } from "./SpoOperation.ts"

/** Why the service cannot decrypt a file for Graph now, by the code of its answer (MIP-281). */
type Lock =
  | "none"
  | "fileDoubleKeyEncrypted"
  | "fileDecryptionNotSupported"
  | "fileDecryptionDeferred"

interface GraphFacets {
  readonly isIntegrationOn: boolean
  readonly isOffice: boolean
  readonly lock: Lock
}

const graphGate = gate<GraphFacets>()

const labelsEnabled = graphGate({
  name: "labels-enabled",
  facts: ["MIP-281", "SPO-150"],
  reads: ["isIntegrationOn", "isOffice"],
  check: ({ isIntegrationOn, isOffice }) =>
    isIntegrationOn && isOffice
      ? pass("Labels are enabled for SharePoint and for this type of file.")
      : deny(
          "Labels are not enabled for SharePoint and this type of file.",
          { isIntegrationOn, isOffice },
          { code: "notSupported", message: "Sensitivity labels are not supported for this file." },
        ),
})

const lockReasons: Readonly<Record<Exclude<Lock, "none">, string>> = {
  fileDoubleKeyEncrypted: "The file has a second key that the service does not hold.",
  fileDecryptionNotSupported: "The file is encrypted in a way that the service cannot process.",
  fileDecryptionDeferred: "The key of the file cannot be reached at the moment.",
}

const fileUnlocked = graphGate({
  name: "file-unlocked",
  facts: ["MIP-252", "MIP-281"],
  reads: ["lock"],
  check: ({ lock }) =>
    lock === "none"
      ? pass("The service can read the file.", { lock })
      : deny(
          lockReasons[lock],
          { lock, statusCode: 423 },
          { code: lock, message: `423 Locked: ${lockReasons[lock]}` },
        ),
})

const gates: GateRules<GraphFacets> = [labelsEnabled, fileUnlocked]

const lockOf = (world: SpoWorld, contentId: string | undefined, now: number): Lock => {
  if (contentId === undefined) return "none"
  if (protectionOf(world, contentId)?.doubleKeyUrl !== undefined) return "fileDoubleKeyEncrypted"
  const processing = evaluateServiceProcessing({ world, contentId, now, service: "SharePoint" })
  if (processing.outcome === "allow") return "none"
  return processing.gates.at(-1)?.name === "tenant-key"
    ? "fileDecryptionDeferred"
    : "fileDecryptionNotSupported"
}

const found = (call: Call<SpoWorld>, file: string) => {
  const item = itemOf(call.world, file)
  const site = item === undefined ? undefined : siteOf(call.world, item.site)
  const content = item?.content
  return item === undefined || site === undefined || content === undefined
    ? undefined
    : { item, site, content }
}

type Found = NonNullable<ReturnType<typeof found>>

const evaluateGraph = ({ world, now }: Call<SpoWorld>, { item, content }: Found): Decision =>
  decideByGates(gates, {
    isIntegrationOn: tenantSetting(world, "EnableAIPIntegration"),
    isOffice: fileTypeOf(nameOf(item)) === "office",
    lock: lockOf(world, content.contentId, now),
  })

const driveItem = Schema.NonEmptyString.annotate({
  description: "Id, name or address of the file",
})

/** How a label came on, in the words of Graph, and in those of the label itself (MIP-281). */
const methods = { standard: "default", privileged: "manual", auto: "automatic" } as const

/** `driveItem: assignSensitivityLabel` (MIP-281). */
export const assignSensitivityLabel: SpoOperation = operation({
  name: "assign-sensitivity-label",
  summary: "Puts a sensitivity label on a stored file over Graph; an empty id takes it off.",
  params: Schema.Struct({
    driveItem,
    sensitivityLabelId: Schema.String.annotate({ description: "GUID of the label, or nothing" }),
    assignmentMethod: Schema.optionalKey(
      Schema.Literals(["standard", "privileged", "auto"]).annotate({
        description: "How the label comes on; standard if absent",
      }),
    ),
    justificationText: Schema.optionalKey(
      Schema.String.annotate({ description: "Why a label is lowered or removed" }),
    ),
  }),
  facts: ["MIP-281", "MIP-252", "SPO-247"],
  decide: Effect.fnUntraced(function* (
    call: Call<SpoWorld>,
    params: {
      readonly driveItem: string
      readonly sensitivityLabelId: string
      readonly assignmentMethod?: keyof typeof methods
      readonly justificationText?: string
    },
  ): Effect.fn.Return<SpoRuling, never, CryptoServices> {
    const file = found(call, params.driveItem)
    if (file === undefined) return { decision: missing("item") }
    const { site, item, content } = file
    const admitted = [
      () => evaluateGraph(call, file),
      () =>
        evaluateSealing(
          call.world,
          { workload: "SharePoint" as const, container: site.url },
          { now: call.now },
        ),
    ].reduce(andThen, evaluateManageItem(call, site, item))
    if (admitted.outcome !== "allow") return { decision: admitted }
    const labelled = yield* labelStored(call, {
      site,
      item,
      content,
      admitted,
      method: methods[params.assignmentMethod ?? "standard"],
      ...(params.sensitivityLabelId === "" ? {} : { label: params.sensitivityLabelId }),
      ...(params.justificationText === undefined
        ? {}
        : { justification: params.justificationText }),
    })
    if (labelled.decision.outcome !== "allow") return labelled
    const monitor = call.draw.guid(`monitor ${item.id}`)
    return {
      ...labelled,
      output: [
        {
          statusCode: 202,
          location: `https://graph.microsoft.com/v1.0/monitor/${monitor}`,
          isMetered: true,
        },
      ],
    }
  }),
})

/** `driveItem: extractSensitivityLabels` (MIP-281). */
export const extractSensitivityLabels: SpoOperation = operation({
  name: "extract-sensitivity-labels",
  summary: "Reads the sensitivity labels of a stored file over Graph.",
  params: Schema.Struct({ driveItem }),
  facts: ["MIP-281", "MIP-252"],
  decide: (call: Call<SpoWorld>, { driveItem: file }): SpoRuling => {
    const item = found(call, file)
    if (item === undefined) return { decision: missing("item") }
    const decision = andThen(evaluateManageItem(call, item.site, item.item), () =>
      evaluateGraph(call, item),
    )
    const { labelId, labelMethod } = item.content
    const label = labelId === undefined ? undefined : labelOf(call.world, labelId)
    return {
      decision,
      output:
        decision.outcome === "allow" && label !== undefined
          ? [
              {
                sensitivityLabelId: label.id,
                assignmentMethod: labelMethod === "Privileged" ? "privileged" : "standard",
              },
            ]
          : [],
    }
  },
})
