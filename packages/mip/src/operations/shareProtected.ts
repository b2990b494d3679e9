import { andThen, type Call, type Client, type OutgoingMail, operation } from "@twin/kernel"
import { DateTime, Effect, Option, Schema } from "effect"
import { formatOf } from "../ContentFormat.ts"
import { protectContent } from "../content/protectContent.ts"
import { canonicalAddress } from "../identityClass.ts"
import type { LocalDocument } from "../LocalDocument.ts"
import { type CustomProtection, userDefined } from "../Protection.ts"
import { protectedName } from "../protectedName.ts"
import type { MipWorld } from "../State.ts"
import { evaluateShareProtected } from "../sharing-application/evaluateShareProtected.ts"
import { pdfRendition } from "../sharing-application/pdfRendition.ts"
import { levelOf, rightsOfLevel } from "../UsageRight.ts"
import { bytesOf, type FileEffect, file, fileOf, writeBytes } from "./file.ts"

/** The levels of the dialog, by the names on its slider (MIP-267). */
const dialogLevels = {
  Viewer: "View Only",
  Reviewer: "View and Edit",
  "Co-Author": "View, Edit, Copy, and Print",
  "Co-Owner": "All Permissions",
} as const

const params = Schema.Struct({
  file,
  users: Schema.NonEmptyArray(Schema.NonEmptyString).annotate({
    description: "Work addresses of the recipients",
  }),
  level: Schema.optionalKey(
    Schema.Literals(["Viewer", "Reviewer", "Co-Author", "Co-Owner"]).annotate({
      description: "Access level on the slider; not for types without native support",
    }),
  ),
  template: Schema.optionalKey(
    Schema.NonEmptyString.annotate({ description: "A company template instead of a level" }),
  ),
  expiresOn: Schema.optionalKey(
    Schema.String.check(Schema.isPattern(/^\d{4}-\d{2}-\d{2}$/)).annotate({
      description: "Last day on which others can open it, ISO",
    }),
  ),
  timeZone: Schema.optionalKey(
    Schema.NonEmptyString.check(
      Schema.makeFilter((zone) => Option.isSome(DateTime.zoneMakeNamed(zone)), {
        description: "a time zone such as Europe/Berlin",
      }),
    ).annotate({ description: "Where the sender's midnight is; UTC if absent" }),
  ),
  emailMe: Schema.optionalKey(
    Schema.Boolean.annotate({ description: "A mail whenever somebody tries to open it" }),
  ),
  allowInstantRevoke: Schema.optionalKey(
    Schema.Boolean.annotate({ description: "Every opening asks the service: nothing offline" }),
  ),
  mailTo: Schema.optionalKey(
    Schema.NonEmptyArray(Schema.NonEmptyString).annotate({
      description: "Recipients as edited in Outlook afterwards; who may open stays as it is",
    }),
  ),
})
type Params = typeof params.Type

/** The midnight that ends a day, where the sender is (MIP-269). */
const endOf = (day: string, timeZone = "UTC"): number => {
  const start = DateTime.makeZonedUnsafe(`${day}T00:00:00`, {
    timeZone,
    adjustForTimeZone: true,
  })
  return DateTime.add(start, { days: 1 }).epochMilliseconds
}

/** Permissions from what the dialog holds; undefined where a template says everything. */
const protectionOf = (given: Params): CustomProtection | undefined => {
  const { users, level, template, expiresOn, timeZone, allowInstantRevoke = false } = given
  if (template !== undefined) return undefined
  // Without a level the type is protected generically: whoever is let in holds everything.
  const rights = rightsOfLevel(levelOf(level ?? "Co-Owner") ?? "Owner", "legacy")
  return userDefined(
    users.map((who) => ({ who, rights })),
    {
      ...(expiresOn === undefined ? {} : { contentExpiresAt: endOf(expiresOn, timeZone) }),
      ...(allowInstantRevoke ? { offlineAccessDays: 0 } : {}),
    },
  )
}

