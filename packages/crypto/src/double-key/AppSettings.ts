import { createPrivateKey, type KeyObject } from "node:crypto"
import { Effect, Option, Schema, SchemaIssue } from "effect"
import type { ParseError } from "jsonc-parser"
import { type KeyAuthorization, type KeyEntry } from "./KeyEntry.ts"

const texts = Schema.Array(Schema.String)

/** One entry of `TestKeys`, as it is written. */
const TestKey = Schema.Struct({
  Name: Schema.optionalKey(Schema.String),
  Id: Schema.optionalKey(Schema.String),
  AuthorizedRoles: Schema.optionalKey(texts),
  AuthorizedEmailAddress: Schema.optionalKey(texts),
  /** Base64 of the key, without the lines BEGIN and END. */
  PublicPem: Schema.optionalKey(Schema.String),
  /** The same, of the private key in PKCS#1 (CRY-160). */
  PrivatePem: Schema.optionalKey(Schema.String),
  CacheExpirationInDays: Schema.optionalKey(
    Schema.Int.check(Schema.isBetween({ minimum: -(2 ** 31), maximum: 2 ** 31 - 1 })),
  ),
})

/** What the key service reads of its settings file. Everything else in the file is other people's. */
const SettingsFile = Schema.Struct({
  AzureAd: Schema.optionalKey(
    Schema.Struct({
      Authority: Schema.optionalKey(Schema.String),
      TokenValidationParameters: Schema.optionalKey(
        Schema.Struct({ ValidIssuers: Schema.optionalKey(texts) }),
      ),
    }),
  ),
  JwtAudience: Schema.optionalKey(Schema.String),
  JwtAuthorization: Schema.optionalKey(Schema.String),
  RoleAuthorizer: Schema.optionalKey(
    Schema.Struct({ LDAPPath: Schema.optionalKey(Schema.String) }),
  ),
  TestKeys: Schema.optionalKey(Schema.Array(TestKey)),
})

/** What the published settings file says where nobody changed it (CRY-152, CRY-161). */
export const defaultSettings = {
  authority: "https://login.microsoftonline.com/common/v2.0",
  jwtAudience: "https://aadrm.com",
  jwtAuthorization: "https://login.windows.net/common/oauth2/authorize",
} as const

/** An entry with its key, as the text of the settings has it. */
export interface SettingsKey extends KeyEntry {
  readonly privatePem: string
}

/** The settings of a key service that can start. */
export interface AppSettings {
  readonly authority: string
  readonly jwtAudience: string
  readonly jwtAuthorization: string
  readonly validIssuers: readonly string[]
  readonly ldapPath: string
  readonly keys: readonly SettingsKey[]
}

/** One thing that keeps the service from starting. `line` and `column` count from 1. */
export interface SettingsIssue {
  readonly line: number
  readonly column: number
  /** Like `TestKeys.0.Id`; empty for the file as a whole. */
  readonly path: string
  /** The words of the service where it has some. Never a value of the file: it holds keys. */
  readonly message: string
}

/** The key service does not start with these settings. Every reason, in the order of the file. */
export class AppSettingsInvalid extends Schema.TaggedError<AppSettingsInvalid>()(
  "AppSettingsInvalid",
  {
    issues: Schema.NonEmptyArray(
      Schema.Struct({
        line: Schema.Int,
        column: Schema.Int,
        path: Schema.String,
        message: Schema.String,
      }),
    ),
  },
) {
  override get message(): string {
    return this.issues
      .map(({ line, column, path, message }) =>
        [`appsettings.json:${line}:${column}`, ...(path === "" ? [] : [path]), message].join(": "),
      )
      .join("\n")
  }
}

const toIssues = SchemaIssue.makeFormatterStandardSchemaV1()
const maxBytes = 1_048_576

