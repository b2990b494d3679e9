import { Flag, GlobalFlag } from "effect/cli"

export const seedFlag = Flag.String("seed").pipe(
  Flag.withDescription("Seed of people, ids and codes: the same seed gives the same play"),
  Flag.withDefault("1"),
)

export const jsonFlag = (what: string) =>
  Flag.Boolean("json").pipe(Flag.withDescription(`Print ${what} as JSON`), Flag.withDefault(false))

/** Read by `main` before anything else; it stands here so that every help shows it. */
export const debugFlag = GlobalFlag.Setting("debug")({
  flag: Flag.Boolean("debug").pipe(
    Flag.withDescription("Show where it happened when something goes wrong inside"),
    Flag.withDefault(false),
  ),
})
