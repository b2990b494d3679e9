import { Schema } from "effect"

/** A user of the local directory, as far as the key service looks it up (CRY-156). */
export const DirectoryUser = Schema.Struct({
  objectSid: Schema.NonEmptyString,
  /** Distinguished names of the groups that the user is a direct member of. */
  memberOf: Schema.Array(Schema.String),
})
export type DirectoryUser = typeof DirectoryUser.Type

/** The local directories that answer, by LDAP path. A path that is not here does not answer. */
export type Directories = Readonly<Record<string, readonly DirectoryUser[]>>

/**
 * The common name that a distinguished name contains: from the first `CN=` to the next comma that no
 * backslash escapes. Empty where there is none (CRY-156).
 */
export const commonNameOf = (distinguishedName: string): string => {
  const start = distinguishedName.indexOf("CN=")
  if (start === -1) return ""
  let name = ""
  for (let index = start + 3; index < distinguishedName.length; index++) {
    const isEscapedComma = distinguishedName.startsWith("\\,", index)
    if (isEscapedComma) index += 1
    else if (distinguishedName[index] === ",") break
    name += distinguishedName[index]
  }
  return name
}