interface Problem {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/**
 * Reads `appsettings.json`: JSON with comments, as the framework allows. All problems are listed at
 * their place, and nothing starts while there is one (CRY-157, CRY-158).
 */
export const readAppSettings = Effect.fn("readAppSettings")(function* (text: string) {
  if (Buffer.byteLength(text) > maxBytes) return yield* tooLarge
  const { findNodeAtLocation, getNodeValue, parseTree, printParseErrorCode } =
    yield* Effect.promise(() => import("jsonc-parser"))
  const source = text.startsWith("\uFEFF") ? text.slice(1) : text
  const syntax: ParseError[] = []
  const root = yield* Effect.try({
    try: () => parseTree(source, syntax, { allowTrailingComma: true, disallowComments: false }),
    // The parser goes down one level of its own for each of the file.
    catch: () => new AppSettingsInvalid({ issues: [tooDeep] }),
  })
  const issueAt = (offset: number, path: string, message: string): SettingsIssue => {
    const before = source.slice(0, offset)
    const lineStart = before.lastIndexOf("\n") + 1
    return { line: before.split("\n").length, column: offset - lineStart + 1, path, message }
  }
  const failed = (issues: readonly SettingsIssue[]) => {
    const [first = issueAt(0, "", "The file is empty"), ...rest] = issues
    return new AppSettingsInvalid({ issues: [first, ...rest] })
  }
  if (root === undefined || syntax.length > 0) {
    return yield* failed(syntax.map((it) => issueAt(it.offset, "", printParseErrorCode(it.error))))
  }
  const problemsAt = (problems: readonly Problem[]) =>
    failed(
      problems.map(({ path, message }) => {
        for (let length = path.length; length > 0; length--) {
          const node = findNodeAtLocation(root, path.slice(0, length))
          if (node !== undefined) return issueAt(node.offset, path.join("."), message)
        }
        return issueAt(root.offset, path.join("."), message)
      }),
    )
  const value: unknown = getNodeValue(root)
  const file = yield* Schema.decodeUnknownEffect(SettingsFile)(value, { errors: "all" }).pipe(
    Effect.mapError(({ issue }) => problemsAt(toIssues(issue).issues.map(problemOf))),
  )
  const { keys, problems } = keysOf(file)
  if (problems.length > 0) return yield* problemsAt(problems)
  return {
    authority: file.AzureAd?.Authority ?? defaultSettings.authority,
    jwtAudience: file.JwtAudience ?? defaultSettings.jwtAudience,
    jwtAuthorization: file.JwtAuthorization ?? defaultSettings.jwtAuthorization,
    validIssuers: file.AzureAd?.TokenValidationParameters?.ValidIssuers ?? [],
    ldapPath: file.RoleAuthorizer?.LDAPPath ?? "",
    keys,
  } satisfies AppSettings
})

const tooDeep: SettingsIssue = {
  line: 1,
  column: 1,
  path: "",
  message: "The file is nested too deeply",
}
const tooLarge = Effect.fail(
  new AppSettingsInvalid({
    issues: [{ line: 1, column: 1, path: "", message: "The file has more than 1 MiB" }],
  }),
)

/** The value stands in the formatter's words only where it is no text, so no key shows. */
const problemOf = (issue: {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}): Problem => ({
  path: (issue.path ?? []).map((it) => {
    const key = typeof it === "object" ? it.key : it
    return typeof key === "number" ? key : String(key)
  }),
  message: issue.message.replace(/, got [\s\S]*$/, ""),
})

/** The order and the words of the start-up checks are those of the service (CRY-157, CRY-158). */
const keysOf = ({ TestKeys }: typeof SettingsFile.Type) => {
  if (TestKeys === undefined || TestKeys.length === 0) {
    return { keys: [], problems: [{ path: [], message: "TestKeys section does not exist" }] }
  }
  const keys: SettingsKey[] = []
  const problems: Problem[] = []
  let authorization: KeyAuthorization | undefined
  TestKeys.forEach((entry, index) => {
    const refuse = (message: string, member?: string) => {
      const path = member === undefined ? ["TestKeys", index] : ["TestKeys", index, member]
      problems.push({ path, message })
    }
    // A list without a member does not exist for the framework, so it does not count.
    const { AuthorizedRoles: roles = [], AuthorizedEmailAddress: addresses = [] } = entry
    const { Name: name, Id: id, PublicPem, PrivatePem: privatePem, CacheExpirationInDays } = entry
    const hasBoth = roles.length > 0 && addresses.length > 0
    if (hasBoth) {
      refuse("Both role and email authorizers cannot be used on the same test key")
    } else if (roles.length > 0) authorization = { _tag: "Role", roles }
    else if (addresses.length > 0) {
      authorization = { _tag: "Email", addresses: addresses.map((it) => it.trim()) }
    }
    if (name === undefined) refuse("The key must have a name")
    if (id === undefined) refuse("The key must have an id")
    if (PublicPem === undefined) refuse("The key must have a publicPem")
    if (privatePem === undefined) refuse("The key must have a privatePem")
    if (authorization === undefined && !hasBoth)
      refuse("Value cannot be null. (Parameter 'keyAuth')")
    if (name === undefined || id === undefined || privatePem === undefined) return
    if (name === "") refuse("The key must have a name", "Name")
    if (id === "") refuse("The key must have an id", "Id")
    if (authorization === undefined || name === "" || id === "") return
    const cache =
      CacheExpirationInDays === undefined ? {} : { cacheExpirationInDays: CacheExpirationInDays }
    keys.push({ name, id, authorization, privatePem, ...cache })
  })
  return { keys, problems }
}

/**
 * The key of an entry; none where the text is no PKCS#1 key. The service finds out when the key is
 * first used, not when it starts (CRY-160).
 */
export const privateKeyOf = ({ privatePem }: SettingsKey): Option.Option<KeyObject> => {
  const bytes = Buffer.from(privatePem.replaceAll(/\s/g, ""), "base64")
  const key = Option.liftThrowable(() =>
    createPrivateKey({ key: bytes, format: "der", type: "pkcs1" }),
  )()
  // Node also takes PKCS#8 under this name; the framework does not.
  return Option.filter(key, (it) => {
    const isRsa = it.asymmetricKeyType === "rsa"
    return isRsa && it.export({ format: "der", type: "pkcs1" }).equals(bytes)
  })
}
