/** A content cipher of S/MIME (CRY-206). */
export interface SmimeCipher {
  /** Identifier as `Set-SmimeConfig` takes it, upper case. */
  readonly id: string
  readonly name: "AES256" | "AES192" | "AES128" | "3DES" | "RC2" | "DES"
  readonly keyBits: number
}

export interface SmimeHash {
  readonly id: string
  readonly name: "SHA1" | "SHA256" | "SHA384" | "SHA512" | "MD5"
}

/** CRY-206. RC2 alone comes in several lengths. */
export const smimeCiphers: readonly SmimeCipher[] = [
  { id: "6610", name: "AES256", keyBits: 256 },
  { id: "660F", name: "AES192", keyBits: 192 },
  { id: "660E", name: "AES128", keyBits: 128 },
  { id: "6603", name: "3DES", keyBits: 168 },
  { id: "6602", name: "RC2", keyBits: 128 },
  { id: "6601", name: "DES", keyBits: 56 },
]
export const rc2KeyBits: readonly number[] = [40, 56, 64, 128]

/** CRY-206. */
export const smimeHashes: readonly SmimeHash[] = [
  { id: "8004", name: "SHA1" },
  { id: "800C", name: "SHA256" },
  { id: "800D", name: "SHA384" },
  { id: "800E", name: "SHA512" },
  { id: "8003", name: "MD5" },
]

/** What counts where the setting is malformed (CRY-206). */
export const defaultCipher: SmimeCipher = { id: "6610", name: "AES256", keyBits: 256 }
export const defaultHash: SmimeHash = { id: "8004", name: "SHA1" }

/** What stands in a setting, in the order of preference; `isWellFormed` false: the default counts. */
export interface Preferences<A> {
  readonly choices: readonly [A, ...A[]]
  readonly isWellFormed: boolean
}

const entry = /^([0-9A-F]{4})(?::(\d{1,3}))?(?:,(\d+(?:\.\d+)+))?$/i
const settingLimit = 1024

const parse = <A>(
  setting: string,
  fallback: A,
  read: (id: string, keyBits: number | undefined) => A | undefined,
): Preferences<A> => {
  const parts = setting.length > settingLimit ? [] : setting.split(";").map((it) => it.trim())
  const found = parts.map((part) => {
    const [, id, bits] = entry.exec(part) ?? []
    return id === undefined
      ? undefined
      : read(id.toUpperCase(), bits === undefined ? undefined : Number(bits))
  })
  const [first, ...rest] = found.flatMap((it) => (it === undefined ? [] : [it]))
  const isWellFormed = first !== undefined && rest.length === found.length - 1
  return isWellFormed
    ? { choices: [first, ...rest], isWellFormed }
    : { choices: [fallback], isWellFormed: false }
}

/** `6603;6602:128;6601`: ids joined by semicolons, a key length for RC2 only, an OID after a comma. */
export const encryptionPreferences = (setting: string): Preferences<SmimeCipher> =>
  parse(setting, defaultCipher, (id, keyBits) => {
    const cipher = smimeCiphers.find((it) => it.id === id)
    if (cipher === undefined || keyBits === undefined) return cipher
    return cipher.name === "RC2" && rc2KeyBits.includes(keyBits)
      ? { ...cipher, keyBits }
      : undefined
  })

/** `800E;8004`: the lengths that the cmdlet admits say nothing beyond the id. */
export const signingPreferences = (setting: string): Preferences<SmimeHash> =>
  parse(setting, defaultHash, (id) => smimeHashes.find((it) => it.id === id))
