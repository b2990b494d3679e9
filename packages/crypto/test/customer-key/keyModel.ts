import { Schema } from "effect"

/** Whose permission counts for which content. */
export const principals = {
  mail: "Exchange",
  bob: "M365DataAtRestEncryption",
  file: "SharePoint",
} as const
export type Place = keyof typeof principals

const vault = Schema.Literals([0, 1])
const placeName = Schema.Literals(["mail", "bob", "file"])

/** What can happen to keys, permissions and policies. */
export const Step = Schema.Union([
  Schema.Struct({ act: Schema.Literals(["disable", "enable"]), vault }),
  Schema.Struct({ act: Schema.Literals(["delete", "recover", "purge"]), vault }),
  Schema.Struct({ act: Schema.Literals(["expire", "version"]), vault }),
  Schema.Struct({ act: Schema.Literals(["vault-delete", "vault-recover"]), vault }),
  Schema.Struct({ act: Schema.Literals(["revoke", "grant"]), vault, place: placeName }),
  Schema.Struct({ act: Schema.Literals(["timeout", "refuse", "answer"]), vault }),
  Schema.Struct({ act: Schema.Literals(["revoke-both", "grant-both"]), place: placeName }),
  Schema.Struct({ act: Schema.Literals(["refresh", "roll-availability"]), place: placeName }),
  Schema.Struct({ act: Schema.Literals(["assign", "unassign", "purge-data", "offboard"]) }),
  Schema.Struct({ act: Schema.Literals(["wait"]), hours: Schema.Literals([1, 12, 30]) }),
])
export type Step = typeof Step.Type

type Answer = "yes" | "refused" | "silent"

interface VaultModel {
  isDeleted: boolean
  /** `alive`, `deleted`, or `purged` for ever. */
  key: "alive" | "deleted" | "purged"
  /** Versions that are switched off. */
  readonly disabled: Set<number>
  newest: number
  trouble: "none" | "timeout" | "refuse"
  readonly permitted: Set<Place>
}

interface PlaceModel {
  /** Versions that the policy uses, one for each vault; undefined: Microsoft's keys. */
  roots: readonly [number, number] | undefined
  /** Purged while Alice's mailbox was under it. */
  isPurged: boolean
  /** For files: since when no key has answered. */
  silentSince: number | undefined
}

/** How long SharePoint lives on what it remembers. */
const cacheHours = 24

/** A second opinion on who can read, as simple as it can be: no gates, no hierarchy, no bytes. */
export class KeyModel {
  hours = 0
  readonly vaults: readonly [VaultModel, VaultModel] = [newVault(), newVault()]
  /** Under which policy Alice's mailbox is: her own or, without one, the tenant's. */
  aliceUnder: "mail" | "bob" = "mail"
  readonly places: Readonly<Record<Place, PlaceModel>> = {
    mail: newPlace(),
    bob: newPlace(),
    file: newPlace(),
  }

  private answer(at: 0 | 1, place: Place, version: number): Answer {
    const it = this.vaults[at]
    if (it.isDeleted) return "refused"
    if (it.trouble === "timeout") return "silent"
    const isFit = it.permitted.has(place) && it.key === "alive" && !it.disabled.has(version)
    return isFit && it.trouble === "none" ? "yes" : "refused"
  }

  answers(place: Place): readonly Answer[] {
    const { roots } = this.places[place]
    return roots === undefined
      ? []
      : [this.answer(0, place, roots[0]), this.answer(1, place, roots[1])]
  }

  /** To be called whenever something has happened: it remembers since when nothing answers. */
  look(): void {
    const file = this.places.file
    if (this.answers("file").includes("yes")) file.silentSince = undefined
    else file.silentSince ??= this.hours
  }

  /** What is purged with its policy is lost for ever, wherever the mailbox goes. */
  readsAlice(origin: "User" | "System"): boolean {
    return !this.places.mail.isPurged && this.reads(this.aliceUnder, origin)
  }

  reads(place: Place, origin: "User" | "System"): boolean {
    const { roots, silentSince } = this.places[place]
    if (roots === undefined) return true
    const answers = this.answers(place)
    if (answers.includes("yes")) return true
    if (place === "file") return silentSince !== undefined && this.hours < silentSince + cacheHours
    return origin === "System" || answers.every((it) => it === "silent")
  }
}

const newVault = (): VaultModel => ({
  isDeleted: false,
  key: "alive",
  disabled: new Set(),
  newest: 0,
  trouble: "none",
  permitted: new Set(["mail", "bob", "file"]),
})
const newPlace = (): PlaceModel => ({ roots: [0, 0], isPurged: false, silentSince: undefined })
