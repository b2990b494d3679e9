import type { CryptoServices } from "@twin/crypto"
import { userOf } from "@twin/identity"
import {
  type AuditEntry,
  type Call,
  type Due,
  decideByGates,
  gate,
  hours,
  isoOf,
  type OutputObject,
  operation,
  pass,
} from "@twin/kernel"
import { evaluateServiceLabel, labelOf, nothingFound, pathOf } from "@twin/mip"
import { Effect, Schema } from "effect"
import { fileLine } from "../auditLines.ts"
import { type DriveItem, nameOf } from "../DriveItem.ts"
import { fileTypeOf } from "../fileTypes.ts"
import type { SpoEvent } from "../SpoEvent.ts"
import {
  itemsOf,
  labelledFilesOf,
  lineageOf,
  linksOfItem,
  type SpoWorld,
  siteOf,
  tenantSetting,
} from "../State.ts"
import type { EmittedEvent, SpoOperation, SpoRuling } from "./SpoOperation.ts"
import { labelByService } from "./serviceLabel.ts"

/** How often the service looks through files; a choice of the twin. */
export const autoLabelHours = 24

const isSharedOutside = (world: SpoWorld, item: DriveItem): boolean =>
  lineageOf(world, item)
    .flatMap(({ id }) => linksOfItem(world, id))
    .some(
      ({ removedAt, scope, members }) =>
        removedAt === undefined &&
        (scope === "anonymous" || members.some(({ addedAs }) => addedAs !== "member")),
    )

/** MIP-147: Open XML files of Word, Excel and PowerPoint, and PDF where that is switched on. */
const isSupported = (world: SpoWorld, item: DriveItem): boolean => {
  const name = nameOf(item)
  if (/\.(?:docx|xlsx|pptx)$/i.test(name)) return true
  return fileTypeOf(name) === "pdf" && tenantSetting(world, "EnableSensitivityLabelforPDF")
}

const questionFor = (call: Call<SpoWorld>, item: DriveItem, labelledToday: number) => {
  const { world, now } = call
  const site = siteOf(world, item.site)
  const { content } = item
  if (site === undefined || content === undefined) return undefined
  const day = isoOf(now).slice(0, 10)
  const { labeling } = world.mip
  const counted = {
    ...world,
    mip: {
      ...world.mip,
      labeling: {
        ...labeling,
        labelled: { ...labeling.labelled, [day]: (labeling.labelled[day] ?? 0) + labelledToday },
      },
    },
  }
  return evaluateServiceLabel({
    world: counted,
    now,
    workload: site.kind === "OneDrive" ? "OneDriveForBusiness" : "SharePoint",
    places: [site.url],
    classification: content.classification ?? nothingFound,
    isSharedOutside: isSharedOutside(world, item),
    ...(content.labelId === undefined ? {} : { labelId: content.labelId }),
    ...(content.labelMethod === undefined ? {} : { labelMethod: content.labelMethod }),
    file: {
      isSupported: isSupported(world, item) && content.processing !== "opaque-encryption",
      isInUse: labelledFilesOf(world).editing.some(({ itemId }) => itemId === item.id),
      isListAttachment: /^Lists\/[^/]+\/Attachments\//i.test(item.path),
      isOwnerThere: userOf(world, item.modifiedBy) !== undefined,
    },
  })
}

interface RunFacets {
  readonly labelled: number
  readonly simulated: number
  readonly left: number
}

const run = gate<RunFacets>()({
  name: "auto-label-run",
  facts: ["MIP-143", "MIP-147"],
  reads: ["labelled", "simulated", "left"],
  check: ({ labelled, simulated, left }) =>
    pass("The service has looked through the files of the organization.", {
      labelled,
      simulated,
      left,
    }),
})

