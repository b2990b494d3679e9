import { decideByGates, deny, gate, pass } from "@twin/kernel"
import { Schema } from "effect"
import { evaluateDoubleKeyClient } from "../decisions/evaluateDoubleKeyClient.ts"
import {
  isDoubleKeySwitchSet,
  opaqueWork,
  registryPaths,
  withoutSecondKey,
} from "../double-key/clientSupport.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"

const registryWritable = gate<{ readonly isKnown: boolean }>()({
  name: "registry-value",
  facts: ["CRY-164"],
  reads: ["isKnown"],
  check: ({ isKnown }) =>
    isKnown
      ? pass("The device takes the value.")
      : deny("Only the two places of the switch for a second key are modelled."),
})

const setClientRegistry = cryptoOperation({
  name: "set-client-registry",
  summary: "Sets the switch for a second key in the registry of somebody's device, or deletes it.",
  params: Schema.Struct({
    person: text("Address of whose device it is"),
    path: text("Path of the value, with its name"),
    value: Schema.optionalKey(Schema.Int.annotate({ description: "dword; deleted unless given" })),
  }),
  roles: ["Global Administrator", "Compliance Administrator"],
  facts: ["CRY-164"],
  decide: ({ now: at }, { person, path, value }) => {
    const isKnown = registryPaths.some((it) => it.toLowerCase() === path.toLowerCase())
    const decision = decideByGates([registryWritable], { isKnown })
    if (decision.outcome !== "allow") return { decision }
    const holder = person.toLowerCase()
    const set = value === undefined ? {} : { value }
    return { decision, events: [{ _tag: "ClientRegistrySet", holder, path, ...set, at }] }
  },
})

const checkDoubleKeyClient = cryptoOperation({
  name: "check-double-key-client",
  summary: "Says whether a client can work with a second key: licence, network, program, registry.",
  params: Schema.Struct({
    app: Schema.Literals(["Word", "Excel", "PowerPoint", "Outlook", "MIP SDK"]),
    platform: Schema.optionalKey(Schema.Literals(["Windows", "Mac", "Web", "Mobile"])),
    sdkVersion: Schema.optionalKey(Schema.String),
    labeling: Schema.optionalKey(Schema.Literals(["built-in", "unified-labeling-client", "none"])),
    needsRegistry: Schema.optionalKey(Schema.Boolean),
    licence: Schema.optionalKey(Schema.String),
    isAzureReachable: Schema.optionalKey(Schema.Boolean),
  }),
  facts: ["CRY-164", "CRY-165", "CRY-170"],
  isReadOnly: true,
  decide: ({ world, actor, now }, params) => {
    const facets = {
      platform: "Windows",
      sdkVersion: "",
      labeling: "built-in",
      needsRegistry: false,
      licence: "Microsoft 365 E5",
      isAzureReachable: true,
      ...params,
      isSwitchSet: isDoubleKeySwitchSet(world, actor.id),
      now,
    } as const
    return { decision: evaluateDoubleKeyClient(facets) }
  },
})

const opaque = gate<{ readonly work: string; readonly needsContent: boolean }>()({
  name: "second-key-for-service",
  facts: ["CRY-166", "CRY-169"],
  reads: ["work", "needsContent"],
  check: ({ work, needsContent }) =>
    needsContent
      ? deny("The service would have to read the content, and it has no second key.", { work })
      : pass("The service handles the bytes without reading them.", { work }),
})

const serviceWorkOnDoubleKey = cryptoOperation({
  name: "check-service-work-on-double-key",
  summary: "Says whether a service of the cloud can do its work on doubly protected content.",
  params: Schema.Struct({ work: Schema.Literals([...withoutSecondKey, ...opaqueWork]) }),
  facts: ["CRY-166"],
  isReadOnly: true,
  decide: (_, { work }) => ({
    decision: decideByGates([opaque], {
      work,
      needsContent: withoutSecondKey.some((it) => it === work),
    }),
  }),
})

/** What clients and services can do with a second key. */
export const doubleKeyClientOperations = [
  setClientRegistry,
  checkDoubleKeyClient,
  serviceWorkOnDoubleKey,
]
