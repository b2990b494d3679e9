import { type Client, type Decision, decidingGate, type KernelEvent } from "@twin/kernel"
import {
  evaluateOpenContent,
  type Grant,
  type MipEvent,
  type MipWorld,
  type OpenRequest,
  type Protection,
  type RmsServiceChanges,
} from "../src/index.ts"
import { baseline, client, evolveAll, start } from "./world.ts"

export const contentId = "c0c0c0c0-0000-4000-8000-000000000001"

/** A protection as the service would have noted it: alice's offer, under the label Confidential. */
export const protection = (more: Partial<Protection> = {}): Protection => ({
  contentId,
  name: "offer.docx",
  form: "document",
  kind: "template",
  issuer: "alice@contoso.com",
  owner: "alice@contoso.com",
  issuedAt: start,
  grants: [],
  ...more,
})

/** Rights chosen by a person, frozen in the content. */
export const adHoc = (grants: readonly Grant[], more: Partial<Protection> = {}): Protection =>
  protection({ kind: "user-defined", grants, ...more })

/** The world in which this content has been protected. */
export const withContent = (it: Protection, from: MipWorld = baseline): MipWorld =>
  evolveAll(from, [{ _tag: "ContentProtected", protection: it }])

/** One question: who opens the content, with what, when. */
export const asks = (
  world: MipWorld,
  address: string,
  more: Partial<Omit<OpenRequest, "world" | "address" | "client">> & {
    readonly app?: Client["app"]
  } = {},
): Decision => {
  const { app = "office-desktop", ...rest } = more
  return evaluateOpenContent({
    world,
    address,
    contentId,
    client: client(app),
    now: start,
    ...rest,
  })
}

/** Outcome and deciding gate, the two things a test is about. */
export const verdict = (decision: Decision): string =>
  `${decision.outcome} by ${decidingGate(decision).name}`

export const setService = (changes: RmsServiceChanges, at = start): MipEvent => ({
  _tag: "RmsServiceConfigured",
  changes,
  line: { at, admin: "ivan@contoso.com", command: "Test", parameters: "", hasPassed: true },
})

export const fault = (name: string, isOn = true): KernelEvent => ({
  _tag: "FaultSwitched",
  fault: name,
  isOn,
  at: start,
})