/** The service looks through files at rest and labels those that meet a policy (MIP-143, MIP-147). */
export const runAutoLabeling: SpoOperation = operation({
  name: "run-auto-labeling",
  summary: "The service looks through stored files: it labels, or lists what it would label.",
  params: Schema.Struct({}),
  facts: ["MIP-143", "MIP-146", "MIP-147", "MIP-148"],
  decide: Effect.fnUntraced(function* (
    call: Call<SpoWorld>,
  ): Effect.fn.Return<SpoRuling, never, CryptoServices> {
    const events: EmittedEvent[] = []
    const audit: AuditEntry[] = []
    const output: OutputObject[] = []
    let labelled = 0
    let simulated = 0
    let left = 0
    const files = itemsOf(call.world).filter(
      ({ kind, recycledAt, content }) =>
        kind === "file" && recycledAt === undefined && content !== undefined,
    )
    for (const item of files) {
      const site = siteOf(call.world, item.site)
      const asked = questionFor(call, item, labelled)
      if (asked?.label === undefined || site === undefined || item.content === undefined) continue
      const { decision, label, policy } = asked
      const deciding = decision.gates.at(-1)
      const isSimulated = deciding?.refusal?.code === "Simulated"
      if (decision.outcome !== "allow") {
        simulated += isSimulated ? 1 : 0
        left += isSimulated ? 0 : 1
        output.push(
          row(
            call.world,
            item,
            policy?.name,
            label.id,
            isSimulated ? "Simulated" : "Skipped",
            deciding?.refusal?.message ?? "",
          ),
        )
        continue
      }
      const done = yield* labelByService(call, {
        site,
        item,
        content: item.content,
        label: label.id,
      })
      events.push(...done.events)
      if (done.content === undefined) {
        left += 1
        output.push(
          row(
            call.world,
            item,
            policy?.name,
            label.id,
            "Skipped",
            done.decision.gates.at(-1)?.reason ?? "",
          ),
        )
        continue
      }
      labelled += 1
      audit.push(
        fileLine("FileSensitivityLabelApplied", site, item, {
          SensitivityLabelId: label.id,
          DestinationLabel: label.id,
          SourceLabel: item.content.labelId ?? "",
          ActionSource: 2,
          ActionSourceDetail: 2,
          AutoLabelPolicy: policy?.name ?? "",
        }),
      )
      output.push(row(call.world, item, policy?.name, label.id, "Labelled", ""))
    }
    const isOn = call.world.mip.labeling.policies.some(({ mode }) => mode === "Enable")
    if (labelled > 0) {
      const day = isoOf(call.now).slice(0, 10)
      events.push({ _tag: "FilesAutoLabelled", day, files: labelled, at: call.now })
    }
    events.push({
      _tag: "AutoLabelRunCompleted",
      at: call.now,
      ...(isOn ? { nextAt: call.now + hours(autoLabelHours) } : {}),
    })
    return {
      decision: decideByGates([run], { labelled, simulated, left }),
      events,
      audit,
      output,
    }
  }),
})

const row = (
  world: SpoWorld,
  item: DriveItem,
  policy: string | undefined,
  labelId: string,
  status: string,
  comment: string,
): OutputObject => {
  const label = labelOf(world, labelId)
  return {
    file: item.id,
    name: nameOf(item),
    policy: policy ?? null,
    label: label === undefined ? labelId : pathOf(world, label),
    status,
    comment,
  }
}

/** The moment at which the service looks through files by itself: the operation does the work. */
export const dueAutoLabeling = (world: SpoWorld, until: number): readonly Due<SpoEvent>[] => {
  const on = world.mip.labeling.policies.filter(
    ({ mode, sharePointLocation, oneDriveLocation }) =>
      mode === "Enable" && sharePointLocation.length + oneDriveLocation.length > 0,
  )
  const first = on.reduce<number | undefined>(
    (earliest, { changedAt }) => Math.min(earliest ?? changedAt, changedAt),
    undefined,
  )
  if (first === undefined) return []
  const at = labelledFilesOf(world).nextAutoLabelAt ?? first + hours(autoLabelHours)
  return at > until
    ? []
    : [
        {
          at,
          name: "run-auto-labeling",
          decision: decideByGates([run], { labelled: 0, simulated: 0, left: 0 }),
          events: [],
          operation: { name: "run-auto-labeling", params: {} },
        },
      ]
}
