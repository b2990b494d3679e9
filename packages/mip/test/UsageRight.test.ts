import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import {
  allRights,
  commonNameOf,
  doNotForwardAttachmentRights,
  doNotForwardRights,
  encryptOnlyRights,
  includesRight,
  levelOf,
  normalRights,
  PermissionLevel,
  rightOf,
  rightsOfLevel,
  UsageRight,
} from "../src/index.ts"

/** MIP-058 to MIP-061 as a table. Only this test reads it. */
const documented = {
  Viewer: ["VIEW", "VIEWRIGHTSDATA", "OBJMODEL"],
  "Restricted Editor": [
    "VIEW",
    "EDIT",
    "DOCEDIT",
    "VIEWRIGHTSDATA",
    "REPLY",
    "REPLYALL",
    "FORWARD",
    "OBJMODEL",
  ],
  Editor: [
    "VIEW",
    "EDIT",
    "DOCEDIT",
    "EXTRACT",
    "VIEWRIGHTSDATA",
    "OBJMODEL",
    "PRINT",
    "REPLY",
    "REPLYALL",
    "FORWARD",
  ],
} as const

describe("usage rights", () => {
  it("[MIP-052] there are fourteen, each with a common name, and case does not count", () => {
    assert.strictEqual(allRights.length, 14)
    for (const right of allRights) {
      assert.strictEqual(rightOf(` ${right.toLowerCase()} `), right)
      assert.isNotEmpty(commonNameOf[right])
    }
    assert.strictEqual(rightOf("docEdit"), "DOCEDIT")
    assert.isUndefined(rightOf("READ"))
    assert.isUndefined(rightOf(""))
  })

  it.prop(
    "[MIP-057] Full Control covers every right, and nothing else covers a right it is not",
    { held: Schema.Array(UsageRight), wanted: UsageRight },
    ({ held, wanted }) => {
      const rights = normalRights(held)
      const expected = held.includes("OWNER") || held.includes(wanted)
      assert.strictEqual(includesRight(rights, wanted), expected)
      assert.strictEqual(rights.includes(wanted), expected)
      assert.deepStrictEqual(normalRights(rights), rights)
    },
  )
})

describe("permission levels", () => {
  it.prop(
    "[MIP-058] [MIP-059] [MIP-060] the portal's levels are those of the documented table",
    { level: Schema.Literals(["Viewer", "Restricted Editor", "Editor"]) },
    ({ level }) => {
      assert.deepStrictEqual(
        [...rightsOfLevel(level)].toSorted(),
        [...documented[level]].toSorted(),
      )
    },
  )

  it("[MIP-061] Owner has every right there is", () => {
    assert.deepStrictEqual(rightsOfLevel("Owner"), allRights)
  })

  it("[MIP-060] an Editor made by a label cannot take the protection off, a classic one can", () => {
    assert.isFalse(includesRight(rightsOfLevel("Editor"), "EXPORT"))
    assert.isTrue(includesRight(rightsOfLevel("Editor", "classic"), "EXPORT"))
  })

  it("[MIP-058] a Viewer may reply only where a classic client chose the level", () => {
    assert.isFalse(includesRight(rightsOfLevel("Viewer"), "REPLY"))
    assert.isTrue(includesRight(rightsOfLevel("Viewer", "classic"), "REPLY"))
  })

  it("[MIP-063] the sharing application of 2016 had narrower and wider levels", () => {
    assert.deepStrictEqual(rightsOfLevel("Viewer", "legacy"), ["VIEW", "REPLY", "REPLYALL"])
    assert.deepStrictEqual(rightsOfLevel("Restricted Editor", "legacy"), [
      "VIEW",
      "DOCEDIT",
      "EDIT",
    ])
    assert.isTrue(includesRight(rightsOfLevel("Editor", "legacy"), "EXPORT"))
    assert.isTrue(includesRight(rightsOfLevel("Owner", "legacy"), "OWNER"))
  })

  it("[MIP-062] old names mean the same levels; a name nobody knows means none", () => {
    assert.strictEqual(levelOf("Reviewer"), "Restricted Editor")
    assert.strictEqual(levelOf("Co-Author"), "Editor")
    assert.strictEqual(levelOf("CoOwner"), "Owner")
    for (const level of PermissionLevel.literals) assert.strictEqual(levelOf(level), level)
    assert.isUndefined(levelOf("Administrator"))
    assert.isUndefined(levelOf("__proto__"))
  })
})

describe("options for mail", () => {
  it("[MIP-159] [MIP-162] Do Not Forward withholds forwarding, printing, copying and saving", () => {
    for (const denied of ["FORWARD", "PRINT", "EXTRACT", "EXPORT", "OWNER"] as const) {
      assert.isFalse(includesRight(doNotForwardRights, denied), denied)
    }
    assert.isTrue(includesRight(doNotForwardRights, "REPLYALL"))
  })

  it("[MIP-161] its Office attachments carry exactly four rights", () => {
    assert.deepStrictEqual([...doNotForwardAttachmentRights].toSorted(), [
      "DOCEDIT",
      "EDIT",
      "OBJMODEL",
      "VIEW",
    ])
  })

  it("[MIP-163] Encrypt-Only grants everything but saving unprotected and full control", () => {
    assert.deepStrictEqual(allRights.filter((it) => !encryptOnlyRights.includes(it)).toSorted(), [
      "EXPORT",
      "OWNER",
    ])
  })
})
