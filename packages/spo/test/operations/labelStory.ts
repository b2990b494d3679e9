import { labelOf } from "@twin/mip"
import { Effect } from "effect"
import { itemOf } from "../../src/index.ts"
import { actorOf, guest, launch, makeLab } from "../world.ts"

export const card = "Visa 4111 1111 1111 1111 12/27"
export const nina = "nina@fabrikam.com"
export const desktop = { app: "office-desktop" } as const
export const web = { app: "office-web" } as const

export const story = Effect.gen(function* () {
  const lab = yield* makeLab({ events: [guest(nina)] })
  yield* lab.tenant({ EnableAIPIntegration: true })
  yield* lab.does("judy", "New-Label", {
    Name: "Secret",
    DisplayName: "Secret",
    Tooltip: "For Alice",
    EncryptionEnabled: true,
    EncryptionProtectionType: "Template",
    EncryptionRightsDefinitions: "alice@contoso.com:VIEW,EDIT,DOCEDIT,EXPORT",
  })
  const [policy] = (yield* lab.world).mip.policies
  yield* lab.does("judy", "Set-LabelPolicy", { Identity: policy?.name, AddLabels: ["Secret"] })
  const upload = (file: string, more: object = {}) =>
    lab.does("alice", "upload-file", { site: launch, file, content: card, ...more })
  const content = (file: string) => Effect.map(lab.world, (world) => itemOf(world, file)?.content)
  const labelName = (file: string) =>
    Effect.gen(function* () {
      const world = yield* lab.world
      const id = itemOf(world, file)?.content?.labelId
      return id === undefined ? undefined : labelOf(world, id)?.name
    })
  /** The same person's app, which signs in for itself. */
  const asApp = (who: string, operation: string, params: object) =>
    Effect.gen(function* () {
      const person = actorOf(yield* lab.world, who, yield* lab.now)
      const app = { ...person, kind: "service-account" as const }
      return yield* Effect.orDie(lab.simulation.call(app, operation, params))
    })
  return { ...lab, upload, content, labelName, asApp }
})
