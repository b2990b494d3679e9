import { type Decision, decideByGates, deny, gate, pass } from "@twin/kernel"
import type { Access } from "../Elevation.ts"

/** One attempt to open a volume, as the gates look at it. */
export interface UnlockFacets {
  readonly isVolume: boolean
  readonly isResidue: boolean
  readonly hasResidue: boolean
  readonly protector: string
  readonly place: string
  /** The server's role has such a copy. */
  readonly hasCopy: boolean
  readonly reachedBy: "machine" | "elevation" | "two-people" | "at-hand"
  readonly access: Access
  /** People who released their part of the recovery agent's password within the hour. */
  readonly passwordParts: number
  readonly isPlaceAvailable: boolean
  readonly digits: "none" | "malformed" | "well-formed"
  /** The keys were really tried. */
  readonly hasOpened: boolean
}

export const volumeKnown = gate<Pick<UnlockFacets, "isVolume" | "isResidue" | "hasResidue">>()({
  name: "volume",
  facts: ["CRY-011", "CRY-015"],
  reads: ["isVolume", "isResidue", "hasResidue"],
  check: ({ isVolume, isResidue, hasResidue }) => {
    if (!isVolume) return deny("There is no such disk in the service.")
    return !isResidue || hasResidue
      ? pass("The disk is known, and its sectors are encrypted.")
      : deny(
          "Nothing of an earlier use of the disk can be opened: its keys were deleted with the format.",
        )
  },
})

const digitsWellFormed = gate<UnlockFacets>()({
  name: "numerical-password",
  facts: ["CRY-012"],
  reads: ["digits"],
  check: ({ digits }) =>
    digits === "malformed"
      ? deny(
          "A numerical password has eight groups of six digits, each divisible by eleven.",
          {},
          { code: "InvalidRecoveryPassword", message: "The recovery password is not valid." },
        )
      : pass("Nothing is wrong with the form of the password.", { digits }),
})

const protectorThere = gate<UnlockFacets>()({
  name: "key-protector",
  facts: ["CRY-012", "CRY-013"],
  reads: ["protector", "place", "hasCopy"],
  check: ({ protector, place, hasCopy }) =>
    hasCopy
      ? pass("Servers of this kind keep such a protector there.", { protector, place })
      : deny("Servers of this kind keep no such protector there.", { protector, place }),
})

const protectorReach = gate<UnlockFacets>()({
  name: "protector-reach",
  facts: ["CRY-012", "CRY-017"],
  reads: ["reachedBy", "access", "passwordParts"],
  check: ({ reachedBy, access, passwordParts }) => {
    if (reachedBy === "at-hand") return pass("The password is at hand already.")
    if (reachedBy === "machine") return pass("The machine asks its own copy at every start.")
    if (reachedBy === "two-people") {
      return passwordParts >= 2
        ? pass("Two people have each given their part of the password.", { passwordParts })
        : deny(
            "No single person knows the whole password of the recovery agent.",
            { passwordParts },
            {
              code: "PasswordIncomplete",
              message: "The private key cannot be opened with one part of its password.",
            },
          )
    }
    return access === "none"
      ? deny(
          "A recovery key is handed out under an approved elevation only.",
          { access },
          noElevation,
        )
      : pass("An approved elevation, or the service itself, reaches the recovery key.", { access })
  },
})

export const noElevation = {
  code: "ElevationRequired",
  message: "Access to the secret store requires an approved elevation.",
}

const placeAvailable = gate<UnlockFacets>()({
  name: "protector-store",
  facts: ["CRY-012", "CRY-016"],
  reads: ["place", "isPlaceAvailable"],
  check: ({ place, isPlaceAvailable }) =>
    isPlaceAvailable
      ? pass("The store of the protector answers.", { place })
      : deny("The store of the protector does not answer.", { place }),
})

const volumeKeys = gate<UnlockFacets>()({
  name: "volume-keys",
  facts: ["CRY-011", "CRY-014", "CRY-015"],
  reads: ["protector", "hasOpened"],
  check: ({ protector, hasOpened }) =>
    hasOpened
      ? pass("The protector unwraps the volume master key, and that one the key of the sectors.", {
          protector,
        })
      : deny(
          "The protector does not unwrap the volume master key: the sectors stay ciphertext.",
          { protector },
          {
            code: "FVE_E_FAILED_AUTHENTICATION",
            message: "The drive cannot be unlocked with the key provided.",
          },
        ),
})

/** What has to hold before any key is tried. */
export const evaluateUnlockAttempt = (facets: UnlockFacets): Decision =>
  decideByGates(
    [volumeKnown, digitsWellFormed, protectorThere, protectorReach, placeAvailable],
    facets,
  )

/** All gates, with the keys' own answer at the end. */
export const evaluateUnlock = (facets: UnlockFacets): Decision =>
  decideByGates(
    [volumeKnown, digitsWellFormed, protectorThere, protectorReach, placeAvailable, volumeKeys],
    facets,
  )

/** A look at a disk. */
export interface LookFacets {
  readonly isVolume: boolean
  readonly isResidue: boolean
  readonly hasResidue: boolean
  readonly view: "platter" | "files"
  readonly isLocked: boolean
  readonly hasOpened: boolean
}

const volumeOpen = gate<LookFacets>()({
  name: "volume-open",
  facts: ["CRY-005", "CRY-011", "CRY-014"],
  reads: ["view", "isLocked", "hasOpened"],
  check: ({ view, isLocked, hasOpened }) => {
    if (hasOpened) {
      return pass(
        "The volume is open on this machine: what the service wrote can be read, as ciphertext of the service.",
      )
    }
    return view === "platter"
      ? deny("The platter holds nothing but encrypted sectors.", { view })
      : deny("The volume is locked: without a protector there are only encrypted sectors.", {
          isLocked,
        })
  },
})

export const evaluateLook = (facets: LookFacets): Decision =>
  decideByGates([volumeKnown, volumeOpen], facets)