/** The dialog behind Share Protected: a protected copy, and a message that carries it (MIP-267). */
export const shareProtected = operation({
  name: "share-protected",
  summary:
    "Protects a copy of a file for named people and sends it: Share Protected on the ribbon.",
  params,
  facts: ["MIP-267", "MIP-268", "MIP-269", "MIP-270", "MIP-271", "MIP-272", "MIP-273"],
  decide: (call: Call<MipWorld>, given): FileEffect => share(call, given),
})

const share = Effect.fnUntraced(function* (call: Call<MipWorld>, given: Params) {
  const { world, actor, now } = call
  const original = fileOf(call, given.file)
  const dialog = evaluateShareProtected({
    world,
    address: actor.id,
    now,
    recipients: given.users,
    file: original?.name,
    ...(given.level === undefined ? {} : { level: given.level }),
    ...(given.template === undefined ? {} : { template: given.template }),
    ...(given.expiresOn === undefined ? {} : { expiresOn: given.expiresOn }),
  })
  const bytes = original === undefined ? undefined : yield* bytesOf(original)
  if (dialog.outcome !== "allow" || original === undefined || bytes === undefined) {
    return { decision: dialog }
  }
  const custom = protectionOf(given)
  const wish = {
    form: "document" as const,
    client: clientFor(call, original.name),
    ...(given.template === undefined ? {} : { template: given.template }),
    ...(custom === undefined ? {} : { custom }),
  }
  const copy = yield* protectContent(call, { ...wish, content: bytes, name: original.name })
  const decision = andThen(dialog, () => copy.decision)
  const { contentId } = copy
  if (decision.outcome !== "allow" || copy.bytes === undefined || contentId === undefined) {
    return { decision, events: copy.events }
  }
  const saved = [yield* savedCopy(call, protectedName(original.name), copy.bytes, contentId)]
  if (formatOf(original.name) === "office") {
    const name = original.name.replace(/\.[^.]+$/, ".ppdf")
    const pdf = yield* pdfRendition({ name: original.name, bytes, now })
    const readOnly = yield* protectContent(call, { ...wish, content: pdf, name, contentId })
    if (readOnly.bytes !== undefined) {
      saved.push(yield* savedCopy(call, name, readOnly.bytes, contentId))
    }
  }
  const by = canonicalAddress(world, actor.id)
  const shared = { contentId, by, name: original.name, isNotified: given.emailMe === true }
  return {
    decision,
    events: [
      ...copy.events,
      ...saved.map((document) => ({ _tag: "LocalDocumentSaved" as const, document })),
      { _tag: "ContentShared" as const, shared, at: now },
    ],
    mail: mailsOf(by, given, saved),
    output: saved.map(({ id, name }) => ({
      id,
      file: name,
      content: contentId,
      level: given.level === undefined ? null : `${given.level} - ${dialogLevels[given.level]}`,
    })),
  }
})

/** Office protects its own files; in Explorer the application protects all the others (MIP-267). */
const clientFor = ({ actor }: Call<MipWorld>, name: string): Client =>
  formatOf(name) === "office" ? actor.client : { ...actor.client, app: "pdf-reader" }

const savedCopy = Effect.fnUntraced(function* (
  call: Call<MipWorld>,
  name: string,
  bytes: Uint8Array,
  contentId: string,
) {
  const id = call.draw.guid(`shared ${name}`)
  const document: LocalDocument = {
    id,
    name,
    savedBy: call.actor.id,
    savedAt: call.now,
    blobId: `document/${id}`,
    contentId,
  }
  yield* writeBytes({ document, bytes })
  return document
})

const mailsOf = (
  from: string,
  { users, mailTo }: Params,
  saved: readonly LocalDocument[],
): readonly OutgoingMail[] =>
  (mailTo ?? users).map((to) => ({
    kind: "message",
    from,
    to: to.toLowerCase(),
    subject: `I have securely shared ${saved[0]?.name ?? "a file"} with you`,
    text: `${saved.map(({ name }) => name).join(", ")}\nOpen the file with Office or with the viewer, and sign in with your work account.`,
    attachments: saved.map(({ blobId }) => blobId),
  }))
